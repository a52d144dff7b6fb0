import { INVALID_REQUEST, PARSE_ERROR } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE, COUNTERSIGN, RFC_6750, RFC_8259, RFC_9110 } from '../rules/specifications.ts'

/**
 * A callback is a POST.
 *
 * Remedy: answer 405 with `Allow: POST`; `callbackResponse` does.
 */
export const CALLBACK_METHOD: Rule = rule('callback.method', CIBA_CORE, '10.2', INVALID_REQUEST)

/**
 * A callback has an `Authorization` header.
 *
 * Remedy: answer 401; `callbackResponse` does. Where it comes from the server, see that a proxy does not take the header
 * away.
 */
export const CALLBACK_AUTHORIZATION: Rule = rule('callback.authorization', CIBA_CORE, '9', INVALID_REQUEST)

/**
 * The scheme of a callback's `Authorization` header is Bearer.
 *
 * Remedy: answer 401; `callbackResponse` does.
 */
export const CALLBACK_SCHEME: Rule = rule('callback.authorization-scheme', CIBA_CORE, '9', INVALID_REQUEST)

/**
 * The `Authorization` header of a callback has one token behind its scheme, in the characters of bearer tokens.
 *
 * Remedy: answer 401; `callbackResponse` does.
 */
export const CALLBACK_TOKEN_FORM: Rule = rule('callback.authorization-form', RFC_6750, '2.1', INVALID_REQUEST)

/**
 * The token of a callback has at most 1024 characters, as a `client_notification_token` has.
 *
 * Remedy: answer 401; `callbackResponse` does.
 */
export const CALLBACK_TOKEN_LENGTH: Rule = rule('callback.authorization-length', CIBA_CORE, '7.1', INVALID_REQUEST)

/**
 * The body of a callback is announced as `application/json`.
 *
 * Remedy: answer 400; `callbackResponse` does. Where it comes from the server, report it to its operator.
 */
export const CALLBACK_MEDIA_TYPE: Rule = rule('callback.content-type', CIBA_CORE, '10.2', INVALID_REQUEST)

/**
 * The body of a callback arrives whole.
 *
 * Remedy: answer 400; `callbackResponse` does. The server may call again; where it does not, ask the token endpoint.
 */
export const CALLBACK_BODY: Rule = rule('callback.body', RFC_9110, '6.1', PARSE_ERROR)

/**
 * The body of a callback is not larger than it may be: 64 KiB, or what `maxBodySize` says.
 *
 * Remedy: answer 400; `callbackResponse` does. Where the server's ID Tokens are that large, raise `maxBodySize`.
 */
export const CALLBACK_SIZE: Rule = rule('callback.size', COUNTERSIGN, 'Bounds', INVALID_REQUEST)

/**
 * The body of a callback is JSON in UTF-8.
 *
 * Remedy: answer 400; `callbackResponse` does. Where it comes from the server, report it to its operator.
 */
export const CALLBACK_JSON: Rule = rule('callback.json', RFC_8259, '8.1', PARSE_ERROR)

/**
 * The body of a callback is a JSON object.
 *
 * Remedy: answer 400; `callbackResponse` does. Where it comes from the server, report it to its operator.
 */
export const CALLBACK_OBJECT: Rule = rule('callback.object', CIBA_CORE, '10.2', INVALID_REQUEST)

/**
 * A callback has `auth_req_id`, a text.
 *
 * Remedy: answer 400; `callbackResponse` does. Where it comes from the server, report it to its operator.
 */
export const CALLBACK_AUTH_REQ_ID: Rule = rule('callback.auth_req_id', CIBA_CORE, '10.2', INVALID_REQUEST)

/**
 * A callback is about a transaction that the receiver knows.
 *
 * Remedy: answer 401 as for a wrong token; `callbackResponse` does. It may be forged, or about a transaction that is over;
 * see that a transaction can be found before its request is sent.
 */
export const CALLBACK_TRANSACTION: Rule = rule('callback.auth_req_id-known', CIBA_CORE, '10.2', INVALID_REQUEST)

/**
 * The `auth_req_id` of a callback is the one of the transaction that was found for it.
 *
 * Remedy: answer 401 as for a wrong token; `callbackResponse` does. Somebody may use the token of one transaction for
 * another.
 */
export const CALLBACK_SAME_TRANSACTION: Rule = rule('callback.auth_req_id-same', CIBA_CORE, '10.2', INVALID_REQUEST)

/**
 * The token of a callback is the `client_notification_token` of its transaction.
 *
 * Remedy: answer 401; `callbackResponse` does. The callback may be forged.
 */
export const NOTIFICATION_TOKEN: Rule = rule('callback.client_notification_token', CIBA_CORE, '10.2', INVALID_REQUEST)
