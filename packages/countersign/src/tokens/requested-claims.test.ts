import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import {
  processAuthorizationCodeResponse,
  type ProcessAuthorizationCodeResponseOptions,
} from '../grants/authorization-code.ts'
import type { Client } from '../metadata/client.ts'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import * as rules from './id-token.rules.ts'
import { expectNoNonce, skipAuthTimeCheck } from './requested-claims.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

const NOW = 1_800_000_000
const NONCE = 'n-0S6_WzA2Mj'

async function process(
  changes: Record<string, JsonValue | undefined>,
  options: ProcessAuthorizationCodeResponseOptions = {},
  metadata: Partial<Client> = {},
) {
  const answer = json(tokenBody({ id_token: unsignedJwt(idTokenClaims(changes)) }))
  const tokens = await processAuthorizationCodeResponse(as, { ...client, ...metadata }, answer, options)
  return getValidatedIdTokenClaims(tokens)
}

beforeEach(() => {
  // 999 ms of the second have passed: the present is counted in whole seconds
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('expectedNonce', () => {
  it('accepts the nonce of the request (OIDC Core 3.1.3.7 item 11)', async () => {
    expect(await process({ nonce: NONCE }, { expectedNonce: NONCE })).toMatchObject({ nonce: NONCE })
  })

  it('refuses an ID Token without nonce (OIDC Core 3.1.3.7 item 11)', async () => {
    const act = () => process({}, { expectedNonce: NONCE })
    const error = await refuses(rules.ID_TOKEN_NONCE_PRESENT, act, rules.ID_TOKEN_NONCE)
    expect(error.cause).toMatchObject({ claim: 'nonce' })
  })

  it.each([...everyTypeBut('missing'), ['another case', NONCE.toUpperCase()], ['more of it', `${NONCE}x`]])(
    'refuses another nonce, here %s (OIDC Core 3.1.3.7 item 11)',
    async (_, nonce) => {
      await refuses(rules.ID_TOKEN_NONCE, () => process({ nonce }, { expectedNonce: NONCE }))
    },
  )

  it('keeps both nonces out of what a log shows of the error', async () => {
    const error = await rejectionOf(() => process({ nonce: 'of-another' }, { expectedNonce: NONCE }))
    expect(error).toMatchObject({ rule: rules.ID_TOKEN_NONCE.id, expected: 'the nonce of the request' })
    expect(JSON.stringify(error)).not.toMatch(/of-another|n-0S6_WzA2Mj/)
  })
})

describe('expectNoNonce', () => {
  it.each<[string, ProcessAuthorizationCodeResponseOptions]>([
    ['said', { expectedNonce: expectNoNonce }],
    ['the default', {}],
    ['the default beside requireIdToken', { requireIdToken: true }],
  ])('accepts an ID Token without nonce, and refuses any, when it is %s', async (_, options) => {
    expect(await process({}, options)).not.toHaveProperty('nonce')
    const error = await refuses(rules.ID_TOKEN_NONCE, () => process({ nonce: NONCE }, options))
    expect(error.expected).toBe('no nonce')
  })

  it.each(everyTypeBut('missing'))('refuses a nonce that is %s (OIDC Core 3.1.3.7 item 11)', async (_, nonce) => {
    await refuses(rules.ID_TOKEN_NONCE, () => process({ nonce }))
  })
})

describe('maxAge', () => {
  it.each<[string, Partial<Client>, number]>([
    ['by default, 30 seconds', {}, 30],
    ['of 10 seconds', { [clockTolerance]: 10 }, 10],
    ['of none', { [clockTolerance]: 0 }, 0],
  ])('counts from auth_time to the end of the tolerance, %s (OIDC Core 3.1.3.7 item 13)', async (_, clock, slack) => {
    const oldest = NOW - 100 - slack
    expect(await process({ auth_time: oldest }, { maxAge: 100 }, clock)).toMatchObject({ auth_time: oldest })
    const act = () => process({ auth_time: oldest - 0.5 }, { maxAge: 100 }, clock)
    const error = await refuses(rules.ID_TOKEN_AUTH_TIME_AGE, act)
    expect(error).toMatchObject({ actual: oldest - 0.5, cause: { claim: 'auth_time' } })
  })

  it.each([50, -50])('counts by the clock with its skew of %s seconds', async (skew) => {
    const clock = { [clockSkew]: skew, [clockTolerance]: 0 }
    const oldest = NOW + skew - 100
    expect(await process({ auth_time: oldest }, { maxAge: 100 }, clock)).toMatchObject({ auth_time: oldest })
    await refuses(rules.ID_TOKEN_AUTH_TIME_AGE, () => process({ auth_time: oldest - 1 }, { maxAge: 100 }, clock))
  })

  it('of 0 asks for an authentication just now (OIDC Core 3.1.2.1)', async () => {
    expect(await process({ auth_time: NOW - 30 }, { maxAge: 0 })).toMatchObject({ auth_time: NOW - 30 })
    await refuses(rules.ID_TOKEN_AUTH_TIME_AGE, () => process({ auth_time: NOW - 31 }, { maxAge: 0 }))
  })

  it('accepts an authentication in the future, by however much the clocks differ', async () => {
    expect(await process({ auth_time: NOW + 3600 }, { maxAge: 0 })).toMatchObject({ auth_time: NOW + 3600 })
  })

  it('refuses an ID Token without auth_time (OIDC Core 3.1.3.7 item 13)', async () => {
    const act = () => process({}, { maxAge: 100 })
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, act, rules.ID_TOKEN_AUTH_TIME_AGE)
  })

  it.each(everyTypeBut('missing', 'zero', 'a number'))(
    'refuses an auth_time that is no number: %s (OIDC Core 2)',
    async (_, auth_time) => {
      const act = () => process({ auth_time }, { maxAge: 100 })
      await refuses(rules.ID_TOKEN_AUTH_TIME, act, rules.ID_TOKEN_AUTH_TIME_AGE)
    },
  )

  it('is default_max_age of the client where it is not given (OIDC Registration 2)', async () => {
    const aged = { default_max_age: 100 }
    expect(await process({ auth_time: NOW - 130 }, {}, aged)).toMatchObject({ auth_time: NOW - 130 })
    await refuses(rules.ID_TOKEN_AUTH_TIME_AGE, () => process({ auth_time: NOW - 131 }, {}, aged))
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, () => process({}, {}, aged), rules.ID_TOKEN_AUTH_TIME_AGE)
  })

  it.each([1000, 10])('of %s overrides default_max_age', async (maxAge) => {
    const oldest = NOW - 30 - maxAge
    const aged = { default_max_age: 100 }
    expect(await process({ auth_time: oldest }, { maxAge }, aged)).toMatchObject({ auth_time: oldest })
    await refuses(rules.ID_TOKEN_AUTH_TIME_AGE, () => process({ auth_time: oldest - 1 }, { maxAge }, aged))
  })
})

describe('skipAuthTimeCheck', () => {
  it.each<[string, ProcessAuthorizationCodeResponseOptions]>([
    ['said', { maxAge: skipAuthTimeCheck }],
    ['the default', {}],
  ])('lets an authentication of any age through, and one without time, when it is %s', async (_, options) => {
    expect(await process({ auth_time: 0 }, options)).toMatchObject({ auth_time: 0 })
    expect(await process({}, options)).not.toHaveProperty('auth_time')
  })

  it('lets any age through where the client has default_max_age, but not the absence of auth_time', async () => {
    const aged = { default_max_age: 100 }
    expect(await process({ auth_time: 0 }, { maxAge: skipAuthTimeCheck }, aged)).toMatchObject({ auth_time: 0 })
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, () => process({}, { maxAge: skipAuthTimeCheck }, aged))
  })

  it('lets nothing through that require_auth_time refuses (OIDC Registration 2)', async () => {
    const required = { require_auth_time: true }
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, () => process({}, { maxAge: skipAuthTimeCheck }, required))
  })

  it.each(everyTypeBut('missing', 'zero', 'a number'))(
    'lets no auth_time through that is no number: %s (OIDC Core 2)',
    async (_, auth_time) => {
      await refuses(rules.ID_TOKEN_AUTH_TIME, () => process({ auth_time }, { maxAge: skipAuthTimeCheck }))
    },
  )
})

describe('an authorization code answer', () => {
  it('has an ID Token whose signature can be verified', async () => {
    const key = signingKey('RS256', 'k')
    const answer = json(tokenBody({ id_token: signedJwt(key, idTokenClaims({ nonce: NONCE })) }))
    await processAuthorizationCodeResponse(as, client, answer, { expectedNonce: NONCE })
    const { options } = keyServer(key.jwk)
    await expect(validateApplicationLevelSignature({ ...as }, answer, options)).resolves.toBeUndefined()
  })
})
