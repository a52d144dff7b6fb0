import { trace, validatePingCallback } from 'countersign'
import { callbackFor } from './callback.ts'
import type { NotificationEndpoint } from './notification-endpoint.ts'
import { type Delivered, deliveredBy, requestTokens, type Session } from './session.ts'

/** Ping mode: the provider says when there is an outcome, and the client asks for it once (CIBA Core §10.2). */
export async function byPing(session: Session, endpoint: NotificationEndpoint): Promise<Delivered> {
  const { terminal, checks } = session
  const { auth_req_id } = await callbackFor(session, endpoint, {
    mode: 'ping',
    validate: (request, findTransaction) => validatePingCallback(request, { findTransaction, [trace]: checks.trace }),
  })

  terminal.heading('The one token request')
  const answer = await requestTokens(session, auth_req_id)

  terminal.heading('The ID Token: signature and claims')
  return await deliveredBy(session, answer)
}
