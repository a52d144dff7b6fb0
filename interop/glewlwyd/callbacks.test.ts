import {
  type AuthorizationServer,
  type CallbackExpectation,
  callbackResponse,
  generateRandomState,
  getValidatedIdTokenClaims,
  hashClientNotificationToken,
  type PushCallback,
  validatePingCallback,
  validatePushCallback,
} from 'countersign'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CallbackServer, serveCallbacks } from '../ciba/callback-server.ts'
import { authenticate, discover, insecure, poll, type Relationship } from '../ciba/relationship.ts'
import { GLEWLWYD, type Glewlwyd, LOGIN_HINT, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { addRelationship } from './relationship.ts'

describe.skipIf(isServerLeftOut(GLEWLWYD))('the callbacks of glewlwyd, validated', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let pings: CallbackServer
  let pushes: CallbackServer
  let pinged: Relationship
  let pushed: Relationship

  /** By the hash of their token. */
  const transactions = new Map<string, CallbackExpectation>()
  const options = {
    ...insecure,
    findTransaction: ({ client_notification_token_hash: hash }: { client_notification_token_hash: string }) =>
      transactions.get(hash),
  }
  let pingedIds: string[] = []
  let outcomes: PushCallback[] = []
  /** The last push as it came, for who wants to send it again. */
  let received: { readonly headers: Headers; readonly body: string } | undefined

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    pings = await serveCallbacks(async (request) => {
      const { auth_req_id } = await validatePingCallback(request, options)
      pingedIds.push(auth_req_id)
      return callbackResponse()
    })
    pushes = await serveCallbacks(async (request) => {
      received = { headers: request.headers, body: await request.clone().text() }
      outcomes.push(await validatePushCallback(as, pushed.client, request, options))
      return callbackResponse()
    })
    pinged = await addRelationship(glewlwyd, as, registration('ping', pings.url))
    pushed = await addRelationship(glewlwyd, as, registration('push', pushes.url))
  })

  afterAll(async () => {
    await glewlwyd.stop()
    await Promise.all([pings.close(), pushes.close()])
  })

  beforeEach(() => {
    transactions.clear()
    pingedIds = []
    outcomes = []
    received = undefined
  })

  function registration(mode: 'ping' | 'push', url: string) {
    return {
      client_id: mode,
      backchannel_token_delivery_mode: mode,
      backchannel_client_notification_endpoint: url,
    }
  }

  async function start(relationship: Relationship): Promise<string> {
    const token = generateRandomState()
    const client_notification_token_hash = await hashClientNotificationToken(token)
    transactions.set(client_notification_token_hash, { client_notification_token_hash })
    const { auth_req_id } = await authenticate(relationship, {
      scope: `openid ${SCOPE}`,
      login_hint: LOGIN_HINT,
      binding_message: 'W4-K7',
      client_notification_token: token,
    })
    transactions.set(client_notification_token_hash, { auth_req_id, client_notification_token_hash })
    return auth_req_id
  }

  it('tell by a ping that there are tokens (CIBA Core 10.2)', async () => {
    const authReqId = await start(pinged)
    await glewlwyd.approve('ping')
    expect(pingedIds).toEqual([authReqId])
    expect((await poll(pinged, authReqId)).claims.aud).toBe('ping')
  })

  it('deliver the tokens by a push, bound to each other by the ID Token (10.3.1)', async () => {
    const authReqId = await start(pushed)
    await glewlwyd.approve('push')
    expect(outcomes).toEqual([
      {
        status: 'approved',
        auth_req_id: authReqId,
        tokens: expect.objectContaining({
          token_type: 'bearer',
          refresh_token: expect.any(String),
          iat: expect.any(Number),
        }),
        claims: expect.objectContaining({ iss: glewlwyd.issuer, aud: 'push' }),
      },
    ])
    const [outcome] = outcomes
    if (outcome?.status !== 'approved') throw new Error('not approved')
    expect(getValidatedIdTokenClaims(outcome.tokens)).toBe(outcome.claims)
    expect(pushes.exchanges.at(-1)).toMatchObject({ method: 'POST', status: 204 })
  })

  it('are refused with anything of a push replaced by that of another one (10.3.1)', async () => {
    await start(pushed)
    await glewlwyd.approve('push')
    const first = pushOf(received)
    await start(pushed)
    await glewlwyd.approve('push')
    const second = pushOf(received)
    expect(outcomes).toHaveLength(2)

    const rulesOf: Record<string, string> = {
      access_token: 'push-callback.at_hash',
      refresh_token: 'push-callback.rt_hash',
      id_token: 'push-callback.auth_req_id',
      auth_req_id: 'callback.auth_req_id-same',
    }
    for (const [member, rule] of Object.entries(rulesOf)) {
      const body = JSON.stringify({ ...second.members, [member]: first.members[member] })
      const request = new Request(pushes.url, { method: 'POST', headers: second.headers, body })
      request.headers.delete('content-length')
      await expect(validatePushCallback(as, pushed.client, request, options)).rejects.toMatchObject({ rule })
    }
    const swapped = new Request(pushes.url, { method: 'POST', headers: first.headers, body: second.body })
    await expect(validatePushCallback(as, pushed.client, swapped, options)).rejects.toMatchObject({
      rule: 'callback.auth_req_id-same',
    })
  })

  it('are refused when they come again and the transaction is over', async () => {
    await start(pushed)
    await glewlwyd.approve('push')
    transactions.clear()
    const { headers, body } = pushOf(received)
    const request = new Request(pushes.url, { method: 'POST', headers, body })
    await expect(validatePushCallback(as, pushed.client, request, options)).rejects.toMatchObject({
      rule: 'callback.auth_req_id-known',
    })
  })
})

function pushOf(received: { readonly headers: Headers; readonly body: string } | undefined) {
  if (received === undefined) throw new Error('no push came')
  const members: unknown = JSON.parse(received.body)
  return { ...received, members: Object(members) as Record<string, unknown> }
}
