import { processRevocationResponse, revocationRequest } from 'countersign'
import { failureOf } from '../events/failure.ts'
import type { TransactionRecord } from '../transaction/record.ts'
import { about, type Running } from './context.ts'

/** Whether a transaction has ended, and not with tokens: none that come now are given to anybody. */
export function hasEndedWithout(record: TransactionRecord | undefined): record is TransactionRecord {
  if (record?.state === 'ended') return record.outcome.status !== 'approved'
  return record?.state === 'taken' && record.status !== 'approved'
}

/**
 * Revokes tokens that came for a transaction which had ended, such as by `cancel`: nobody will use them, and nobody else
 * shall. Once, where the server has an endpoint for it (RFC 7009); an event says whether it was done.
 */
export async function revoke(
  running: Running,
  record: TransactionRecord,
  tokens: { readonly access_token?: unknown; readonly refresh_token?: unknown },
): Promise<void> {
  const { metadata, settings, transport, hurry } = running
  const { client, clientAuthentication, answerTimeout } = settings
  try {
    const as = await metadata()
    if (as.revocation_endpoint === undefined) return
    // section 2.1: with a refresh token most servers revoke the access tokens of its grant too
    for (const token_type_hint of ['refresh_token', 'access_token'] as const) {
      const { [token_type_hint]: token } = tokens
      if (typeof token !== 'string') continue
      const response = await revocationRequest(as, client, clientAuthentication, token, {
        ...transport,
        additionalParameters: { token_type_hint },
        signal: AbortSignal.any([AbortSignal.timeout(answerTimeout), hurry]),
      })
      await processRevocationResponse(response)
    }
    running.emit({ type: 'revoked', ...about(running, record) })
  } catch (error) {
    running.emit({ type: 'revoked', ...about(running, record), failure: failureOf(error) })
  }
}
