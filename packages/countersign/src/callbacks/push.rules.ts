import { INVALID_REQUEST, JWT_CLAIM_COMPARISON } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'

/**
 * A push has tokens or an error in it; without them it is a ping.
 *
 * Remedy: answer 400; `callbackResponse` does. See that the client is registered for the mode that it implements; for ping
 * call `validatePingCallback`.
 */
export const PUSH_MODE: Rule = rule('push-callback.backchannel_token_delivery_mode', CIBA_CORE, '10', INVALID_REQUEST)

/**
 * A push has tokens or an error, not both.
 *
 * Remedy: answer 400; `callbackResponse` does. Report it to the server's operator.
 */
export const PUSH_ERROR_ALONE: Rule = rule('push-callback.error-alone', CIBA_CORE, '12', INVALID_REQUEST)

/**
 * The error of a push is `access_denied`, `expired_token` or `transaction_failed`.
 *
 * Remedy: answer 400; `callbackResponse` does. Report it to the server's operator.
 */
export const PUSH_ERROR: Rule = rule('push-callback.error', CIBA_CORE, '12', INVALID_REQUEST)

/**
 * `error_description` of a push is a text of visible ASCII characters and blanks, without quotation mark and backslash.
 *
 * Remedy: answer 400; `callbackResponse` does. Report it to the server's operator.
 */
export const PUSH_ERROR_DESCRIPTION: Rule = rule('push-callback.error_description', CIBA_CORE, '12', INVALID_REQUEST)

/**
 * A push with tokens has an ID Token.
 *
 * Remedy: answer 400; `callbackResponse` does. Ask for the scope `openid`, and report it to the server's operator.
 */
export const PUSH_ID_TOKEN: Rule = rule('push-callback.id_token', CIBA_CORE, '10.3.1')

/**
 * The ID Token of a push names its transaction, by `urn:openid:params:jwt:claim:auth_req_id`.
 *
 * Remedy: answer 400; `callbackResponse` does. Report it to the server's operator.
 */
export const PUSH_AUTH_REQ_ID_PRESENT: Rule = rule('push-callback.auth_req_id-present', CIBA_CORE, '10.3.1')

/**
 * The ID Token of a push was issued for the transaction that the push is about.
 *
 * Remedy: answer 400, and use no token of it: somebody pushed the ID Token of another transaction.
 */
export const PUSH_AUTH_REQ_ID: Rule = rule('push-callback.auth_req_id', CIBA_CORE, '10.3.1', JWT_CLAIM_COMPARISON)

/**
 * The ID Token of a push has `at_hash`, a text.
 *
 * Remedy: answer 400; `callbackResponse` does. Report it to the server's operator.
 */
export const PUSH_ACCESS_TOKEN_HASH_PRESENT: Rule = rule('push-callback.at_hash-present', CIBA_CORE, '10.3.1')

/**
 * The ID Token of a push was issued with the access token beside it.
 *
 * Remedy: answer 400, and use no token of it: somebody replaced the access token.
 */
export const PUSH_ACCESS_TOKEN_HASH: Rule = rule('push-callback.at_hash', CIBA_CORE, '10.3.1', JWT_CLAIM_COMPARISON)

/**
 * The ID Token of a push with a refresh token has `urn:openid:params:jwt:claim:rt_hash`, a text.
 *
 * Remedy: answer 400; `callbackResponse` does. Report it to the server's operator.
 */
export const PUSH_REFRESH_TOKEN_HASH_PRESENT: Rule = rule('push-callback.rt_hash-present', CIBA_CORE, '10.3.1')

/**
 * The ID Token of a push was issued with the refresh token beside it.
 *
 * Remedy: answer 400, and use no token of it: somebody replaced the refresh token.
 */
export const PUSH_REFRESH_TOKEN_HASH: Rule = rule('push-callback.rt_hash', CIBA_CORE, '10.3.1', JWT_CLAIM_COMPARISON)
