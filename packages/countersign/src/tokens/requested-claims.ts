import { assertSeconds, assertString } from '../errors/invalid-argument.ts'
import { aboutClaims } from '../jose/claims.ts'
import type { Client } from '../metadata/client.ts'
import { now, tolerance } from '../metadata/clock.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import type { IDToken } from './claims.ts'
import { ID_TOKEN_AUTH_TIME_AGE, ID_TOKEN_NONCE } from './id-token.rules.ts'

/** Value of `expectedNonce`: the request had no `nonce`, and an ID Token that has one is refused. */
export const expectNoNonce: unique symbol = Symbol('expectNoNonce')

/**
 * Value of `maxAge`: it does not matter when the person was authenticated. Safe where the request had no `max_age`, or
 * where the caller looks at `auth_time`.
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
  const { default_max_age: defaultMaxAge } = client
  if (defaultMaxAge !== undefined) assertSeconds(defaultMaxAge, 'client.default_max_age')
  return defaultMaxAge
}

/** Refuses an ID Token whose `nonce` is not the request's. */
export function checkNonce(context: Context, claims: IDToken, nonce: string | undefined): void {
  const expected = nonce === undefined ? 'no nonce' : 'the nonce of the request'
  check(aboutClaims(context, claims), ID_TOKEN_NONCE, claims.nonce === nonce, expected, 'another nonce')
}

/** Refuses an ID Token of an authentication that was too long ago. */
export function checkAuthAge(context: Context, client: Client, claims: IDToken, maxAge: number | undefined): void {
  if (maxAge === undefined) return
  const { auth_time: authTime = 0 } = claims
  const oldest = now(client) - tolerance(client) - maxAge
  check(aboutClaims(context, claims), ID_TOKEN_AUTH_TIME_AGE, authTime >= oldest, `${oldest} or later`, authTime)
}
