import { setTimeout } from 'node:timers/promises'
import * as countersign from 'countersign'
import { loggedCallbacks } from './callback-log.ts'
import type { NotificationEndpoint } from './notification-endpoint.ts'
import { askPerson } from './phone-screen.ts'
import { expired, requestAuthentication, type Session } from './session.ts'

/** Of which mode a callback is, and what validates it. */
interface Expected<Callback> {
  readonly mode: 'ping' | 'push'
  readonly validate: (request: Request, findTransaction: countersign.FindTransaction) => Promise<Callback>
}

/**
 * Sends the authentication request, and waits for the callback about it. The transaction is known before the request is
 * sent: the callback can overtake its acknowledgement.
 */
export async function callbackFor<Callback>(
  session: Session,
  endpoint: NotificationEndpoint,
  { mode, validate }: Expected<Callback>,
): Promise<Callback & { readonly auth_req_id: string }> {
  const { terminal, checks } = session
  const client_notification_token = countersign.generateClientNotificationToken()
  const hash = await countersign.hashClientNotificationToken(client_notification_token)
  const transactions = new Map<string, countersign.CallbackExpectation>()
  transactions.set(hash, { client_notification_token_hash: hash })
  const findTransaction: countersign.FindTransaction = (callback) =>
    transactions.get(callback.client_notification_token_hash)
  const called = new Promise<Callback>((resolve) => {
    const validated = (request: Request) => validate(request, findTransaction)
    endpoint.answerWith(loggedCallbacks({ terminal, checks, mode, validate: validated, onValid: resolve }))
  })

  terminal.heading('CIBA authentication request')
  const { auth_req_id, expires_in } = await requestAuthentication(session, { client_notification_token })
  transactions.set(hash, { auth_req_id, client_notification_token_hash: hash })

  terminal.heading(`The person decides, and the provider ${VERBS[mode]}`)
  const callback = await askPerson(session, auth_req_id, async (signal) => {
    const over = setTimeout(expires_in * 1000, undefined, { signal })
    return await Promise.race([
      called,
      over.then(() => {
        throw expired(expires_in)
      }),
    ])
  })
  return { ...callback, auth_req_id }
}

const VERBS = { ping: 'pings the client', push: 'pushes the tokens' }
