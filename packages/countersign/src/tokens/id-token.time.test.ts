import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import * as rules from '../jose/claims.ts'
import type { Client } from '../metadata/client.ts'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { as, client, encodePart, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { JsonValue } from '../values/json.ts'
import { ID_TOKEN_EXPIRES } from './id-token.rules.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

const NOW = 1_800_000_000

type Clock = Pick<Client, typeof clockSkew | typeof clockTolerance>

async function processToken(id_token: string, clock: Clock = {}) {
  const answer = json(tokenBody({ id_token }))
  const tokens = await processBackchannelAuthenticationGrantResponse(as, { ...client, ...clock }, answer)
  return getValidatedIdTokenClaims(tokens)
}

function process(changes: Record<string, JsonValue | undefined>, clock?: Clock) {
  return processToken(unsignedJwt(idTokenClaims(changes)), clock)
}

beforeEach(() => {
  // 999 ms of the second have passed: the present is counted in whole seconds
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('ID Token, exp', () => {
  it('refuses its absence (OIDC Core 2)', async () => {
    await refuses(ID_TOKEN_EXPIRES, () => process({ exp: undefined }))
  })

  it.each(everyTypeBut('missing', 'zero', 'a number'))(
    'refuses one that is no number: %s (RFC 7519 4.1.4)',
    async (_, exp) => {
      // compared with a number, most values of another type are in the past
      await refuses(rules.JWT_EXPIRES, () => process({ exp }), rules.JWT_NOT_EXPIRED)
    },
  )

  it.each([String(NOW + 60), [NOW + 60]])(
    'refuses one that becomes a time by conversion, as %j would (RFC 7519 4.1.4)',
    async (exp) => {
      await refuses(rules.JWT_EXPIRES, () => process({ exp }))
    },
  )

  it.each([0, -1, NOW - 3600])('refuses %s, long past (OIDC Core 3.1.3.7 item 9)', async (exp) => {
    const error = await refuses(rules.JWT_NOT_EXPIRED, () => process({ exp }))
    expect(error).toMatchObject({ actual: exp })
    expect(error.cause).toMatchObject({ claim: 'exp' })
  })

  it.each([
    ['by default, 30 seconds', {}, 30],
    ['of 10 seconds', { [clockTolerance]: 10 }, 10],
    ['of none', { [clockTolerance]: 0 }, 0],
    ['of half a second', { [clockTolerance]: 0.5 }, 0.5],
  ])('refuses it from the end of the tolerance on, %s (OIDC Core 3.1.3.7 item 9)', async (_, clock, tolerance) => {
    await refuses(rules.JWT_NOT_EXPIRED, () => process({ exp: NOW - tolerance }, clock))
    expect(await process({ exp: NOW - tolerance + 0.5 }, clock)).toMatchObject({ exp: NOW - tolerance + 0.5 })
  })

  it.each([60, -60, 0.5])('counts from the clock with its skew of %s seconds', async (skew) => {
    const clock = { [clockSkew]: skew, [clockTolerance]: 10 }
    await refuses(rules.JWT_NOT_EXPIRED, () => process({ exp: NOW + skew - 10 }, clock))
    expect(await process({ exp: NOW + skew - 9.5 }, clock)).toMatchObject({ exp: NOW + skew - 9.5 })
  })
})

describe('ID Token, nbf', () => {
  it.each(everyTypeBut('missing', 'zero', 'a number'))(
    'refuses one that is no number: %s (RFC 7519 4.1.5)',
    async (_, nbf) => {
      await refuses(rules.JWT_NOT_BEFORE, () => process({ nbf }), rules.JWT_ALREADY_VALID)
    },
  )

  it.each([String(NOW), [NOW]])(
    'refuses one that becomes a time by conversion, as %j would (RFC 7519 4.1.5)',
    async (nbf) => {
      await refuses(rules.JWT_NOT_BEFORE, () => process({ nbf }))
    },
  )

  it('refuses one far ahead (RFC 7519 4.1.5)', async () => {
    const error = await refuses(rules.JWT_ALREADY_VALID, () => process({ nbf: NOW + 3600 }))
    expect(error).toMatchObject({ actual: NOW + 3600 })
    expect(error.cause).toMatchObject({ claim: 'nbf' })
  })

  it.each([
    ['by default, 30 seconds', {}, 30],
    ['of 10 seconds', { [clockTolerance]: 10 }, 10],
    ['of none', { [clockTolerance]: 0 }, 0],
    ['of half a second', { [clockTolerance]: 0.5 }, 0.5],
  ])('accepts it to the end of the tolerance, %s (RFC 7519 4.1.5)', async (_, clock, tolerance) => {
    expect(await process({ nbf: NOW + tolerance }, clock)).toMatchObject({ nbf: NOW + tolerance })
    await refuses(rules.JWT_ALREADY_VALID, () => process({ nbf: NOW + tolerance + 0.5 }, clock))
  })

  it.each([60, -60, 0.5])('counts from the clock with its skew of %s seconds', async (skew) => {
    const clock = { [clockSkew]: skew, [clockTolerance]: 10 }
    expect(await process({ nbf: NOW + skew + 10 }, clock)).toMatchObject({ nbf: NOW + skew + 10 })
    await refuses(rules.JWT_ALREADY_VALID, () => process({ nbf: NOW + skew + 10.5 }, clock))
  })
})

describe('the clock', () => {
  const WRONG = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '10', null, true, {}]

  it.each([...WRONG, -1])('has the default tolerance where the option is %s', async (value) => {
    // a caller without types can write what the type forbids
    const clock = { [clockTolerance]: value } as Clock
    await refuses(rules.JWT_NOT_EXPIRED, () => process({ exp: NOW - 30 }, clock))
    expect(await process({ exp: NOW - 29 }, clock)).toMatchObject({ exp: NOW - 29 })
  })

  it.each(WRONG)('has no skew where the option is %s', async (value) => {
    // a caller without types can write what the type forbids
    const clock = { [clockSkew]: value } as Clock
    await refuses(rules.JWT_NOT_EXPIRED, () => process({ exp: NOW - 30 }, clock))
    expect(await process({ exp: NOW - 29 }, clock)).toMatchObject({ exp: NOW - 29 })
  })
})

describe('numbers larger than JavaScript has', () => {
  function tokenWith(claim: string, digits: string): string {
    const claims = JSON.stringify(idTokenClaims({ [claim]: '#' })).replace('"#"', digits)
    return `${encodePart({ alg: 'RS256' })}.${encodeBase64url(encodeText(claims))}.`
  }

  it.each([
    ['exp', '1e400', rules.JWT_EXPIRES],
    ['exp', '-1e400', rules.JWT_EXPIRES],
    ['nbf', '1e400', rules.JWT_NOT_BEFORE],
    ['nbf', '-1e400', rules.JWT_NOT_BEFORE],
    ['iat', '1e400', rules.JWT_ISSUED_AT],
    ['iat', '-1e400', rules.JWT_ISSUED_AT],
  ])('are refused: %s of %s (RFC 7519 2: NumericDate)', async (claim, digits, rule) => {
    // one infinity is in time, the other is not
    const backstops = [rules.JWT_NOT_EXPIRED, rules.JWT_ALREADY_VALID]
    await refuses(rule, () => processToken(tokenWith(claim, digits)), ...backstops)
  })
})
