import { MARK_GRACE } from '../settings/settings.ts'
import type { RawAnswer, TransactionRecord } from '../transaction/record.ts'
import { about, type Running, update } from '../running/context.ts'
import { accept, isRefusal, judge, postpone, refuse } from '../running/judge.ts'
import { validPush } from '../running/push.ts'
import { hasEndedWithout, revoke } from '../running/revoke.ts'
import { answered } from '../transaction/transitions.ts'
import { findRecord } from './find-record.ts'

/**
 * Takes a push: once its token is seen to be the transaction's, it is stored as it came; then it is validated, and its
 * outcome stored. Where it cannot be judged now, such as without the server's keys, it is judged later, and the server is
 * told of a fault: it may push again.
 */
export async function takePush(running: Running, request: Request): Promise<void> {
  const copy = request.clone()
  const receivedAt = running.clock.now()
  let pushed: { readonly record: TransactionRecord; readonly fresh: boolean } | undefined
  try {
    const push = await validPush(running, request, receivedAt, async (callback) => {
      const { auth_req_id } = callback
      const found = await findRecord(running, callback.client_notification_token_hash)
      if (found === undefined) return undefined
      // found by its token: the request is the server's. One about another transaction is refused
      const known = found.secret.auth_req_id ?? auth_req_id
      if (known === auth_req_id) {
        const raw: RawAnswer = { via: 'push', contentType: 'application/json', body: await copy.text() }
        const { id } = found.record
        const [answer, secret] = await Promise.all([
          running.sealing.seal('answer', id, raw),
          running.sealing.seal('secret', id, { ...found.secret, auth_req_id }),
        ])
        // should this process end before it is judged, the next one does it
        const dueAt = receivedAt + MARK_GRACE
        const { stored, before } = await update(running, id, (record) =>
          answered(record, { answer, secret, receivedAt, dueAt }),
        )
        pushed = { record: stored ?? before ?? found.record, fresh: stored !== undefined }
        running.emit({ type: 'callback', ...about(running, found.record), callback: 'push', duplicate: !pushed.fresh })
        if (pushed.fresh) running.emit({ type: 'answered', ...about(running, found.record), via: 'push' })
      }
      return found.expectation
    })
    const record = pushed?.record
    if (push.status === 'approved' && hasEndedWithout(record)) void revoke(running, record, push.tokens)
    if (record?.state !== 'answered') return
    if (pushed?.fresh) await accept(running, record, push)
    else await judge(running, record)
    const now = await running.store.read(record.id)
    if (now?.state === 'answered') throw new Error('the push before this one has not been judged yet')
  } catch (error) {
    if (pushed?.fresh && pushed.record.state === 'answered') {
      await (isRefusal(error) ? refuse : postpone)(running, pushed.record, error)
    }
    throw error
  } finally {
    await copy.body?.cancel().catch(() => undefined)
    const now = pushed?.fresh ? await running.store.read(pushed.record.id) : undefined
    if (now !== undefined) await running.schedule(now)
  }
}
