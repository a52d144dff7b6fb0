import type { CallbackExpectation } from 'countersign'
import type { Running } from '../running/context.ts'
import type { TransactionRecord, TransactionSecret } from '../transaction/record.ts'

/** The transaction that a callback is about, and what it must match. */
export interface FoundRecord {
  readonly record: TransactionRecord
  readonly secret: TransactionSecret
  readonly expectation: CallbackExpectation
}

/**
 * Looks up by the hash of the token, so that a transaction whose acknowledgement was lost is found too. Those that have
 * ended are found as well: a server that repeats itself did nothing wrong.
 */
export async function findRecord(
  { store, sealing }: Running,
  client_notification_token_hash: string,
): Promise<FoundRecord | undefined> {
  const record = await store.findByNotificationToken(client_notification_token_hash)
  if (record === undefined) return undefined
  const secret = await sealing.unseal('secret', record.id, record.secret)
  const { auth_req_id } = secret
  return { record, secret, expectation: { auth_req_id, client_notification_token_hash } }
}
