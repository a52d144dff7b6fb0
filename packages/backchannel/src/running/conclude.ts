import { ANSWER_LOST, ResponseBodyError, TRANSACTION_EXPIRED } from 'countersign'
import { failureOf } from '../events/failure.ts'
import type { StoredOutcome } from '../transaction/outcome.ts'
import type { Ended, TransactionRecord } from '../transaction/record.ts'
import { ended } from '../transaction/transitions.ts'
import { about, type Running, update } from './context.ts'

/**
 * Stores an outcome and announces it.
 *
 * @param allowed Whether the record, as it is then, is to end so.
 * @param triedAt When it ended, where it was perhaps tried before to store that.
 * @returns The record as it is now.
 */
export async function conclude(
  running: Running,
  id: string,
  outcome: StoredOutcome,
  allowed: (record: TransactionRecord) => boolean,
  triedAt?: number,
): Promise<TransactionRecord | undefined> {
  const endedAt = triedAt ?? running.clock.now()
  const end = { endedAt, dueAt: endedAt + running.settings.retention }
  const { stored, before } = await update(running, id, (record) =>
    allowed(record) ? ended(record, outcome, end) : undefined,
  )
  // an attempt before this one may have gone well of which the store did not say so
  const concluded = stored ?? (isEnd(before, outcome, triedAt) ? before : undefined)
  if (concluded === undefined) {
    if (before !== undefined) running.emit({ type: 'discarded', ...about(running, before) })
    return before
  }
  await announce(running, concluded)
  return concluded
}

function isEnd(
  record: TransactionRecord | undefined,
  { status }: StoredOutcome,
  triedAt: number | undefined,
): record is Ended {
  return record?.state === 'ended' && record.outcome.status === status && record.endedAt === triedAt
}

/** Tells whoever waits that there is an outcome. That it cannot be told now is no fault of the outcome. */
async function announce(running: Running, record: Ended): Promise<void> {
  const { id, outcome, createdAt, endedAt } = record
  const { status } = outcome
  running.emit({
    type: 'outcome',
    ...about(running, record),
    status,
    duration: endedAt - createdAt,
    ...(outcome.status === 'failed' && { failure: outcome.failure }),
  })
  try {
    await running.announcements.publish({ id, status })
  } catch (error) {
    running.emit({ type: 'step-failed', at: running.clock.now(), id, failure: failureOf(error) })
  }
}

/** The outcome that an error of the token endpoint, or of a rule about its answer, means (CIBA Core 1.0 §11). */
export function outcomeOf(error: unknown): StoredOutcome {
  const failure = failureOf(error)
  if (failure.code === TRANSACTION_EXPIRED) return { status: 'expired', by: 'clock' }
  if (failure.code === ANSWER_LOST) return lost(error)
  if (!(error instanceof ResponseBodyError)) return { status: 'failed', failure }
  return refusal(error.error, failure.error_description) ?? { status: 'failed', failure }
}

/** The refusal by the rule about lost answers has the server's error as its cause. */
function lost(error: unknown): StoredOutcome {
  const cause = error instanceof Error ? error.cause : undefined
  const said = cause instanceof ResponseBodyError ? cause.error : undefined
  return { status: 'lost', ...(said !== undefined && { error: said }) }
}

/** The outcomes that have a word of their own. */
export function refusal(error: string, error_description: string | undefined): StoredOutcome | undefined {
  if (error === 'expired_token') return { status: 'expired', by: 'server' }
  if (error !== 'access_denied') return undefined
  return { status: 'refused', error, ...(error_description !== undefined && { error_description }) }
}
