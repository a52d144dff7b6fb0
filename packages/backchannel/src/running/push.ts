import {
  generateClientNotificationToken,
  jweDecrypt,
  type FindTransaction,
  type PushCallback,
  validatePushCallback,
} from 'countersign'
import type { Answered, RawAnswer, TransactionSecret } from '../transaction/record.ts'
import { clientAt } from './client-at.ts'
import type { Running } from './context.ts'

/** Validates the request of a push, as of a moment. */
export async function validPush(
  running: Running,
  request: Request,
  moment: number,
  findTransaction: FindTransaction,
): Promise<PushCallback> {
  const { options, transport, metadata } = running
  const { [jweDecrypt]: decrypt, recognizedTokenTypes } = options
  return await validatePushCallback(await metadata(), clientAt(running, moment), request, {
    ...transport,
    findTransaction,
    signal: AbortSignal.timeout(30_000),
    ...(decrypt !== undefined && { [jweDecrypt]: decrypt }),
    ...(recognizedTokenTypes !== undefined && { recognizedTokenTypes }),
  })
}

/**
 * Validates a push that is stored. Its bearer token was seen to be the transaction's before it was stored, and is not kept;
 * a new one stands in for it.
 */
export async function replayedPush(
  running: Running,
  { receivedAt }: Answered,
  { auth_req_id }: TransactionSecret,
  { contentType, body }: RawAnswer,
): Promise<PushCallback> {
  const client_notification_token = generateClientNotificationToken()
  const headers = { authorization: `Bearer ${client_notification_token}`, 'content-type': contentType }
  const request = new Request('https://client.invalid/', { method: 'POST', headers, body })
  return await validPush(running, request, receivedAt, () => ({ auth_req_id, client_notification_token }))
}
