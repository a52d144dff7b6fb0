import { callbackResponse } from 'countersign'
import { failureOf } from '../events/failure.ts'
import type { Running } from '../running/context.ts'
import { isRefusal } from '../running/judge.ts'
import { takePing } from './ping.ts'
import { takePush } from './push.ts'

/**
 * Answers the server's callbacks (CIBA Core 1.0 §10.2, §10.3.1): 204 once what they said is stored, or was before; 401,
 * 405 or 400 for what is refused; 500 where this side could not see to it, so that the server may try again; never 3xx.
 */
export function handlerOf(running: Running): (request: Request) => Promise<Response> {
  const take = running.settings.mode === 'push' ? takePush : takePing
  return (request) =>
    running.span('countersign.backchannel.callback', { 'countersign.mode': running.settings.mode }, async () => {
      try {
        await take(running, request)
        return callbackResponse()
      } catch (error) {
        // keys that do not fit now may tomorrow, which is not for the server to hear as a refusal
        const response = callbackResponse(isRefusal(error) ? error : new Error('not now', { cause: error }))
        const { status } = response
        running.emit({ type: 'callback-refused', at: running.clock.now(), status, failure: failureOf(error) })
        return response
      }
    })
}
