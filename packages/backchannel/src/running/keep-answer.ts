import type { Answered, Polling, RawAnswer, TransactionRecord } from '../transaction/record.ts'
import { answered } from '../transaction/transitions.ts'
import { about, type Running, update } from './context.ts'
import { persistently } from './persistently.ts'
import { hasEndedWithout, revoke } from './revoke.ts'

/** The same bound as that of `countersign`, which refuses what is larger. */
const LARGEST = 1_048_576

/**
 * Stores an answer of success as it came, before anybody looks at it: the server has redeemed the transaction, and will
 * not answer so again.
 *
 * @param isAwaited Whether the step that asked will look at it; where it has given up, it is due.
 * @returns The answer, its body unread.
 */
export async function keepAnswer(
  running: Running,
  mark: Polling,
  response: Response,
  isAwaited: () => boolean,
): Promise<Response> {
  const receivedAt = running.clock.now()
  const body = await readBounded(response.clone())
  if (body === undefined) return response
  const raw: RawAnswer = { via: 'poll', contentType: response.headers.get('content-type') ?? '', body }
  const answer = await running.sealing.seal('answer', mark.id, raw)
  const { stored, before } = await persistently(running, mark, async () => {
    const result = await update(running, mark.id, (record) =>
      answered(record, { answer, receivedAt, dueAt: running.clock.now() }),
    )
    return isAnswer(result.before, answer) ? { ...result, stored: result.before } : result
  })
  if (stored !== undefined && !isAwaited()) await running.schedule(stored)
  running.emit({ type: stored ? 'answered' : 'discarded', via: 'poll', ...about(running, mark) })
  if (stored === undefined && hasEndedWithout(before)) void revoke(running, before, membersOf(body))
  return response
}

/** Whether an attempt to store it went well of which the store did not say so. */
function isAnswer(record: TransactionRecord | undefined, answer: string): record is Answered {
  return record?.state === 'answered' && record.answer === answer
}

/** What was to be validated, had it not come too late. */
function membersOf(body: string): object {
  try {
    return Object(JSON.parse(body)) as object
  } catch {
    return {}
  }
}

/** The body as text; `undefined` where it is too large, or did not arrive whole. */
async function readBounded(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  try {
    // Node's streams are async iterables, which the DOM's declarations do not know everywhere
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > LARGEST) return undefined
      text += decoder.decode(chunk, { stream: true })
    }
  } catch {
    return undefined
  }
  return text + decoder.decode()
}
