import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { TokenEndpointRequestOptions } from '../grants/token-request.ts'
import type { ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import type { Clock } from './clock.ts'
import type { IntervalFrom } from './pacing.ts'
import type { PollPending, PollSlower } from './result.ts'
import type { PollingTransaction } from './transaction.ts'

/** Options of {@link pollOnce}. */
export interface PollOnceOptions extends Omit<TokenEndpointRequestOptions, 'signal'>, ProcessTokenResponseOptions {
  /** How the client proves who it is. */
  clientAuthentication: ClientAuth

  /** Aborts the request. */
  signal?: AbortSignal | undefined

  /**
   * Seconds to wait for an answer, 30 or more, since a server may hold its answer back for so long (CIBA Core 1.0,
   * section 10.1). Default 35.
   */
  answerTimeout?: number

  /**
   * What the interval counts from: `answer`, which is later and right for every server, or `request`, as CIBA Core 1.0,
   * section 10.1 has it. Default `answer`.
   */
  intervalFrom?: IntervalFrom

  /** Tells the time, and passes it. Default: the clock of the machine; `clockSkew` does not count here. */
  clock?: Clock

  /** Gives numbers from 0 up to 1, so that clients which failed together ask again apart. Default `Math.random`. */
  random?: () => number
}

/** Options of {@link poll}. */
export interface PollOptions<T extends PollingTransaction = PollingTransaction> extends PollOnceOptions {
  /** Ends the polling: it rejects at once with the signal's reason. */
  signal?: AbortSignal | undefined

  /**
   * Called with each result but the last, for a store or a log; the polling goes on when what it returns has resolved,
   * and ends with what it throws.
   *
   * @param result What the transaction is now.
   * @returns Anything; a promise is waited for.
   */
  onProgress?(result: PollPending<T> | PollSlower<T>): unknown
}
