import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import type { PollingTransaction } from './transaction.ts'

/** The person has not answered. */
export interface PollPending<T extends PollingTransaction> {
  /** The outcome is open. */
  readonly status: 'pending'
  /** The transaction to go on from. */
  readonly transaction: T
}

/** The server wants to be asked less often, or did not answer. */
export interface PollSlower<T extends PollingTransaction> {
  /** The outcome is open, and asking is to be slower. */
  readonly status: 'slower'
  /** The transaction to go on from. */
  readonly transaction: T
  /**
   * `slow_down`: the server's error; `retry_after`: it names a time (503, 429); `server_error`: another status of 500 or
   * more, or 429; `network`: no answer, or no whole one.
   */
  readonly reason: 'slow_down' | 'retry_after' | 'server_error' | 'network'
  /** What was answered instead, or why nothing was; for a log. */
  readonly error: unknown
}

/** The person has approved. */
export interface PollDone {
  /** The transaction is over. */
  readonly status: 'done'
  /** What the token endpoint answered; {@link getValidatedIdTokenClaims} gives the claims. */
  readonly tokens: TokenEndpointResponse
  /** The answer, for {@link validateApplicationLevelSignature}. */
  readonly response: Response
}

/** What a transaction is after one token request. */
export type PollResult<T extends PollingTransaction = PollingTransaction> = PollPending<T> | PollSlower<T> | PollDone
