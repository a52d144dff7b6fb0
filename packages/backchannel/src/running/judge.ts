import {
  customFetch,
  getValidatedIdTokenClaims,
  jweDecrypt,
  KEY_SELECTION,
  OperationProcessingError,
  type PollingTransaction,
  pollOnce,
  type PushCallback,
  UnsupportedOperationError,
  validateApplicationLevelSignature,
} from 'countersign'
import { failureOf } from '../events/failure.ts'
import type { ValidatedTokens } from '../sealing/sealed-records.ts'
import type { StoredOutcome } from '../transaction/outcome.ts'
import type { Answered, RawAnswer, TransactionSecret } from '../transaction/record.ts'
import { postponed, restored } from '../transaction/transitions.ts'
import { conclude, refusal } from './conclude.ts'
import { clientAt } from './client-at.ts'
import { about, type Running, update } from './context.ts'
import { replayedPush } from './push.ts'
import { dueAtOf, transactionOf } from './timing.ts'

/** For how long an answer that cannot be judged is kept, in milliseconds: the server's keys may be away for a while. */
const PATIENCE = 3_600_000

/** Milliseconds between two attempts at most; the first is after one second, and each wait is twice the one before. */
const LONGEST_WAIT = 60_000

/**
 * Validates an answer that is stored, and stores the outcome. It is the same whether the answer came a moment ago or was
 * left behind by a process that ended: the exchange is done again with the stored answer in place of the server's, as of
 * when it came. The server is not asked again.
 */
export async function judge(running: Running, record: Answered): Promise<number | undefined> {
  const attributes = { 'countersign.transaction.id': record.id, 'countersign.attempts': record.attempts }
  return await running.span('countersign.backchannel.validate', attributes, async () => {
    try {
      const answer = await running.sealing.unseal('answer', record.id, record.answer)
      return await accept(running, record, await validated(running, record, answer))
    } catch (error) {
      return isRefusal(error) ? await refuse(running, record, error) : await postpone(running, record, error)
    }
  })
}

/** Stores what a valid answer, or a valid push, says. */
export async function accept(
  running: Running,
  record: Answered,
  valid: PushCallback | Valid,
): Promise<number | undefined> {
  const outcome = await outcomeOf(running, record, valid)
  const now = await conclude(running, record.id, outcome, (current) => isSame(current, record))
  return now?.dueAt
}

/** Tokens that were validated. */
interface Valid extends ValidatedTokens {
  readonly status: 'approved'
}

async function outcomeOf(running: Running, { id }: Answered, valid: PushCallback | Valid): Promise<StoredOutcome> {
  if (valid.status === 'approved') {
    const { tokens, claims } = valid
    const sealedTokens = await running.sealing.seal(
      'tokens',
      id,
      claims === undefined ? { tokens } : { tokens, claims },
    )
    return { status: 'approved', sealedTokens }
  }
  const { error, error_description } = valid
  const described = error_description === undefined ? {} : { error_description }
  const message = 'the server says that the transaction has failed'
  return (
    refusal(error, error_description) ?? { status: 'failed', failure: { name: 'Error', message, error, ...described } }
  )
}

async function validated(running: Running, record: Answered, answer: RawAnswer): Promise<PushCallback | Valid> {
  const secret = await running.sealing.unseal('secret', record.id, record.secret)
  return answer.via === 'push'
    ? await replayedPush(running, record, secret, answer)
    : await replayedPoll(running, record, secret, answer)
}

async function replayedPoll(
  running: Running,
  record: Answered,
  secret: TransactionSecret,
  { contentType, body }: RawAnswer,
): Promise<Valid> {
  const { metadata, options, proofKeys, transport, clock } = running
  const as = await metadata()
  const key = await proofKeys.of(record.id, secret)
  const { [jweDecrypt]: decrypt, recognizedTokenTypes } = options
  const { receivedAt } = record
  const transaction = transactionOf({ ...record.schedule, nextPollAt: receivedAt, expiresAt: receivedAt + 1 }, secret)
  if (transaction === undefined) throw new Error('a transaction that was answered has a name')
  const result = await pollOnce<PollingTransaction>(as, clientAt(running, receivedAt), transaction, {
    ...transport,
    // nothing is sent
    clientAuthentication: () => undefined,
    clock: { now: () => receivedAt, sleep: async (time, signal) => await clock.sleep(time, signal) },
    ...(key !== undefined && { DPoP: key.handle }),
    ...(decrypt !== undefined && { [jweDecrypt]: decrypt }),
    ...(recognizedTokenTypes !== undefined && { recognizedTokenTypes }),
    [customFetch]: async () => new Response(body, { headers: { 'content-type': contentType } }),
  })
  if (result.status !== 'done') throw new Error('an answer with the status 200 is one of success, or refused')
  const { tokens, response } = result
  const claims = getValidatedIdTokenClaims(tokens)
  if (claims === undefined) return { status: 'approved', tokens }
  await validateApplicationLevelSignature(as, response, { ...transport, signal: AbortSignal.timeout(30_000) })
  return { status: 'approved', tokens, claims }
}

/**
 * Whether an error says that the answer is not good, rather than that this cannot be told now. Keys that do not fit may be
 * those of before the server changed them.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof UnsupportedOperationError) return true
  if (!(error instanceof OperationProcessingError)) return false
  return error.code !== KEY_SELECTION && error.rule?.startsWith('jwks.') !== true
}

/** A push may be followed by a better one; a token endpoint's answer is not. */
export async function refuse(running: Running, record: Answered, error: unknown): Promise<number | undefined> {
  const answer = await running.sealing.unseal('answer', record.id, record.answer)
  const failure = failureOf(error)
  if (answer.via === 'poll') {
    const now = await conclude(running, record.id, { status: 'failed', failure }, (current) => isSame(current, record))
    return now?.dueAt
  }
  const { auth_req_id, ...unnamed } = await running.sealing.unseal('secret', record.id, record.secret)
  const secret = record.before === 'pending' ? record.secret : await running.sealing.seal('secret', record.id, unnamed)
  const known = { secret, owner: running.owner, sentAt: record.createdAt }
  const { stored, before } = await update(running, record.id, (current) =>
    isSame(current, record) ? restored(current, { ...known, dueAt: dueAtOf(running, current) }) : undefined,
  )
  running.emit({ type: 'discarded', ...about(running, record), failure })
  return (stored ?? before)?.dueAt
}

/** The answer is looked at again later; for ever, it is not. */
export async function postpone(running: Running, record: Answered, error: unknown): Promise<number | undefined> {
  const { clock } = running
  const failure = failureOf(error)
  if (clock.now() - record.receivedAt > PATIENCE) {
    const now = await conclude(running, record.id, { status: 'failed', failure }, (current) => isSame(current, record))
    return now?.dueAt
  }
  const dueAt = clock.now() + Math.min(LONGEST_WAIT, 1000 * 2 ** record.attempts)
  const { stored, before } = await update(running, record.id, (current) =>
    isSame(current, record) ? postponed(current, dueAt) : undefined,
  )
  if (stored !== undefined) {
    running.emit({ type: 'validation-postponed', ...about(running, record), attempts: stored.attempts, failure })
  }
  return (stored ?? before)?.dueAt
}

function isSame(current: { readonly state: string }, record: Answered): current is Answered {
  return current.state === 'answered' && 'answer' in current && current.answer === record.answer
}
