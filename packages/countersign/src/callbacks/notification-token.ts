import { hashText } from '#engine'
import { assertObject, assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { decodeBase64url } from '../values/base64url.ts'
import { equalBytes } from '../values/bytes.ts'
import { encodeText } from '../values/text.ts'

/** What the receiver of callbacks knows of a transaction: its token, or the hash of it, and its identifier. */
export interface CallbackExpectation {
  /**
   * `auth_req_id` of the acknowledgement. Absent where the acknowledgement has not come yet, or was lost: then the one of
   * the callback counts, which only the server can have sent who was given the token.
   */
  readonly auth_req_id?: string | undefined
  /** `client_notification_token` of the request; either this or its hash. */
  readonly client_notification_token?: string | undefined
  /** What {@link hashClientNotificationToken} made of it. */
  readonly client_notification_token_hash?: string | undefined
}

/** Hashed where there is no token; its characters are none of a bearer token's. */
const NO_TOKEN = '(none)'

/**
 * The hash of a `client_notification_token`, for storing: with a copy of the store nobody can make a callback. A store that
 * has it as its key finds the transaction also where the acknowledgement was lost.
 *
 * @param token The token, of at least 128 random bits; the hash of one that can be guessed can be guessed too.
 * @returns SHA-256 of the token, as base64url: 43 characters.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: `token` is no text.
 * @see CIBA Core 1.0, section 7.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const client_notification_token = countersign.generateClientNotificationToken()
 * const hash = await countersign.hashClientNotificationToken(client_notification_token)
 * console.log('store the transaction under', hash, 'and then send the request')
 * ```
 */
export async function hashClientNotificationToken(token: string): Promise<string> {
  assertString(token, 'token')
  return hashText(token)
}

/**
 * Tells whether a hash is the one of a transaction's token. What it takes is the same whether it is or not, whether there is
 * a transaction, and in which form that keeps its token: one hash, and one comparison of two hashes.
 */
export async function isTokenHashOf(expectation: CallbackExpectation | undefined, hash: string): Promise<boolean> {
  const { client_notification_token: token = NO_TOKEN, client_notification_token_hash: stored } = expectation ?? {}
  const hashed = await hashClientNotificationToken(token)
  return equalBytes(encodeText(hash), encodeText(stored ?? hashed))
}

/** What `findTransaction` resolves with is what it must be. */
export function assertExpectation(found: unknown): asserts found is CallbackExpectation {
  assertObject(found, 'what findTransaction gives')
  // each of these members is looked at
  const members = found as Record<keyof CallbackExpectation, unknown>
  const { auth_req_id: authReqId, client_notification_token: token, client_notification_token_hash: hash } = members
  if (authReqId !== undefined) assertString(authReqId, 'auth_req_id')
  if (token !== undefined) assertString(token, 'client_notification_token')
  if (hash !== undefined) assertHash(hash)
  if ((token === undefined) === (hash === undefined)) {
    const message = 'findTransaction must give either client_notification_token or client_notification_token_hash'
    throw invalidArgument(message, 'ERR_INVALID_ARG_VALUE')
  }
}

function assertHash(hash: unknown): void {
  assertString(hash, 'client_notification_token_hash')
  if (decodeBase64url(hash)?.length !== 32) {
    const message = '"client_notification_token_hash" must be what hashClientNotificationToken gives'
    throw invalidArgument(message, 'ERR_INVALID_ARG_VALUE')
  }
}
