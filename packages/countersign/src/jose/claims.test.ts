import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { type ClockOptions, clockSkew, clockTolerance } from '../metadata/clock.ts'
import type { CheckEvent } from '../rules/trace.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonObject, JsonValue } from '../values/json.ts'
import * as claims from './claims.ts'
import type { Jwt } from './jwt.ts'

const NOW = 1_700_000_000
const VALID: JsonObject = { iss: 'https://op.example.com', aud: 'shop', iat: NOW, nbf: NOW, exp: NOW + 60 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

function jwtWith(changes: Record<string, JsonValue | undefined>): Jwt {
  return { header: { alg: 'RS256' }, claims: { ...VALID, ...changes }, token: '', signingInput: '', signature: '' }
}

/** Checks valid claims with one change. */
function checking(changes: Record<string, JsonValue | undefined>, clock: ClockOptions = {}): () => void {
  return () => claims.checkRegisteredClaims({ trace: undefined }, jwtWith(changes), clock)
}

describe('checkRegisteredClaims', () => {
  it('accepts valid claims', async () => {
    expect(await rejectionOf(checking({}))).toBeUndefined()
  })

  it.each(['iss', 'aud', 'iat', 'nbf', 'exp'])(
    'accepts the absence of %s: whether it must be there, others say',
    async (name) => {
      expect(await rejectionOf(checking({ [name]: undefined }))).toBeUndefined()
    },
  )

  it.each([`${NOW + 60}`, [NOW + 60]])('refuses an exp of %j (RFC 7519 section 4.1.4)', async (exp) => {
    await refuses(claims.JWT_EXPIRES, checking({ exp }))
  })

  it.each([null, true])('refuses an exp of %j, which would be past too (RFC 7519 section 4.1.4)', async (exp) => {
    await refuses(claims.JWT_EXPIRES, checking({ exp }), claims.JWT_NOT_EXPIRED)
  })

  it.each([NOW - 30, NOW - 31, 0, -1])('refuses an exp of %d at 1700000000 (RFC 7519 section 4.1.4)', async (exp) => {
    const error = await refuses(claims.JWT_NOT_EXPIRED, checking({ exp }))
    const expected = `after ${NOW - 30} (now ${NOW}, tolerance 30)`
    expect(error).toMatchObject({ expected, actual: exp })
    expect(error.cause).toMatchObject({ claim: 'exp' })
  })

  it.each([NOW - 29, NOW - 29.5, NOW])('accepts an exp of %d at 1700000000, within the tolerance', async (exp) => {
    expect(await rejectionOf(checking({ exp }))).toBeUndefined()
  })

  it('takes no tolerance of 0 for none: an exp of now is past (RFC 7519 section 4.1.4)', async () => {
    await refuses(claims.JWT_NOT_EXPIRED, checking({ exp: NOW }, { [clockTolerance]: 0 }))
    expect(await rejectionOf(checking({ exp: NOW + 1 }, { [clockTolerance]: 0 }))).toBeUndefined()
  })

  it('moves the clock by the party’s skew', async () => {
    await refuses(claims.JWT_NOT_EXPIRED, checking({ exp: NOW }, { [clockSkew]: 30 }))
    expect(await rejectionOf(checking({ exp: NOW }, { [clockSkew]: 29 }))).toBeUndefined()
    expect(await rejectionOf(checking({ exp: NOW - 60, nbf: 0 }, { [clockSkew]: -60 }))).toBeUndefined()
  })

  it.each([`${NOW}`, [NOW], null, {}])('refuses an iat of %j (RFC 7519 section 4.1.6)', async (iat) => {
    await refuses(claims.JWT_ISSUED_AT, checking({ iat }))
  })

  it.each([5, ['https://op.example.com'], null, {}])('refuses an iss of %j (RFC 7519 section 4.1.1)', async (iss) => {
    await refuses(claims.JWT_ISSUER, checking({ iss }))
  })

  it.each([`${NOW}`, [NOW], null, false])('refuses an nbf of %j (RFC 7519 section 4.1.5)', async (nbf) => {
    await refuses(claims.JWT_NOT_BEFORE, checking({ nbf }))
  })

  it.each([NOW + 31, NOW + 30.5, NOW + 86_400])(
    'refuses an nbf of %d at 1700000000 (RFC 7519 section 4.1.5)',
    async (nbf) => {
      const error = await refuses(claims.JWT_ALREADY_VALID, checking({ nbf }))
      expect(error).toMatchObject({ expected: `until ${NOW + 30} (now ${NOW}, tolerance 30)`, actual: nbf })
    },
  )

  it('accepts an nbf that the tolerance or the skew reaches', async () => {
    expect(await rejectionOf(checking({ nbf: NOW + 30 }))).toBeUndefined()
    expect(await rejectionOf(checking({ nbf: NOW + 90 }, { [clockSkew]: 60 }))).toBeUndefined()
  })

  it.each([5, null, { shop: true }, true])('refuses an aud of %j (RFC 7519 section 4.1.3)', async (aud) => {
    await refuses(claims.JWT_AUDIENCE, checking({ aud }))
  })

  it('names the claim in the cause, and keeps the claims out of the reach of loggers', async () => {
    const { cause } = await refuses(claims.JWT_ISSUED_AT, checking({ iat: 'soon' }))
    expect(cause).toMatchObject({ claim: 'iat', claims: { aud: 'shop' } })
    expect(Object.keys(Object(cause))).not.toContain('claims')
  })

  it('checks type before value, claim by claim', () => {
    const events: CheckEvent[] = []
    claims.checkRegisteredClaims({ trace: (event) => events.push(event) }, jwtWith({}), {})
    expect(events.map(({ rule }) => rule)).toEqual([
      'jwt.exp',
      'jwt.exp-time',
      'jwt.iat',
      'jwt.iss',
      'jwt.nbf',
      'jwt.nbf-time',
      'jwt.aud',
    ])
  })

  it('accepts or refuses with our error, for any claims', async () => {
    const value = fc.jsonValue()
    const record = fc.record({ exp: value, iat: value, iss: value, nbf: value, aud: value }, { requiredKeys: [] })
    await fc.assert(
      fc.asyncProperty(record, async (changes) => {
        const error = await rejectionOf(checking(changes))
        if (error !== undefined) expect(error).toBeInstanceOf(OperationProcessingError)
      }),
    )
  })
})

describe('namesAudience', () => {
  it.each([['shop'], [['shop']], [['bank', 'shop']]])('is true of %j', (aud) => {
    expect(claims.namesAudience(aud, 'shop')).toBe(true)
  })

  it.each([['shopping'], ['SHOP'], [[]], [['bank']], [[['shop']]], [undefined], [{ 0: 'shop' }]])(
    'is false of %j',
    (aud) => {
      expect(claims.namesAudience(aud, 'shop')).toBe(false)
    },
  )
})
