import { RESPONSE_IS_NOT_CONFORM, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_CORE, RFC_6749 } from '../rules/specifications.ts'

/**
 * The token endpoint answers success with status 200.
 *
 * Remedy: look at the answer's body, in the error's `cause`; see that the token endpoint's URL is right.
 */
export const TOKEN_RESPONSE_STATUS: Rule = rule('token-response.status', RFC_6749, '5.1', RESPONSE_IS_NOT_CONFORM)

/**
 * A token response has `access_token`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const ACCESS_TOKEN: Rule = rule('token-response.access_token', RFC_6749, '5.1')

/**
 * A token response has `token_type`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const TOKEN_TYPE: Rule = rule('token-response.token_type', RFC_6749, '5.1')

/**
 * The client understands the type of the access token: `bearer`, `dpop`, or one that the caller recognizes.
 *
 * Remedy: name the type in `recognizedTokenTypes`, with a function that looks at what such a token needs.
 */
export const TOKEN_TYPE_RECOGNIZED: Rule = rule(
  'token-response.token_type-known',
  RFC_6749,
  '7.1',
  UNSUPPORTED_OPERATION,
)

/**
 * `expires_in` is a number of seconds, 0 or more, or a text that begins with one.
 *
 * Remedy: report it to the server's operator.
 */
export const EXPIRES_IN: Rule = rule('token-response.expires_in', RFC_6749, '5.1')

/**
 * `refresh_token` is a text.
 *
 * Remedy: report it to the server's operator.
 */
export const REFRESH_TOKEN: Rule = rule('token-response.refresh_token', RFC_6749, '5.1')

/**
 * `scope` is a string.
 *
 * Remedy: report it to the server's operator.
 */
export const SCOPE: Rule = rule('token-response.scope', RFC_6749, '5.1')

/**
 * `id_token` is a text.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN: Rule = rule('token-response.id_token', OIDC_CORE, '3.1.3.3')

/**
 * A token response has an ID Token where the caller asked for one.
 *
 * Remedy: ask for the scope `openid` in the authorization request.
 */
export const ID_TOKEN_EXPECTED: Rule = rule('token-response.id_token-expected', OIDC_CORE, '3.1.3.3')
