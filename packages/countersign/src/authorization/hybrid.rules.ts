import { JWT_CLAIM_COMPARISON, JWT_TIMESTAMP_CHECK } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { FAPI_1_ADVANCED, OIDC_CORE } from '../rules/specifications.ts'

/**
 * A hybrid response has an ID Token.
 *
 * Remedy: ask for `response_type=code id_token`.
 */
export const HYBRID_ID_TOKEN: Rule = rule('hybrid-response.id_token', OIDC_CORE, '3.3.2.5')

/**
 * A hybrid response has a code.
 *
 * Remedy: ask for `response_type=code id_token`.
 */
export const HYBRID_CODE: Rule = rule('hybrid-response.code', OIDC_CORE, '3.3.2.5')

/**
 * The ID Token of a hybrid response was issued within the last hour.
 *
 * Remedy: begin again with a new authorization request. Where the token was made just now, the clocks differ: set this
 * machine's clock, or `clockSkew`.
 */
export const HYBRID_ISSUED_AT: Rule = rule('hybrid-response.iat', OIDC_CORE, '3.1.3.7 (10)', JWT_TIMESTAMP_CHECK)

/**
 * The ID Token of a hybrid response has `c_hash`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const CODE_HASH_PRESENT: Rule = rule('hybrid-response.c_hash-present', OIDC_CORE, '3.3.2.11')

/**
 * The ID Token of a hybrid response was issued with the code beside it.
 *
 * Remedy: do not go on: somebody replaced the code.
 */
export const CODE_HASH: Rule = rule('hybrid-response.c_hash', OIDC_CORE, '3.3.2.10', JWT_CLAIM_COMPARISON)

/**
 * The ID Token of a response with `state` has `s_hash` where it is to be a detached signature.
 *
 * Remedy: report it to the server's operator; where FAPI is not asked for, call `validateCodeIdTokenResponse`.
 */
export const STATE_HASH_PRESENT: Rule = rule('hybrid-response.s_hash-present', FAPI_1_ADVANCED, '5.2.2.1')

/**
 * `s_hash` is a text, and comes with a `state`.
 *
 * Remedy: report it to the server's operator.
 */
export const STATE_HASH_FORM: Rule = rule('hybrid-response.s_hash-form', FAPI_1_ADVANCED, '5.2.2.1')

/**
 * The ID Token of a hybrid response was issued with the `state` beside it.
 *
 * Remedy: do not go on: somebody replaced the `state`.
 */
export const STATE_HASH: Rule = rule('hybrid-response.s_hash', FAPI_1_ADVANCED, '5.2.3.1', JWT_CLAIM_COMPARISON)
