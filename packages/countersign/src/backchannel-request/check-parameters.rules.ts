import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE, RFC_6749 } from '../rules/specifications.ts'

/**
 * The scope of an authentication request has `openid`.
 *
 * Remedy: add `openid` to `scope`.
 */
export const SCOPE_OPENID: Rule = rule('backchannel-request.scope', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/**
 * `scope` is scope values of printable ASCII characters, with one space between two of them.
 *
 * Remedy: separate the values by single spaces; `"` and `\` cannot stand in one.
 */
export const SCOPE_SYNTAX: Rule = rule('backchannel-request.scope-syntax', RFC_6749, '3.3', REQUEST_FORBIDDEN)

/**
 * An authentication request has exactly one of `login_hint_token`, `id_token_hint` and `login_hint`.
 *
 * Remedy: give one of the three, and leave out the others.
 */
export const HINT: Rule = rule('backchannel-request.hint', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/**
 * The ID Token in `id_token_hint` is a signed one, not encrypted.
 *
 * Remedy: decrypt it, and give the signed ID Token (three parts) that was in it: what your `jweDecrypt` made of it.
 */
export const ID_TOKEN_HINT: Rule = rule('backchannel-request.id_token_hint', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/**
 * A `user_code` is sent only by a client that registered for it.
 *
 * Remedy: register the client with `backchannel_user_code_parameter`, and write it into the client's metadata.
 */
export const USER_CODE_REGISTERED: Rule = rule('backchannel-request.user_code', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/**
 * A `user_code` is sent only to a server that knows them.
 *
 * Remedy: leave it out; the server does not publish `backchannel_user_code_parameter_supported`.
 */
export const USER_CODE_SUPPORTED: Rule = rule(
  'server-metadata.backchannel_user_code_parameter_supported',
  CIBA_CORE,
  '4',
  REQUEST_FORBIDDEN,
)

/**
 * In ping and push mode a request has a `client_notification_token`.
 *
 * Remedy: make one with `generateClientNotificationToken`; `initiateBackchannelAuthentication` does so by itself.
 */
export const NOTIFICATION_TOKEN_PRESENT: Rule = rule(
  'backchannel-request.client_notification_token-present',
  CIBA_CORE,
  '7.1',
  REQUEST_FORBIDDEN,
)
