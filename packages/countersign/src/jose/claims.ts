import { JWT_TIMESTAMP_CHECK } from '../errors/codes.ts'
import { type ClockOptions, now, tolerance } from '../metadata/clock.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7519 } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import type { Jwt } from './jwt.ts'

/**
 * `exp` is a number.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_EXPIRES: Rule = rule('jwt.exp', RFC_7519, '4.1.4')

/**
 * A JWT has not expired.
 *
 * Remedy: ask for a new one. Where it was made just now, the clocks differ: set this machine's clock, or `clockSkew`.
 */
export const JWT_NOT_EXPIRED: Rule = rule('jwt.exp-time', RFC_7519, '4.1.4', JWT_TIMESTAMP_CHECK)

/**
 * `iat` is a number.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_ISSUED_AT: Rule = rule('jwt.iat', RFC_7519, '4.1.6')

/**
 * `iss` is a string.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_ISSUER: Rule = rule('jwt.iss', RFC_7519, '4.1.1')

/**
 * `nbf` is a number.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_NOT_BEFORE: Rule = rule('jwt.nbf', RFC_7519, '4.1.5')

/**
 * A JWT is not used before its time.
 *
 * Remedy: the clocks differ: set this machine's clock, or `clockSkew`.
 */
export const JWT_ALREADY_VALID: Rule = rule('jwt.nbf-time', RFC_7519, '4.1.5', JWT_TIMESTAMP_CHECK)

/**
 * `aud` is a string or an array.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_AUDIENCE: Rule = rule('jwt.aud', RFC_7519, '4.1.3')

/**
 * The claims that mean the same in every JWT: where they are present they have their types, and the JWT is used within
 * its time. Whether a claim must be present, and what its value must be, is for the kind of token to say.
 */
export function checkRegisteredClaims(context: Context, { claims }: Jwt, clock: ClockOptions): void {
  const about = aboutClaims(context, claims)
  const { exp, iat, iss, nbf, aud } = claims
  const time = now(clock)
  const slack = tolerance(clock)
  const at = `now ${time}, tolerance ${slack}`

  check(about, JWT_EXPIRES, exp === undefined || isNumericDate(exp), 'a number', describe(exp))
  check(about, JWT_NOT_EXPIRED, exp === undefined || exp > time - slack, `after ${time - slack} (${at})`, exp)
  check(about, JWT_ISSUED_AT, iat === undefined || isNumericDate(iat), 'a number', describe(iat))
  check(about, JWT_ISSUER, iss === undefined || typeof iss === 'string', 'a string', describe(iss))
  check(about, JWT_NOT_BEFORE, nbf === undefined || isNumericDate(nbf), 'a number', describe(nbf))
  check(about, JWT_ALREADY_VALID, nbf === undefined || nbf <= time + slack, `until ${time + slack} (${at})`, nbf)
  const audience = aud === undefined || typeof aud === 'string' || Array.isArray(aud)
  check(about, JWT_AUDIENCE, audience, 'a string or an array', describe(aud))
}

// 1e999 is a number in JSON, and has become infinite here: a token that never expires
function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** The context of a rule about claims. */
export function aboutClaims(context: Context, claims: JsonObject): Context {
  return { ...context, document: { kind: 'claims', value: claims } }
}

/** Whether `aud` names a party, alone or among others. */
export function namesAudience(aud: unknown, expected: string): boolean {
  return Array.isArray(aud) ? aud.includes(expected) : aud === expected
}
