import type { Announcements } from './announcements.ts'
import type { Scheduler } from './scheduler.ts'
import type { Store } from './store.ts'

/** Where records live, when steps run, and how outcomes get about: what differs between one process and many. */
export interface Backend {
  /** Where records live. */
  readonly store: Store
  /** When steps run. */
  readonly scheduler: Scheduler
  /** How outcomes get about. */
  readonly announcements: Announcements
  /** Gives up what the three share, after the scheduler was stopped and before the store is closed. */
  close?(): Promise<void>
}

/** What a backend is told of the object that opens it. */
export interface BackendContext {
  /** The name of this process in marks: different for every process and start. */
  readonly owner: string
  /** The time. */
  readonly clock: Clock
  /** Steps that this process runs at the same time at most. */
  readonly concurrency: number
}

/**
 * Opens a backend; `embedded()` and `redis()` make such functions.
 *
 * @param context What it is told of the object that opens it.
 * @returns The backend, open.
 * @throws {BackchannelError} `BACKCHANNEL_STORE_IN_USE`: another process has the folder of `embedded()` open.
 */
export type OpenBackend = (context: BackendContext) => Promise<Backend>

/** Reads the time and waits; tests have their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Resolves after a time; resolves or rejects early when the signal aborts.
   *
   * @param milliseconds How long.
   * @param signal Ends it early.
   */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
}
