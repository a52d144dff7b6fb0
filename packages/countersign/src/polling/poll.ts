import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { throwIfAborted } from './aborted.ts'
import { LONGEST_TIMER, type Sleeper, sleepFor } from './alarm.ts'
import { sharesTimers, systemClock } from './clock.ts'
import type { PollOptions } from './options.ts'
import { assertPolling, pollOnce, refuseExpired } from './poll-once.ts'
import { type Particulars, particularsOf, type Terms, termsOf, transactionOf } from './terms.ts'
import type { PollingTransaction } from './transaction.ts'

/** What {@link poll} resolves with. */
export interface PollOutcome {
  /** What the token endpoint answered; {@link getValidatedIdTokenClaims} gives the claims. */
  readonly tokens: TokenEndpointResponse
  /** The answer, for {@link validateApplicationLevelSignature}. */
  readonly response: Response
}

/**
 * Asks for the outcome of a CIBA transaction or a device authorization until there is one: never twice at once, never
 * faster than `interval`, slower when the server says so or does not answer, and not after the transaction has expired. A
 * fault of the network or the server is not the end.
 *
 * While it waits it costs little memory, because all that wait share one timer. Functions of the options that are called
 * after a wait, such as `customFetch`, therefore run in no particular asynchronous context (`AsyncLocalStorage`); with a
 * `clock` of their own, each runs in its caller's.
 *
 * Not checked: the signature of the ID Token, which TLS stands in for and {@link validateApplicationLevelSignature}
 * verifies; that nobody else asks about the same transaction.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param transaction Made by {@link cibaTransaction} or {@link deviceTransaction}, or stored by `onProgress`.
 * @param options `clientAuthentication`, `signal`, `onProgress`, and how to ask. When `signal` aborts, a request may have
 *   been carried out: whoever goes on later does so from {@link unansweredTransaction} of the last transaction.
 * @returns The tokens, validated by every rule of {@link processBackchannelAuthenticationGrantResponse}; those of a CIBA
 *   transaction have an ID Token.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `access_denied`,
 *   `expired_token`, `invalid_grant`, `invalid_request` (CIBA Core 1.0, section 11; RFC 8628, section 3.5).
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {OperationProcessingError} `OAUTH_TRANSACTION_EXPIRED`: no further request is due before it expires;
 *   `OAUTH_ANSWER_LOST`: it is over, and may have been approved;
 *   `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: an answer is none of this endpoint;
 *   `OAUTH_INVALID_RESPONSE`: a member or a claim is missing or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud`,
 *   `azp` or `acr` is another's; `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now;
 *   `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`,
 *   `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token without
 *   `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument; a client whose
 *   `backchannel_token_delivery_mode` is `push`, which must not ask.
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
 *
 * const sentAt = Date.now()
 * const parameters = { scope: 'openid', login_hint: 'anna@example.com' }
 * const started = await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters)
 * const acknowledgement = await countersign.processBackchannelAuthenticationResponse(as, client, started)
 *
 * const transaction = countersign.cibaTransaction(acknowledgement, sentAt)
 * const { tokens } = await countersign.poll(as, client, transaction, { clientAuthentication: clientAuth })
 * console.log(countersign.getValidatedIdTokenClaims(tokens)?.sub)
 * ```
 */
export function poll<T extends PollingTransaction>(
  as: AuthorizationServer,
  client: Client,
  transaction: T,
  options: PollOptions<T>,
): Promise<PollOutcome> {
  return new Promise((settle) => {
    assertPolling(as, client, transaction, options)
    rest(as, client, transaction, options, settle)
  })
}

/** Settles the promise of a poll. A rejection is given to it as a rejected promise: one function less to keep. */
type Settle = (outcome: PollOutcome | Promise<never>) => void

/** Waits until the next request is due; throws where none is before the transaction expires. */
function rest(
  as: AuthorizationServer,
  client: Client,
  transaction: PollingTransaction,
  options: PollOptions,
  settle: Settle,
): void {
  const { clock = systemClock, signal } = options
  throwIfAborted(signal)
  const now = clock.now()
  refuseExpired(client, transaction, Math.max(now, transaction.nextPollAt))
  const terms = termsOf(as, client, options, transaction)
  const wait = transaction.nextPollAt - now
  if (wait <= 0) {
    void proceed(terms, transaction, settle)
    return
  }
  const resting = new Resting(terms, particularsOf(terms, transaction), now - terms.pattern.expiresAt, settle)
  if (clock === systemClock && sharesTimers()) {
    sleepFor(wait, resting)
    return
  }
  const wake = () => resting.wake()
  // that a sleep was cut short by the signal is seen on waking
  clock.sleep(Math.min(wait, LONGEST_TIMER), signal).then(wake, (failure: unknown) => {
    if (signal?.aborted) wake()
    else settle(rejected(failure))
  })
}

/** Sends the request that is due, and goes on by its result. */
async function proceed({ as, client, options }: Terms, transaction: PollingTransaction, settle: Settle): Promise<void> {
  try {
    const result = await pollOnce(as, client, transaction, options)
    if (result.status === 'done') {
      settle({ tokens: result.tokens, response: result.response })
      return
    }
    await options.onProgress?.(result)
    rest(as, client, result.transaction, options, settle)
  } catch (error) {
    settle(rejected(error))
  }
}

async function rejected(error: unknown): Promise<never> {
  throw error
}

/** A transaction that waits: all that is kept of it and of its poll. */
class Resting implements Sleeper, Particulars {
  readonly id: string
  readonly expiresAt: number
  readonly nextPollAt: number
  readonly restedAt: number
  readonly terms: Terms
  readonly settle: Settle

  constructor(terms: Terms, { id, expiresAt, nextPollAt }: Particulars, restedAt: number, settle: Settle) {
    this.id = id
    this.expiresAt = expiresAt
    this.nextPollAt = nextPollAt
    this.restedAt = restedAt
    this.terms = terms
    this.settle = settle
  }

  get signal(): AbortSignal | undefined {
    return this.terms.options.signal
  }

  wake(): void {
    const { as, client, options } = this.terms
    try {
      rest(as, client, inTime(this), options, this.settle)
    } catch (error) {
      this.settle(rejected(error))
    }
  }
}

/** The transaction of one that wakes: by the present clock, where that was set back in the meantime. */
function inTime(resting: Resting): PollingTransaction {
  const { terms, restedAt } = resting
  const { clock = systemClock } = terms.options
  const transaction = transactionOf(terms, resting)
  const earlier = restedAt + terms.pattern.expiresAt - clock.now()
  if (earlier <= 0) return transaction
  // to sleep for so long once more would be to sleep for hours
  const back = earlier + Math.min(resting.nextPollAt - restedAt, LONGEST_TIMER)
  return { ...transaction, expiresAt: transaction.expiresAt - back, nextPollAt: transaction.nextPollAt - back }
}
