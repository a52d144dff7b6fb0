import { DEVICE_GRANT, type PollingTransaction, type Schedule } from './transaction.ts'

/** Seconds that a back-off grows to. */
const LONGEST_BACK_OFF = 60

/** Seconds by which `slow_down` makes the interval longer (CIBA Core 1.0 §11, RFC 8628 §3.5). */
const SLOW_DOWN = 5

/** When something happened, in milliseconds since 1970. */
export interface Timing {
  /** When the request was sent, or would have been. */
  readonly requestedAt: number
  /** When its answer came, or what stands for it. */
  readonly answeredAt: number
  /** Milliseconds from then that the server asked to be left alone. */
  readonly retryAfter?: number | undefined
}

/**
 * From when the interval counts: `answer`, an answer that came within the interval begins a new one, and after one that
 * took longer the next request is due at once; or `request`, as CIBA Core 1.0, section 10.1 has it.
 */
export type IntervalFrom = 'answer' | 'request'

/** The transaction after `authorization_pending`, which also tells that nothing was redeemed. */
export function afterPending<T extends PollingTransaction>(transaction: T, timing: Timing, from: IntervalFrom): T {
  const { requestedAt, answeredAt } = timing
  const interval = transaction.interval * 1000
  // CIBA Core §10.1: an answer that takes longer than the interval (long polling) needs no pause behind it
  const quick = answeredAt - requestedAt < interval
  const due = from === 'request' ? requestedAt + interval : answeredAt + (quick ? interval : 0)
  return scheduled(transaction, timing, due, { failures: 0, unanswered: false })
}

/** The transaction after `slow_down`: the longer interval holds from now on, however long the answer took. */
export function afterSlowDown<T extends PollingTransaction>(transaction: T, timing: Timing, from: IntervalFrom): T {
  const interval = transaction.interval + SLOW_DOWN
  const due = (from === 'request' ? timing.requestedAt : timing.answeredAt) + interval * 1000
  return scheduled(transaction, timing, due, { interval, failures: 0, unanswered: false })
}

/** What kept an answer of the authorization server from coming. */
export interface Fault {
  /** The answer did not come at all, or not whole. */
  readonly network: boolean
  /** The request may have been carried out. */
  readonly unanswered: boolean
}

/**
 * The transaction after a fault: the wait doubles with each of them in a row, up to a minute, and is cut somewhere
 * between its half and its whole, so that clients that failed together do not come back together.
 *
 * @param random A number from 0 up to 1.
 */
export function afterFault<T extends PollingTransaction>(
  transaction: T,
  timing: Timing,
  fault: Fault,
  random: number,
): T {
  const failures = transaction.failures + 1
  const unanswered = transaction.unanswered || fault.unanswered
  if (fault.network && transaction.grant_type === DEVICE_GRANT) {
    // RFC 8628 §3.5: on a connection timeout the interval itself is doubled
    const interval = transaction.interval * 2
    return scheduled(transaction, timing, timing.answeredAt + interval * 1000, { interval, failures, unanswered })
  }
  const longest = Math.max(transaction.interval, Math.min(LONGEST_BACK_OFF, transaction.interval * 2 ** failures))
  const shortest = Math.max(transaction.interval, longest / 2)
  const wait = shortest + random * (longest - shortest)
  return scheduled(transaction, timing, timing.answeredAt + wait * 1000, { failures, unanswered })
}

function scheduled<T extends PollingTransaction>(
  transaction: T,
  { requestedAt, answeredAt, retryAfter = 0 }: Timing,
  due: number,
  changes: Partial<Schedule>,
): T {
  const { expiresAt } = transaction
  const nextPollAt = Math.min(expiresAt, Math.ceil(Math.max(due, answeredAt + retryAfter)))
  return { ...transaction, ...changes, lastRequestAt: requestedAt, nextPollAt }
}
