import type { OutcomeStatus } from './outcome.ts'
import type { DeliveryMode, Grant, TransactionRecord } from './record.ts'

/** A transaction as a list shows it: without tokens, names that the server gave, hints and messages. */
export interface TransactionSummary {
  /** The transaction's id. */
  readonly id: string
  /** See {@link Grant}. */
  readonly grant: Grant
  /** See {@link DeliveryMode}. */
  readonly mode: DeliveryMode
  /** The caller's name for what was asked. */
  readonly idempotencyKey?: string
  /**
   * `starting`: the request is under way, or its acknowledgement was lost; `pending`: the person has not answered, as far
   * as is known; `answered`: an answer is stored and not validated yet; else how it ended.
   */
  readonly status: OutcomeStatus | 'answered' | 'pending' | 'starting'
  /** Whether the outcome was taken. */
  readonly taken: boolean
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Milliseconds since 1970 when the server stops waiting for the person; absent once the outcome was taken. */
  readonly expiresAt?: number
  /** Milliseconds since 1970 when something is done next: the server asked, the expiry noticed, the record deleted. */
  readonly dueAt: number
  /** A token request was sent whose answer is not known. */
  readonly unanswered: boolean
}

/** What may be shown of a record. */
export function summaryOf(record: TransactionRecord): TransactionSummary {
  const { id, grant, mode, idempotencyKey, createdAt, dueAt } = record
  const shown = { id, grant, mode, createdAt, dueAt, ...(idempotencyKey !== undefined && { idempotencyKey }) }
  if (record.state === 'taken') return { ...shown, status: record.status, taken: true, unanswered: false }
  const { expiresAt, unanswered } = record.schedule
  return { ...shown, status: statusOf(record), taken: false, expiresAt, unanswered }
}

/** Where a transaction is, in the words of {@link TransactionSummary}. */
function statusOf(record: TransactionRecord): TransactionSummary['status'] {
  switch (record.state) {
    case 'ended':
      return record.outcome.status
    case 'taken':
      return record.status
    case 'polling':
      return 'pending'
    default:
      return record.state
  }
}
