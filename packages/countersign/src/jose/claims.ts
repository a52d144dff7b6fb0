import { JWT_TIMESTAMP_CHECK } from '../errors/codes.ts'
import { type ClockOptions, now, tolerance } from '../metadata/clock.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7519 } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { isFiniteNumber } from '../values/number.ts'
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
  const { exp, iat, iss, nbf, aud } = claims
  const time = now(clock)
  const slack = tolerance(clock)
  const about = aboutClaims(context, claims, { now: time, tolerance: slack })
  const at = (limit: string, seconds: number) => (): string => `${limit} ${seconds} (now ${time}, tolerance ${slack})`

  // an infinite exp would be a token that never expires
  check(about, JWT_EXPIRES, exp === undefined || isFiniteNumber(exp), 'a number', describe(exp))
  check(about, JWT_NOT_EXPIRED, exp === undefined || exp > time - slack, at('after', time - slack), exp)
  check(about, JWT_ISSUED_AT, iat === undefined || isFiniteNumber(iat), 'a number', describe(iat))
  check(about, JWT_ISSUER, iss === undefined || typeof iss === 'string', 'a string', describe(iss))
  check(about, JWT_NOT_BEFORE, nbf === undefined || isFiniteNumber(nbf), 'a number', describe(nbf))
  check(about, JWT_ALREADY_VALID, nbf === undefined || nbf <= time + slack, at('until', time + slack), nbf)
  const audience = aud === undefined || typeof aud === 'string' || Array.isArray(aud)
  check(about, JWT_AUDIENCE, audience, 'a string or an array', describe(aud))
}

/** The context of a rule about claims. */
export function aboutClaims(context: Context, claims: JsonObject, particulars?: Context['particulars']): Context {
  return aboutDocument(context, 'claims', claims, particulars)
}

/** Whether `aud` names a party, alone or among others. */
export function namesAudience(aud: unknown, expected: string): boolean {
  return Array.isArray(aud) ? aud.includes(expected) : aud === expected
}
