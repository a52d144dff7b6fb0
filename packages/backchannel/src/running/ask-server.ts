import {
  type AuthorizationServer,
  customFetch,
  jweDecrypt,
  OperationProcessingError,
  type PollingTransaction,
  pollOnce,
  type PollResult,
  ResponseBodyError,
  unansweredTransaction,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'countersign'
import { failureOf } from '../events/failure.ts'
import { MARK_GRACE } from '../settings/settings.ts'
import type { Pending, Polling, TransactionRecord, TransactionSecret } from '../transaction/record.ts'
import { marked, unmarked } from '../transaction/transitions.ts'
import { conclude, outcomeOf } from './conclude.ts'
import { about, type Running, update } from './context.ts'
import { judge } from './judge.ts'
import { keepAnswer } from './keep-answer.ts'
import { persistently } from './persistently.ts'
import { dueAtOf, scheduleOf, transactionOf } from './timing.ts'

/** What could not be asked, for a reason on this side, is asked again after this time, in milliseconds. */
const RETRY_AFTER = 5000

/** What waited for the circuit does not go on all at once, but within so many milliseconds. */
const SPREAD = 1000

/** Asks the token endpoint about a transaction whose time has come: the mark first, then the request. */
export async function askServer(running: Running, record: Pending): Promise<number | undefined> {
  const { clock, circuit, sealing, store, owner, settings } = running
  const { id, mode, schedule } = record
  if (clock.now() >= schedule.expiresAt) return await expire(running, record)
  if (mode === 'push') return schedule.expiresAt
  if (clock.now() < schedule.nextPollAt) return schedule.nextPollAt
  const later = circuit.admit(clock.now())
  if (later !== undefined) return Math.min(schedule.expiresAt, later + Math.floor(running.random() * SPREAD))

  const as = await metadataOf(running)
  const secret = await sealing.unseal('secret', id, record.secret)
  const transaction = transactionOf(schedule, secret)
  if (transaction === undefined) throw new Error('a transaction that waits has a name')
  const since = clock.now()
  const mark = marked(record, {
    owner,
    since,
    schedule: scheduleOf(unansweredTransaction(transaction, since)),
    dueAt: since + settings.takeoverAfter,
  })
  // another process, or a callback, was there first: see what it made of it
  if (mark === undefined || !(await store.replace(mark))) return clock.now()

  const delay = since - record.schedule.nextPollAt
  running.emit({ type: 'poll', ...about(running, record), unanswered: schedule.unanswered, delay })
  return await running.span('countersign.backchannel.poll', { 'countersign.transaction.id': id }, () =>
    ask(running, { as, transaction, secret }, record, mark),
  )
}

/** The server's time for this transaction is over. */
async function expire(running: Running, { id, schedule }: Pending): Promise<number | undefined> {
  const outcome = schedule.unanswered ? ({ status: 'lost' } as const) : ({ status: 'expired', by: 'clock' } as const)
  const record = await conclude(running, id, outcome, ({ state }) => state === 'pending')
  return record?.dueAt
}

async function metadataOf({ metadata, circuit, clock }: Running): Promise<AuthorizationServer> {
  try {
    return await metadata()
  } catch (error) {
    circuit.failed(clock.now())
    throw error
  }
}

/** What a token request is made of. */
interface Question {
  readonly as: AuthorizationServer
  readonly transaction: PollingTransaction
  readonly secret: TransactionSecret
}

/** What a request has come to, as far as the outcome does not tell. */
interface Attempt {
  sent: boolean
  over: boolean
  /** When it was over. */
  overAt: number
}

async function ask(running: Running, question: Question, before: Pending, mark: Polling): Promise<number | undefined> {
  const attempt: Attempt = { sent: false, over: false, overAt: 0 }
  let result: PollResult
  try {
    result = await send(running, question, mark, attempt)
  } catch (error) {
    attempt.overAt = running.clock.now()
    return await persistently(running, mark, () => afterError(running, before, mark, attempt, error))
  } finally {
    attempt.over = true
  }
  if (result.status === 'done') return await afterAnswer(running, mark)
  if (result.status === 'pending' || result.reason === 'slow_down') running.circuit.succeeded()
  else running.circuit.failed(running.clock.now())
  return await persistently(running, mark, () => goOn(running, mark, result))
}

async function send(
  running: Running,
  { as, transaction, secret }: Question,
  mark: Polling,
  attempt: Attempt,
): Promise<PollResult> {
  const { settings, options, clock, hurry, transport, proofKeys, random } = running
  const key = await proofKeys.of(mark.id, secret)
  const { [jweDecrypt]: decrypt, recognizedTokenTypes } = options
  return await pollOnce(as, settings.client, transaction, {
    ...transport,
    clientAuthentication: settings.clientAuthentication,
    answerTimeout: settings.answerTimeout / 1000,
    signal: hurry,
    clock,
    random,
    ...(key !== undefined && { DPoP: key.handle }),
    ...(decrypt !== undefined && { [jweDecrypt]: decrypt }),
    ...(recognizedTokenTypes !== undefined && { recognizedTokenTypes }),
    async [customFetch](url, request) {
      // whoever stood still since then cannot know whether the mark is still respected
      if (!attempt.sent && clock.now() - mark.since > MARK_GRACE)
        throw new Error('the mark is too old to send a request')
      attempt.sent = true
      const answer = await (transport[customFetch] ?? plainFetch)(url, request)
      return answer.status === 200 ? await keepAnswer(running, mark, answer, () => !attempt.over) : answer
    },
  })
}

async function plainFetch(url: string, request: { readonly body: URLSearchParams | undefined }): Promise<Response> {
  // the options are those of fetch, but for a body that is null where it is absent
  return await fetch(url, { ...request, body: request.body ?? null })
}

/** The answer of success is stored by now: it is looked at as one that a process left behind would be. */
async function afterAnswer(running: Running, mark: Polling): Promise<number | undefined> {
  running.circuit.succeeded()
  const record = await running.store.read(mark.id)
  if (record?.state === 'answered') return await judge(running, record)
  return record?.dueAt
}

/** The person has not answered, or the server did not: when to ask again is stored in place of the mark. */
async function goOn(
  running: Running,
  mark: Polling,
  result: Exclude<PollResult, { readonly status: 'done' }>,
): Promise<number | undefined> {
  const schedule = scheduleOf(result.transaction)
  const { nextPollAt } = schedule
  const { stored, before } = await update(running, mark.id, (record) =>
    isMark(record, mark) ? unmarked(record, { schedule, dueAt: dueAtOf(running, { ...record, schedule }) }) : undefined,
  )
  if (stored !== undefined) {
    const told = { ...about(running, mark), nextPollAt }
    if (result.status === 'pending') running.emit({ type: 'pending', ...told })
    else running.emit({ type: 'slower', ...told, reason: result.reason, failure: failureOf(result.error) })
  }
  return (stored ?? before)?.dueAt
}

async function afterError(
  running: Running,
  before: Pending,
  mark: Polling,
  { sent, overAt }: Attempt,
  error: unknown,
): Promise<number | undefined> {
  const { clock, circuit, hurry } = running
  const current = await running.store.read(mark.id)
  // refused here or not, what is stored decides
  if (current?.state === 'answered') return await afterAnswer(running, mark)
  // the mark stays: the next process finds it, and asks again
  if (hurry.aborted && sent) return undefined
  if (isTheServersWord(error)) {
    circuit.succeeded()
    const isOpen = (now: TransactionRecord) => now.state !== 'answered'
    const record = await conclude(running, mark.id, outcomeOf(error), isOpen, overAt)
    return record?.dueAt
  }
  // such as a key store that does not sign: nothing that the server said
  const schedule = sent ? mark.schedule : before.schedule
  const dueAt = Math.max(schedule.nextPollAt, clock.now() + RETRY_AFTER)
  const { stored } = await update(running, mark.id, (record) =>
    isMark(record, mark) ? unmarked(record, { schedule, dueAt: Math.min(dueAt, schedule.expiresAt) }) : undefined,
  )
  running.emit({ type: 'step-failed', at: clock.now(), id: mark.id, failure: failureOf(error) })
  return stored?.dueAt
}

/** Whether the mark is still the one of this request, whatever callbacks added to it. */
function isMark(record: TransactionRecord, mark: Polling): record is Polling {
  return record.state === 'polling' && record.owner === mark.owner && record.since === mark.since
}

/** Whether the error is what a server said, or what a rule says of the server's answer: the end of the transaction. */
function isTheServersWord(error: unknown): boolean {
  return (
    error instanceof ResponseBodyError ||
    error instanceof OperationProcessingError ||
    error instanceof UnsupportedOperationError ||
    error instanceof WWWAuthenticateChallengeError
  )
}
