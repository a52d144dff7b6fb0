import type { Step } from '../backend/scheduler.ts'
import { failureOf } from '../events/failure.ts'
import type { Polling, Starting, TransactionRecord } from '../transaction/record.ts'
import { rebased } from '../transaction/rebased.ts'
import { unmarked } from '../transaction/transitions.ts'
import { askServer } from './ask-server.ts'
import { conclude } from './conclude.ts'
import { about, type Running } from './context.ts'
import { MARK_GRACE } from '../settings/settings.ts'
import { dueAtOf } from './timing.ts'
import { judge } from './judge.ts'

/** A step that failed is done again after this time, in milliseconds. */
const RETRY_AFTER = 5000

/**
 * The step of this process: load, see what is due, do that one thing. Everything that it stores is a compare and swap, so
 * it does no harm where another process does the same.
 */
export function stepOf(running: Running): Step {
  return async (id) => {
    try {
      return await step(running, id)
    } catch (error) {
      const at = running.clock.now()
      running.emit({ type: 'step-failed', at, id, failure: failureOf(error) })
      return at + RETRY_AFTER
    }
  }
}

async function step(running: Running, id: string): Promise<number | undefined> {
  const stored = await running.store.read(id)
  if (stored === undefined) return undefined
  const now = running.clock.now()
  const moved = rebased(stored, now)
  if (moved !== undefined && !(await running.store.replace(moved))) return now
  const record = moved ?? stored
  const dead = isDead(running, record)
  if (record.dueAt > now && !dead) return record.dueAt
  switch (record.state) {
    case 'starting':
      return await giveUp(running, record)
    case 'pending':
      return await askServer(running, record)
    case 'polling':
      return await resume(running, record)
    case 'answered':
      return await judge(running, record)
    case 'ended':
    case 'taken':
      return await forget(running, record)
  }
}

/**
 * A mark that nothing can become of any more: where no other process uses the store, that of any other owner. A callback
 * can still answer an authentication request in ping and push mode; nothing can in poll mode.
 */
function isDead({ store, owner }: Running, record: TransactionRecord): boolean {
  if (!store.exclusive) return false
  return (
    (record.state === 'polling' || (record.state === 'starting' && record.mode === 'poll')) && record.owner !== owner
  )
}

/** The acknowledgement has not come, and cannot come any more. */
async function giveUp(running: Running, record: Starting): Promise<number | undefined> {
  running.emit({ type: 'acknowledgement-lost', ...about(running, record) })
  const now = await conclude(running, record.id, { status: 'unacknowledged' }, ({ state }) => state === 'starting')
  return now?.dueAt
}

/**
 * Goes on where a process ended, or stood still for too long, between its mark and the answer. The request may have left
 * as late as the mark's grace allows, so the interval is counted from then.
 */
async function resume(running: Running, record: Polling): Promise<number> {
  const now = running.clock.now()
  const { expiresAt, interval } = record.schedule
  const sentAt = Math.min(now, record.since + MARK_GRACE)
  const nextPollAt = Math.min(expiresAt, sentAt + interval * 1000)
  // the mark's own schedule says that its request is unanswered
  const schedule = { ...record.schedule, nextPollAt }
  const pinged = record.pinged || record.mode === 'ping'
  const dueAt = Math.max(now, dueAtOf(running, { ...record, schedule, pinged }))
  if (!(await running.store.replace(unmarked(record, { schedule, dueAt })))) return now
  running.emit({ type: 'resumed', ...about(running, record), nextPollAt })
  return dueAt
}

/** What was kept long enough goes, whether anybody took it or not. */
async function forget(running: Running, record: TransactionRecord): Promise<number | undefined> {
  if (!(await running.store.remove(record))) return running.clock.now()
  running.emit({ type: 'deleted', ...about(running, record), taken: record.state === 'taken' })
  return undefined
}
