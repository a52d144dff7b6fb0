import type { Backlog } from '../backend/scheduler.ts'
import type { BackchannelEvent, EventOfType } from '../events/event.ts'
import type { Started, StartOptions } from '../settings/options.ts'
import type { Announcement, Outcome } from '../transaction/outcome.ts'
import type { TransactionSummary } from '../transaction/summary.ts'

/** Durable transactions with one server, as one client. Made by {@link createBackchannel}, once for an application. */
export interface Backchannel {
  /**
   * Begins an authentication. A mark is stored before the request is sent, and the request is sent once: also where its
   * acknowledgement is lost, since the person might be asked twice.
   *
   * @param options What to authenticate, and how to find it again.
   * @returns The transaction; the one that was there, where the idempotency key names one.
   * @throws {BackchannelError} `BACKCHANNEL_IDEMPOTENCY_KEY_REUSED`: the key began something else;
   *   `BACKCHANNEL_CANNOT_UNSEAL`: whether it did cannot be read, the encryption key is another now; `BACKCHANNEL_CLOSED`.
   * @throws {TypeError} `ERR_INVALID_ARG_VALUE`: an idempotency key of another length, or a `client_notification_token`
   *   among the parameters.
   * @throws What `initiateBackchannelAuthentication` of `countersign` throws, where nothing came of the request: it was not
   *   sent, or the server refused it. Nothing is kept then.
   * @see CIBA Core 1.0, section 7
   */
  start(options: StartOptions): Promise<Started>

  /**
   * Resolves when the transaction has an outcome, at once where it has one already. What it is about is `take`'s to give.
   *
   * @param id The transaction's id.
   * @param options `signal`.
   * @returns How it ended.
   * @throws {BackchannelError} `BACKCHANNEL_UNKNOWN_TRANSACTION`; `BACKCHANNEL_CLOSED`, also when it is closed meanwhile.
   * @throws The signal's reason.
   */
  wait(id: string, options?: WaitOptions): Promise<Announcement>

  /**
   * Gives the outcome, with the tokens, to one caller of all, and deletes them here. Who takes it and dies has lost it: take
   * it when you can keep it.
   *
   * @param id The transaction's id.
   * @returns The outcome; where it is `approved`, with the tokens.
   * @throws {BackchannelError} `BACKCHANNEL_UNKNOWN_TRANSACTION`; `BACKCHANNEL_NO_OUTCOME`: not yet;
   *   `BACKCHANNEL_OUTCOME_TAKEN`: somebody else has it; `BACKCHANNEL_CANNOT_UNSEAL`: the key is another now, and nothing was
   *   taken; `BACKCHANNEL_CLOSED`.
   */
  take(id: string): Promise<Outcome>

  /**
   * Calls the listener for every outcome that nobody has taken: those that are there already, and those to come, in every
   * process that has subscribed. One may be told more than once, and may be another by the time that it is taken: a success
   * that comes late replaces `lost`, `expired` and `unacknowledged`.
   *
   * @param listener Is called for each.
   * @returns A function that ends it.
   * @throws {BackchannelError} `BACKCHANNEL_CLOSED`
   */
  subscribe(listener: (announcement: Announcement) => void): () => void

  /**
   * Every transaction that is kept, in no order.
   *
   * @throws {BackchannelError} `BACKCHANNEL_CLOSED`
   */
  list(): AsyncIterable<TransactionSummary>

  /**
   * One transaction; `undefined` where none is kept with this id.
   *
   * @param id The transaction's id.
   * @throws {BackchannelError} `BACKCHANNEL_CLOSED`
   */
  find(id: string): Promise<TransactionSummary | undefined>

  /**
   * Ends a transaction for this side: its outcome is `cancelled`, and what the server says later is not kept. CIBA has no
   * message to tell the server, so the person may still be asked.
   *
   * @param id The transaction's id.
   * @returns How the transaction has ended; another word than `cancelled` where it had before.
   * @throws {BackchannelError} `BACKCHANNEL_UNKNOWN_TRANSACTION`, `BACKCHANNEL_CLOSED`
   */
  cancel(id: string): Promise<Announcement>

  /**
   * Answers the server's callbacks, pings or pushes as the client is registered for. Mount it at the client's
   * `backchannel_client_notification_endpoint`. It never rejects.
   *
   * @param request The callback.
   * @see CIBA Core 1.0, sections 10.2 and 10.3
   */
  readonly handler: (request: Request) => Promise<Response>

  /**
   * Calls the listener for each event of that type, or of every type for `*`.
   *
   * @param type Which events.
   * @param listener Is called for each.
   * @returns A function that ends it.
   */
  on<Type extends BackchannelEvent['type']>(type: Type | '*', listener: (event: EventOfType<Type>) => void): () => void

  /** How much waits, and whether the server is asked at all. */
  backlog(): Promise<Backlog>

  /**
   * Begins nothing more, waits for what is under way, and gives up the store. Transactions go on when they are opened again.
   *
   * @param options `signal` aborts what is under way: what a server answers then is perhaps lost.
   */
  close(options?: CloseOptions): Promise<void>
}

/** Options of {@link Backchannel.wait}. */
export interface WaitOptions {
  /** Ends the wait; the transaction goes on. */
  readonly signal?: AbortSignal
}

/** Options of {@link Backchannel.close}. */
export interface CloseOptions {
  /** Aborts what is under way: what a server answers then is perhaps lost. */
  readonly signal?: AbortSignal
}
