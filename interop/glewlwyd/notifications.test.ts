import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  getValidatedIdTokenClaims,
  processBackchannelAuthenticationGrantResponse,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectErrorAnswer } from '../ciba/refusal.ts'
import { authenticate, discover, poll, type Relationship } from '../ciba/relationship.ts'
import { GLEWLWYD, type Glewlwyd, LOGIN_HINT, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { type NotificationEndpoint, startNotificationEndpoint } from './notification-endpoint.ts'
import { addRelationship } from './relationship.ts'

const NOTIFICATION_TOKEN = 'notification-token-of-32-letters'

/** OpenID Connect Core 1.0 §3.1.3.6, for RS256. */
function leftHalfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}

const request = {
  scope: `openid ${SCOPE}`,
  login_hint: LOGIN_HINT,
  binding_message: 'W4-K7',
  client_notification_token: NOTIFICATION_TOKEN,
}

describe.skipIf(isServerLeftOut(GLEWLWYD))('what glewlwyd sends to a client in ping and push mode', () => {
  let glewlwyd: Glewlwyd
  let endpoint: NotificationEndpoint
  let as: AuthorizationServer
  let pinged: Relationship
  let pushed: Relationship

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    endpoint = await startNotificationEndpoint()
    as = await discover(glewlwyd.issuer)
    pinged = await addClient('ping')
    pushed = await addClient('push')
  })

  afterAll(async () => {
    await glewlwyd.stop()
    await endpoint.close()
  })

  function addClient(mode: 'ping' | 'push'): Promise<Relationship> {
    return addRelationship(glewlwyd, as, {
      client_id: mode,
      backchannel_token_delivery_mode: mode,
      backchannel_client_notification_endpoint: endpoint.url,
    })
  }

  function headersOf(body: string): Record<string, string> {
    return {
      host: new URL(endpoint.url).host,
      accept: '*/*',
      'content-type': 'application/json',
      authorization: `Bearer ${NOTIFICATION_TOKEN}`,
      'content-length': String(body.length),
    }
  }

  it('is the auth_req_id for a ping, with which the tokens are asked for (CIBA Core 10.2)', async () => {
    const { auth_req_id } = await authenticate(pinged, request)
    expect(await endpoint.during(() => glewlwyd.approve('ping'))).toEqual([
      { method: 'POST', headers: headersOf(JSON.stringify({ auth_req_id })), body: JSON.stringify({ auth_req_id }) },
    ])
    expect((await poll(pinged, auth_req_id)).claims.aud).toBe('ping')
  })

  it('is everything for a push, bound to each other by the ID Token (10.3.1)', async () => {
    const { auth_req_id } = await authenticate(pushed, request)
    const [push, ...others] = await endpoint.during(() => glewlwyd.approve('push'))
    expect(others).toEqual([])
    expect(push).toMatchObject({ method: 'POST', headers: headersOf(push?.body ?? '') })
    const body = push?.body ?? ''
    expect(JSON.parse(body)).toEqual({
      auth_req_id,
      token_type: 'bearer',
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      id_token: expect.any(String),
      iat: expect.any(Number),
      expires_in: 600,
      scope: request.scope,
    })

    // a push is a token response that came by another way
    const response = new Response(body, { headers: { 'content-type': 'application/json' } })
    const tokens = await processBackchannelAuthenticationGrantResponse(as, pushed.client, response)
    await validateApplicationLevelSignature(as, response, pushed.transport)
    expect(getValidatedIdTokenClaims(tokens)).toEqual({
      iss: glewlwyd.issuer,
      sub: expect.any(String),
      aud: 'push',
      azp: 'push',
      exp: expect.any(Number),
      iat: expect.any(Number),
      auth_time: expect.any(Number),
      sid: expect.any(String),
      at_hash: leftHalfHash(tokens.access_token),
      'urn:openid:params:jwt:claim:auth_req_id': auth_req_id,
      'urn:openid:params:jwt:claim:rt_hash': leftHalfHash(String(tokens.refresh_token)),
    })
  })

  it('answers a push client that polls with unauthorized_client (CIBA Core 11)', async () => {
    const { auth_req_id } = await authenticate(pushed, request)
    await expectErrorAnswer(poll(pushed, auth_req_id), 'unauthorized_client')
  })

  it('lets a ping client poll, and names no interval for it (CIBA Core 7.3, 10.2)', async () => {
    const acknowledgement = await authenticate(pinged, request)
    expect(acknowledgement).toEqual({ auth_req_id: expect.any(String), expires_in: 600 })
    await expectErrorAnswer(poll(pinged, acknowledgement.auth_req_id), 'authorization_pending')
  })

  it('is nothing when the person denies, against 10.2 and 12; a ping client learns it by polling', async () => {
    const { auth_req_id } = await authenticate(pinged, request)
    expect(await endpoint.during(() => glewlwyd.deny('ping'))).toEqual([])
    await expectErrorAnswer(poll(pinged, auth_req_id), 'access_denied')
  })

  it('is nothing for a push that is denied either: nothing but expires_in ends it (12)', async () => {
    const { auth_req_id } = await authenticate(pushed, request)
    expect(await endpoint.during(() => glewlwyd.deny('push'))).toEqual([])
    await expectErrorAnswer(poll(pushed, auth_req_id), 'unauthorized_client')
  })
})
