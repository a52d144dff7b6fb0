import { assertSeconds, assertString } from '../errors/invalid-argument.ts'
import { aboutClaims } from '../jose/claims.ts'
import type { Client } from '../metadata/client.ts'
import { now, tolerance } from '../metadata/clock.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { describe } from '../values/describe.ts'
import type { IDToken } from './claims.ts'
import { ID_TOKEN_ACR, ID_TOKEN_AUTH_TIME_AGE, ID_TOKEN_NONCE } from './id-token.rules.ts'

/**
 * Value of `expectedNonce`: the request had no `nonce`, and an ID Token that has one is refused. It is the default of
 * {@link processAuthorizationCodeResponse}.
 *
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 */
export const expectNoNonce: unique symbol = Symbol('expectNoNonce')

/**
 * Value of `maxAge`: it does not matter when the person was authenticated. Safe where the request had no `max_age`, or
 * where the caller looks at `auth_time`.
 *
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 */
export const skipAuthTimeCheck: unique symbol = Symbol('skipAuthTimeCheck')

/** The `nonce` that is expected, after a look at the argument. */
export function nonceOf(expectedNonce: string | typeof expectNoNonce | undefined): string | undefined {
  if (expectedNonce === undefined || expectedNonce === expectNoNonce) return undefined
  assertString(expectedNonce, 'expectedNonce')
  return expectedNonce
}

/** The greatest age of the authentication in seconds, after a look at the argument. */
export function maxAgeOf(client: Client, maxAge: number | typeof skipAuthTimeCheck | undefined): number | undefined {
  if (maxAge === skipAuthTimeCheck) return undefined
  if (maxAge !== undefined) {
    assertSeconds(maxAge, 'maxAge')
    return maxAge
  }
  // validateIdToken() looks at it: without an ID Token it decides nothing
  return client.default_max_age
}

/** Refuses an ID Token whose `nonce` is not the request's. */
export function checkNonce(context: Context, claims: IDToken, nonce: string | undefined): void {
  const expected = nonce === undefined ? 'no nonce' : 'the nonce of the request'
  const about = aboutClaims(context, claims, { expected: nonce })
  check(about, ID_TOKEN_NONCE, claims.nonce === nonce, expected, 'another nonce')
}

/** Refuses an ID Token of an authentication that was too long ago. */
export function checkAuthAge(context: Context, client: Client, claims: IDToken, maxAge: number | undefined): void {
  if (maxAge === undefined) return
  const { auth_time: authTime = 0 } = claims
  const [time, slack] = [now(client), tolerance(client)]
  const oldest = time - slack - maxAge
  const about = aboutClaims(context, claims, { now: time, tolerance: slack })
  check(about, ID_TOKEN_AUTH_TIME_AGE, authTime >= oldest, `${oldest} or later`, authTime)
}

/** Refuses an ID Token of an authentication in another context than those that `acrValues` names, separated by spaces. */
export function checkAcr(context: Context, claims: IDToken, acrValues: string): void {
  const { acr } = claims
  const expected = acrValues.split(' ')
  const meets = expected.some((value) => value === acr)
  // an authentication context is no claim about the person, but what came instead of its name may be anything
  const actual = typeof acr === 'string' ? acr : describe(acr)
  check(aboutClaims(context, claims), ID_TOKEN_ACR, meets, expected, actual)
}
