import type { Schedule } from 'countersign'
import type { Answered, Pending, Starting, TransactionRecord } from './record.ts'

/**
 * The clock shows a time before something that has happened to the record: it was set back. The record, with its times told
 * by the clock as it is now. What has happened is taken to have happened just now, so that nothing is asked for earlier than
 * its interval allows; and nothing waits until the clock is where it was.
 *
 * @returns `undefined` where the clock was not set back, or the record has no time to wait for: a token request is under
 *   way, or there is an outcome.
 */
export function rebased(record: TransactionRecord, now: number): Answered | Pending | Starting | undefined {
  const { version } = record
  switch (record.state) {
    case 'starting':
      if (record.sentAt <= now) return undefined
      return { ...record, version: version + 1, ...moved(record, record.sentAt, now), sentAt: now }
    case 'answered':
      if (record.receivedAt <= now) return undefined
      return { ...record, version: version + 1, ...moved(record, record.receivedAt, now), receivedAt: now }
    case 'pending': {
      const { lastRequestAt = record.createdAt } = record.schedule
      return lastRequestAt <= now
        ? undefined
        : { ...record, version: version + 1, ...moved(record, lastRequestAt, now) }
    }
    case 'polling':
    case 'ended':
    case 'taken':
      return undefined
  }
}

function moved({ dueAt, schedule }: Answered | Pending | Starting, last: number, now: number) {
  // an answer that came when the clock had been set was counted from then
  const byNow = (moment: number) => (moment < last ? moment : moment - (last - now))
  const { expiresAt, nextPollAt } = schedule
  const next: Schedule = {
    ...schedule,
    expiresAt: expiresAt - (last - now),
    nextPollAt: byNow(nextPollAt),
    lastRequestAt: now,
  }
  return { dueAt: byNow(dueAt), schedule: next }
}
