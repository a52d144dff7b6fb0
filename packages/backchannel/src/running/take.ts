import type { JsonValue } from 'countersign'
import { BackchannelError, OUTCOME_TAKEN } from '../errors/backchannel-error.ts'
import type { Outcome, StoredOutcome } from '../transaction/outcome.ts'
import type { Ended, TransactionSecret } from '../transaction/record.ts'
import { taken } from '../transaction/transitions.ts'
import { about, type Running } from './context.ts'

/**
 * Gives the outcome out, if nobody was faster. What cannot be opened is not taken: everything is read before the one swap
 * that deletes it.
 */
export async function take(running: Running, record: Ended): Promise<Outcome> {
  const { store, sealing, clock, settings } = running
  const { id } = record
  const secret = await sealing.unseal('secret', id, record.secret)
  const outcome = await outcomeOf(running, record, record.outcome, secret)
  const { dpop: _, context: __, ...left } = secret
  const takenAt = clock.now()
  const rest = await sealing.seal('secret', id, left)
  const tombstone = taken(record, { takenAt, dueAt: takenAt + settings.retention, secret: rest })
  if (!(await store.replace(tombstone))) {
    const now = await store.read(id)
    // a success that came this moment replaces what was to be taken
    if (now?.state === 'ended') return await take(running, now)
    throw new BackchannelError(OUTCOME_TAKEN, 'the outcome was taken before, or is about to be another')
  }
  running.emit({ type: 'taken', ...about(running, record), status: outcome.status })
  return outcome
}

async function outcomeOf(
  { sealing, proofKeys }: Running,
  { id }: Ended,
  stored: StoredOutcome,
  secret: TransactionSecret,
): Promise<Outcome> {
  const { context: kept } = secret
  // it was made of a JSON value
  const context = kept === undefined ? {} : { context: JSON.parse(kept) as JsonValue }
  if (stored.status !== 'approved') return { ...stored, id, ...context }
  const { tokens, claims } = await sealing.unseal('tokens', id, stored.sealedTokens)
  const key = tokens.token_type === 'dpop' ? await proofKeys.of(id, secret) : undefined
  return {
    status: 'approved',
    id,
    ...context,
    tokens,
    ...(claims !== undefined && { claims }),
    ...(key !== undefined && { DPoP: key }),
  }
}
