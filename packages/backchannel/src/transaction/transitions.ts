// What a record becomes, as pure functions. Each gives the record to store in place of the one it got, one version on, or
// `undefined` where the record is not in a state that allows it. Nothing here reads a clock or a store.
import type { Schedule } from 'countersign'
import type { OutcomeStatus, StoredOutcome } from './outcome.ts'
import type { Answered, Ended, Pending, Polling, Starting, Taken, TransactionRecord } from './record.ts'

/** What a new transaction is made of. */
export type NewTransaction = Pick<
  Starting,
  'createdAt' | 'dueAt' | 'grant' | 'id' | 'mode' | 'owner' | 'schedule' | 'secret' | 'sentAt'
> &
  Partial<Pick<Starting, 'idempotencyKey' | 'notificationTokenHash'>>

/** The mark that is stored before the authentication request is sent. */
export function begun(transaction: NewTransaction): Starting {
  return { ...transaction, state: 'starting', version: 1, pinged: false }
}

/** The server's name for the transaction is known: by the acknowledgement, or by a ping where that was lost or late. */
export function acknowledged(
  record: TransactionRecord,
  known: Pick<Pending, 'dueAt' | 'schedule' | 'secret'> & Partial<Pick<Pending, 'pinged'>>,
): Pending | undefined {
  if (record.state === 'ended') {
    return record.outcome.status === 'unacknowledged' ? pending(record, { pinged: false, ...known }) : undefined
  }
  if (record.state !== 'starting') return undefined
  return pending(record, { pinged: record.pinged, ...known })
}

/** A ping was there before the acknowledgement, which still tells the interval and the expiry. */
export function corrected(
  record: TransactionRecord,
  { expiresAt, interval }: Pick<Schedule, 'expiresAt' | 'interval'>,
): Pending | Polling | undefined {
  if (record.state !== 'pending' && record.state !== 'polling') return undefined
  return { ...record, version: record.version + 1, schedule: { ...record.schedule, expiresAt, interval } }
}

/** The mark that is stored before a token request is sent; a ping that came before it is answered by that request. */
export function marked(
  record: TransactionRecord,
  mark: Pick<Polling, 'dueAt' | 'owner' | 'schedule' | 'since'>,
): Polling | undefined {
  if (record.state !== 'pending') return undefined
  return { ...kept(record), ...mark, state: 'polling', pinged: false }
}

/** The answer to a token request was not the outcome, or it is not known: `schedule` says so, and when to ask again. */
export function unmarked(record: Polling, next: Pick<Pending, 'dueAt' | 'schedule'>): Pending {
  return pending(record, { pinged: record.pinged, ...next })
}

/** A ping came, and the name of the transaction was known. */
export function pinged(
  record: TransactionRecord,
  next: Pick<Pending, 'dueAt' | 'schedule'>,
): Pending | Polling | undefined {
  if (record.state === 'pending') return pending(record, { ...next, pinged: true })
  // the request that is under way may have been answered before the person did
  return record.state === 'polling' ? { ...record, version: record.version + 1, pinged: true } : undefined
}

/**
 * The server's answer of success, or a push, is stored before it is looked at. It beats every other end that was not
 * taken yet and that says no more than that there was no answer: a success that comes late is a success.
 */
export function answered(
  record: TransactionRecord,
  answer: Pick<Answered, 'answer' | 'dueAt' | 'receivedAt'> & Partial<Pick<Answered, 'secret'>>,
): Answered | undefined {
  const { state } = record
  if (state === 'taken' || state === 'answered' || (state === 'ended' && !isRevocable(record))) return undefined
  return {
    ...kept(record),
    ...answer,
    state: 'answered',
    schedule: record.schedule,
    pinged: state === 'ended' ? false : record.pinged,
    attempts: 0,
    before:
      state === 'starting' || (state === 'ended' && record.outcome.status === 'unacknowledged')
        ? 'starting'
        : 'pending',
  }
}

/** The answer could be neither accepted nor refused: it is looked at again later. */
export function postponed(record: Answered, dueAt: number): Answered {
  return { ...record, version: record.version + 1, attempts: record.attempts + 1, dueAt }
}

/** A push was refused: the one that the server owes may still come. */
export function restored(
  record: Answered,
  known: Pick<Starting, 'dueAt' | 'owner' | 'secret' | 'sentAt'>,
): Pending | Starting {
  const { schedule, pinged } = record
  const { dueAt, secret, owner, sentAt } = known
  if (record.before === 'pending') return pending(record, { dueAt, schedule, pinged, secret })
  return { ...kept(record), state: 'starting', secret, schedule, pinged, dueAt, owner, sentAt }
}

/**
 * The transaction has its outcome, which nobody has taken yet. It is deleted when `dueAt` has come. What a server said
 * beats that its answer is lost, where the one that heard it stood still for a while.
 */
export function ended(
  record: TransactionRecord,
  outcome: StoredOutcome,
  { endedAt, dueAt }: Pick<Ended, 'dueAt' | 'endedAt'>,
): Ended | undefined {
  if (record.state === 'taken') return undefined
  if (record.state === 'ended' && (record.outcome.status !== 'lost' || outcome.status === 'lost')) return undefined
  return { ...kept(record), state: 'ended', schedule: record.schedule, outcome, endedAt, dueAt }
}

/**
 * The outcome was given out. The tokens are gone with it, and the key they are bound to by another `secret`; what is left
 * is deleted when `dueAt` has come.
 */
export function taken(record: Ended, left: Pick<Taken, 'dueAt' | 'secret' | 'takenAt'>): Taken {
  return { ...kept(record), ...left, state: 'taken', status: record.outcome.status }
}

/** Ends that only say that no answer is known, and not what it was. */
const REVOCABLE: ReadonlySet<OutcomeStatus> = new Set<OutcomeStatus>(['expired', 'lost', 'unacknowledged'])

function isRevocable({ outcome }: Ended): boolean {
  return REVOCABLE.has(outcome.status) && !(outcome.status === 'expired' && outcome.by === 'server')
}

function pending(
  record: TransactionRecord,
  known: Pick<Pending, 'dueAt' | 'pinged' | 'schedule'> & Partial<Pick<Pending, 'secret'>>,
): Pending {
  const { dueAt, schedule, pinged, secret = record.secret } = known
  return { ...kept(record), state: 'pending', secret, schedule, pinged, dueAt }
}

/** The members that a record keeps whatever becomes of it, one version on. */
function kept({
  id,
  version,
  grant,
  mode,
  createdAt,
  idempotencyKey,
  notificationTokenHash,
  secret,
}: TransactionRecord) {
  return {
    id,
    version: version + 1,
    grant,
    mode,
    createdAt,
    secret,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(notificationTokenHash !== undefined && { notificationTokenHash }),
  }
}
