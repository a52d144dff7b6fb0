import type { Starting } from '../transaction/record.ts'
import { begun, type NewTransaction } from '../transaction/transitions.ts'

/** The moment at which the records of tests begin, in milliseconds since 1970. */
export const BEGUN_AT = 1_800_000_000_000

/** A record of a transaction in poll mode that has just begun. */
export function startingRecord(changes: Partial<NewTransaction> = {}): Starting {
  return begun({
    id: 'one',
    grant: 'ciba',
    mode: 'poll',
    createdAt: BEGUN_AT,
    sentAt: BEGUN_AT,
    dueAt: BEGUN_AT + 120_000,
    owner: 'a-process',
    secret: 'sealed',
    schedule: {
      expiresAt: BEGUN_AT + 120_000,
      interval: 5,
      nextPollAt: BEGUN_AT + 5000,
      failures: 0,
      unanswered: false,
    },
    ...changes,
  })
}
