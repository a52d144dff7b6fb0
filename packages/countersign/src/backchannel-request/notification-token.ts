import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { isBearerToken } from '../http/authorization.ts'
import { randomText } from '../jose/random.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE, RFC_6750 } from '../rules/specifications.ts'

/**
 * A `client_notification_token` has at most 1024 characters.
 *
 * Remedy: make it with `generateClientNotificationToken`.
 */
export const NOTIFICATION_TOKEN_LENGTH: Rule = rule(
  'backchannel-request.client_notification_token-length',
  CIBA_CORE,
  '7.1',
  REQUEST_FORBIDDEN,
)

/**
 * A `client_notification_token` has the syntax of a bearer token.
 *
 * Remedy: make it with `generateClientNotificationToken`, or encode yours as base64url.
 */
export const NOTIFICATION_TOKEN_SYNTAX: Rule = rule(
  'backchannel-request.client_notification_token',
  RFC_6750,
  '2.1',
  REQUEST_FORBIDDEN,
)

/**
 * A `client_notification_token` is long enough to hold 128 random bits.
 *
 * Remedy: make it with `generateClientNotificationToken`.
 */
export const NOTIFICATION_TOKEN_ENTROPY: Rule = rule(
  'backchannel-request.client_notification_token-entropy',
  CIBA_CORE,
  '7.1',
  REQUEST_FORBIDDEN,
)

/**
 * Makes a `client_notification_token`: 256 random bits as 43 characters of base64url, new for each transaction. The server
 * shows it when it calls back; keep it, or its hash, with the transaction.
 *
 * @returns The token.
 *
 * @see CIBA Core 1.0, sections 7.1 and 9
 */
export function generateClientNotificationToken(): string {
  return randomText()
}

/** Whether the server can prove itself with the token, and nobody else. Nothing of the token gets into an error. */
export function checkNotificationToken(context: Context, token: string): void {
  const { length } = token
  check(context, NOTIFICATION_TOKEN_LENGTH, length <= 1024, '1024 characters at most', `${length} characters`)
  check(
    context,
    NOTIFICATION_TOKEN_SYNTAX,
    isBearerToken(token),
    'the characters of a bearer token',
    'other characters',
  )
  const bits = Math.floor(possibleBits(token))
  check(context, NOTIFICATION_TOKEN_ENTROPY, bits >= 128, '128 bits or more', `${bits} bits at most`)
}

/** How many random bits some text can hold: no more than its length and its alphabet allow. */
function possibleBits(token: string): number {
  const symbols = token.replace(/[=-]/g, '')
  const rate = /^\d*$/.test(symbols) ? 10 : /^[\da-f]*$/i.test(symbols) ? 16 : undefined
  // hyphens group digits, as in a UUID; in other text, such as base64url, they are symbols like the others
  return rate === undefined ? token.replace(/=*$/, '').length * Math.log2(68) : symbols.length * Math.log2(rate)
}
