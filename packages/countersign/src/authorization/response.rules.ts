import { INVALID_RESPONSE, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { JARM, OAUTH_MULTIPLE_RESPONSE_TYPES, RFC_6749, RFC_9207 } from '../rules/specifications.ts'

/**
 * A parameter of an authorization response that is looked at stands there once.
 *
 * Remedy: do not go on: somebody may have added a second value to the URL.
 */
export const PARAMETER_ONCE: Rule = rule('authorization-response.parameter', RFC_6749, '3.1')

/**
 * An authorization response that is a JWT is given to the function for those.
 *
 * Remedy: call `validateJwtAuthResponse`.
 */
export const RESPONSE_PLAIN: Rule = rule('authorization-response.response', JARM, '2.3')

/**
 * An authorization response names its issuer where the server says that it always does.
 *
 * Remedy: do not go on: the response may be another server's. Where every response lacks it, drop
 * `authorization_response_iss_parameter_supported` from the server's metadata.
 */
export const RESPONSE_ISSUER_PRESENT: Rule = rule('authorization-response.iss-present', RFC_9207, '2.4')

/**
 * An authorization response that names its issuer was issued by the server that was asked.
 *
 * Remedy: do not go on: this is what a mix-up attack looks like. See that the metadata are those of the server to which
 * this browser was sent.
 */
export const RESPONSE_ISSUER: Rule = rule('authorization-response.iss', RFC_9207, '2.4')

/**
 * An authorization response brings back the request's `state`, and none where the request had none.
 *
 * Remedy: do not go on: the response belongs to another request or another browser. See that `state` is kept with the
 * browser's session.
 */
export const RESPONSE_STATE: Rule = rule('authorization-response.state', RFC_6749, '10.12', INVALID_RESPONSE)

/**
 * An authorization response for a code has neither of the parameters `id_token` and `token`. Any other one, such as
 * `access_token`, is passed on unread.
 *
 * Remedy: ask for `response_type=code`; for `code id_token`, call `validateCodeIdTokenResponse`.
 */
export const RESPONSE_CODE_ONLY: Rule = rule(
  'authorization-response.response_type',
  OAUTH_MULTIPLE_RESPONSE_TYPES,
  '5',
  UNSUPPORTED_OPERATION,
)

/**
 * An authorization response has a code where it is exchanged.
 *
 * Remedy: begin again with a new authorization request.
 */
export const RESPONSE_CODE: Rule = rule('authorization-response.code', RFC_6749, '4.1.2')
