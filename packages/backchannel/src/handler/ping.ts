import { type CibaTransaction, pingedTransaction, validatePingCallback } from 'countersign'
import { about, type Running, update } from '../running/context.ts'
import { cibaTransactionOf, scheduleOf } from '../running/timing.ts'
import type { TransactionRecord } from '../transaction/record.ts'
import { acknowledged, pinged } from '../transaction/transitions.ts'
import { findRecord, type FoundRecord } from './find-record.ts'

/**
 * Takes a ping: the transaction is due as soon as the interval since the last token request allows. A ping that tells
 * nothing new is taken too, and changes nothing.
 */
export async function takePing(running: Running, request: Request): Promise<void> {
  let found: FoundRecord | undefined
  const { auth_req_id } = await validatePingCallback(request, {
    findTransaction: async ({ client_notification_token_hash }) => {
      found = await findRecord(running, client_notification_token_hash)
      return found?.expectation
    },
  })
  // what was not found was refused
  if (found === undefined) throw new Error('a callback was taken for a transaction that was not found')
  const { record, secret } = found
  const named = secret.auth_req_id === undefined
  const sealed = await running.sealing.seal('secret', record.id, { ...secret, auth_req_id })
  const { stored } = await update(running, record.id, (current) => afterPing(running, current, auth_req_id, sealed))
  running.emit({ type: 'callback', ...about(running, record), callback: 'ping', duplicate: stored === undefined })
  if (stored === undefined) return
  if (named) running.emit({ type: 'acknowledged', ...about(running, record), by: 'callback' })
  await running.schedule(stored)
}

function afterPing(running: Running, record: TransactionRecord, auth_req_id: string, secret: string) {
  if (record.state === 'taken' || record.state === 'answered') return undefined
  const now = running.clock.now()
  const transaction: CibaTransaction | undefined = cibaTransactionOf(record.schedule, { auth_req_id, fingerprint: '' })
  // after its expiry nothing is asked any more
  if (transaction === undefined || now >= transaction.expiresAt) return undefined
  const next = scheduleOf(pingedTransaction(transaction, now))
  const dueAt = Math.min(next.expiresAt, Math.max(now, next.nextPollAt))
  if (record.state === 'pending' || record.state === 'polling') return pinged(record, { schedule: next, dueAt })
  return acknowledged(record, { schedule: next, secret, dueAt, pinged: true })
}
