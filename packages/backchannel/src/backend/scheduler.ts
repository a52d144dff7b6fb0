/**
 * Does what is due of one transaction. It may be called at any time, for any id, in any number of processes: too early,
 * twice, or for a transaction that is gone, it does nothing.
 *
 * @param id The transaction's id.
 * @returns When to call again, in milliseconds since 1970; `undefined` where nothing is left to do.
 */
export type Step = (id: string) => Promise<number | undefined>

/** Decides when a step runs, and where. What a step does, and where records live, is not its concern. */
export interface Scheduler {
  /**
   * From now on steps are run when they are due, also those that earlier calls of `schedule` asked for.
   *
   * @param step Does what is due of a transaction.
   */
  start(step: Step): Promise<void>

  /**
   * A record was stored that is due at that moment: an earlier moment for the same id counts no more. Resolves when it is
   * as durable as the scheduler makes it; what is lost is found again by {@link Store.records} when a process starts.
   *
   * @param id The transaction's id.
   * @param dueAt When, in milliseconds since 1970.
   */
  schedule(id: string, dueAt: number): Promise<void>

  /** How much waits to be run. */
  backlog(): Promise<ScheduledWork>

  /** No step begins any more; resolves when those that are under way have ended. */
  stop(): Promise<void>
}

/** What a {@link Scheduler} has to do. */
export interface ScheduledWork {
  /** Transactions that have a step to come. */
  readonly scheduled: number
  /** Transactions whose step is due and has not begun. */
  readonly overdue: number
  /** Steps that are under way, in this process. */
  readonly running: number
  /** By how many milliseconds the one is late that waits longest; 0 where none is. */
  readonly delay: number
}

/** How much waits to be done, and whether the server is asked at all. */
export interface Backlog extends ScheduledWork {
  /** `open`: the server failed, and is not asked for now; `half-open`: one request shall tell whether it answers again. */
  readonly circuit: 'closed' | 'half-open' | 'open'
}
