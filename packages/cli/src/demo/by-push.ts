import { validatePushCallback } from 'countersign'
import { callbackFor } from './callback.ts'
import { DemoFailure } from './failures.ts'
import type { NotificationEndpoint } from './notification-endpoint.ts'
import type { Delivered, Session } from './session.ts'

/** Push mode: the provider delivers the tokens itself, bound to each other by the ID Token (CIBA Core §10.3). */
export async function byPush(session: Session, endpoint: NotificationEndpoint): Promise<Delivered> {
  const { terminal, as, client, request: options } = session
  const push = await callbackFor(session, endpoint, {
    mode: 'push',
    validate: (request, findTransaction) =>
      validatePushCallback(as, client, request, { ...options(), findTransaction }),
  })
  if (push.status === 'refused') throw new DemoFailure(`the provider pushed the error ${push.error}`)

  terminal.heading('The ID Token: what binds the tokens to each other and to this request')
  return { accessToken: push.tokens.access_token, claims: push.claims }
}
