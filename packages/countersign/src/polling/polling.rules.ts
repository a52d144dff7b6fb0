import { ANSWER_LOST, TRANSACTION_EXPIRED } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE, COUNTERSIGN, RFC_8628 } from '../rules/specifications.ts'

/**
 * A token request about an authentication is due before `expires_in` has passed.
 *
 * Remedy: tell the person that the time is over, and make a new authentication request when they ask for it.
 */
export const CIBA_EXPIRY: Rule = rule('polling.expires_in', CIBA_CORE, '7.3', TRANSACTION_EXPIRED)

/**
 * A token request about a device authorization is due before `expires_in` has passed.
 *
 * Remedy: tell the person that the time is over, and make a new device authorization request when they ask for it.
 */
export const DEVICE_EXPIRY: Rule = rule('polling.expires_in-device', RFC_8628, '3.5', TRANSACTION_EXPIRED)

/**
 * A transaction that the server takes for over, or whose time is over, had no token request without an answer.
 *
 * Remedy: the person may have approved, and the answer with the tokens was lost on its way; nothing brings it back. Tell
 * the person that it failed, not that they refused, and make a new request when they ask for it.
 */
export const LOST_ANSWER: Rule = rule('polling.answer-lost', COUNTERSIGN, 'Lost answers', ANSWER_LOST)
