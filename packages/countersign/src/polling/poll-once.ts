import { isDPoPNonceError } from '../dpop/nonce-error.ts'
import { assertNumber, assertObject, invalidArgument } from '../errors/invalid-argument.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { trace } from '../rules/trace.ts'
import { throwIfAborted } from './aborted.ts'
import { type Answer, ask } from './ask.ts'
import { systemClock } from './clock.ts'
import type { PollOnceOptions } from './options.ts'
import { afterFault, afterPending, afterSlowDown, type Timing } from './pacing.ts'
import * as rules from './polling.rules.ts'
import type { PollResult } from './result.ts'
import { assertTransaction, CIBA_GRANT, type PollingTransaction } from './transaction.ts'

/**
 * Asks once for the outcome of a CIBA transaction or a device authorization. For whoever keeps transactions in a store
 * and wakes up for them; {@link poll} does the rest too.
 *
 * It resolves while the outcome is open, with the transaction to store in place of the one that was given, and with the
 * tokens, which were validated by every rule of {@link processBackchannelAuthenticationGrantResponse}; those of a CIBA
 * transaction have an ID Token. It rejects with what ends the transaction: do not ask again then.
 *
 * Where a DPoP proof lacked the server's nonce, the request is sent again with it, once and at once (RFC 9449, section 8).
 *
 * Not checked: the signature of the ID Token, which TLS stands in for and {@link validateApplicationLevelSignature}
 * verifies; that only one process asks about a transaction at a time, which is for the store to see.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param transaction Made by {@link cibaTransaction} or {@link deviceTransaction}, or the one of the last result. Not
 *   before its `nextPollAt`.
 * @param options `clientAuthentication`, and how to ask. When `signal` aborts, the request may have been carried out: go
 *   on from {@link unansweredTransaction} then, if at all.
 * @returns What the transaction is now.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `access_denied`,
 *   `expired_token`, `invalid_grant`, `invalid_request` (CIBA Core 1.0, section 11; RFC 8628, section 3.5).
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {OperationProcessingError} `OAUTH_TRANSACTION_EXPIRED`: its time is over, and nothing was sent;
 *   `OAUTH_ANSWER_LOST`: it is over, and may have been approved (see `unanswered`);
 *   `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: the answer is none of this endpoint;
 *   `OAUTH_INVALID_RESPONSE`: a member or a claim is missing or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud`,
 *   `azp` or `acr` is another's; `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now;
 *   `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`,
 *   `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token without
 *   `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument; a call before `nextPollAt`; a
 *   client whose `backchannel_token_delivery_mode` is `push`, which must not ask.
 * @see CIBA Core 1.0, sections 10.1 and 11; RFC 8628, sections 3.4 and 3.5
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const transactions: Map<string, countersign.CibaTransaction>
 *
 * // for a transaction that is due, whose nextPollAt has come
 * async function askAbout(transaction: countersign.CibaTransaction): Promise<countersign.IDToken | undefined> {
 *   // what is true if this process ends before there is a result
 *   transactions.set(transaction.auth_req_id, countersign.unansweredTransaction(transaction))
 *   const result = await countersign.pollOnce(as, client, transaction, { clientAuthentication: clientAuth })
 *   if (result.status === 'done') return countersign.getValidatedIdTokenClaims(result.tokens)
 *   transactions.set(transaction.auth_req_id, result.transaction)
 *   return undefined
 * }
 * ```
 */
export async function pollOnce<T extends PollingTransaction>(
  as: AuthorizationServer,
  client: Client,
  transaction: T,
  options: PollOnceOptions,
): Promise<PollResult<T>> {
  assertPolling(as, client, transaction, options)
  const { clock = systemClock, answerTimeout = 35, signal } = options
  throwIfAborted(signal)
  const now = clock.now()
  refuseExpired(client, transaction, now)
  if (now < transaction.nextPollAt) {
    const message = `"transaction" is not to be asked about for another ${transaction.nextPollAt - now} ms`
    throw invalidArgument(message, 'ERR_INVALID_ARG_VALUE')
  }

  let answer = await ask(as, client, transaction, options, clock, answerTimeout)
  if (options.DPoP !== undefined && answer.kind === 'refusal' && isDPoPNonceError(answer.error)) {
    refuseExpired(client, transaction, answer.answeredAt)
    answer = await ask(as, client, transaction, options, clock, answerTimeout)
  }
  return resultOf(client, transaction, answer, options)
}

/** The arguments are what can be polled with. */
export function assertPolling(
  as: AuthorizationServer,
  client: Client,
  transaction: PollingTransaction,
  options: PollOnceOptions,
): void {
  assertServer(as)
  assertClient(client)
  assertTransaction(transaction)
  assertObject(options, 'options')
  const { answerTimeout = 35 } = options
  assertNumber(answerTimeout, 'options.answerTimeout')
  if (answerTimeout < 30) throw invalidArgument('"options.answerTimeout" must be 30 or more', 'ERR_INVALID_ARG_VALUE')
  if (transaction.grant_type === CIBA_GRANT && client.backchannel_token_delivery_mode === 'push') {
    // CIBA Core §11: such a client must not call the token endpoint with this grant
    throw invalidArgument('"client" is registered for push, and is told the outcome', 'ERR_INVALID_ARG_VALUE')
  }
}

/** Refuses a transaction about which nothing can be asked any more at some moment. */
export function refuseExpired(client: Client, transaction: PollingTransaction, moment: number): void {
  const { expiresAt, grant_type, unanswered } = transaction
  const context = { trace: client[trace] }
  const open = moment < expiresAt
  check(context, rules.LOST_ANSWER, open || !unanswered, 'an answer to each request', 'a request without answer')
  if (grant_type === CIBA_GRANT) check(context, rules.CIBA_EXPIRY, open, `before ${expiresAt}`, moment)
  else check(context, rules.DEVICE_EXPIRY, open, `before ${expiresAt}`, moment)
}

/** The server's errors for a transaction that is over in a way that a redeemed one is too. */
const OVER = ['invalid_grant', 'access_denied']

function resultOf<T extends PollingTransaction>(
  client: Client,
  transaction: T,
  answer: Answer & Timing,
  { intervalFrom = 'answer', random = Math.random }: PollOnceOptions,
): PollResult<T> {
  if (answer.kind === 'tokens') return { status: 'done', tokens: answer.tokens, response: answer.response }
  const { error } = answer
  if (answer.kind === 'failure') {
    const reason = answer.network ? 'network' : answer.retryAfter === undefined ? 'server_error' : 'retry_after'
    return { status: 'slower', transaction: afterFault(transaction, answer, answer, random()), reason, error }
  }
  const word = error instanceof ResponseBodyError ? error.error : ''
  if (word === 'authorization_pending') {
    return { status: 'pending', transaction: afterPending(transaction, answer, intervalFrom) }
  }
  if (word === 'slow_down') {
    const slower = afterSlowDown(transaction, answer, intervalFrom)
    return { status: 'slower', transaction: slower, reason: 'slow_down', error }
  }
  if (transaction.unanswered) {
    const context = { trace: client[trace], cause: error }
    check(context, rules.LOST_ANSWER, !OVER.includes(word), 'an answer to each request', word)
  }
  throw error
}
