import type { AuthorizationServer } from 'countersign'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CallbackServer, serveCallbacks } from '../ciba/callback-server.ts'
import { discover, type Relationship } from '../ciba/relationship.ts'
import { addRelationship } from '../glewlwyd/relationship.ts'
import { GLEWLWYD, type Glewlwyd, LOGIN_HINT, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { open, type OpenBackchannel } from './open.ts'

const parameters = { scope: `openid ${SCOPE}`, login_hint: LOGIN_HINT, binding_message: 'W4-K7' }

describe.skipIf(isServerLeftOut(GLEWLWYD))('transactions at glewlwyd', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let endpoint: CallbackServer
  let opened: OpenBackchannel

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    endpoint = await serveCallbacks((request) => opened.backchannel.handler(request))
  })

  afterAll(async () => {
    await glewlwyd.stop()
    await endpoint.close()
  })

  afterEach(() => opened.destroy())

  async function relationship(mode: 'ping' | 'poll' | 'push'): Promise<Relationship> {
    const client_id = `${mode}${crypto.randomUUID().slice(0, 8)}`
    const registered = await addRelationship(glewlwyd, as, {
      client_id,
      backchannel_token_delivery_mode: mode,
      ...(mode !== 'poll' && { backchannel_client_notification_endpoint: endpoint.url }),
    })
    return { ...registered, client: { client_id, backchannel_token_delivery_mode: mode } }
  }

  it('are approved in poll mode, after a restart (CIBA Core 10.1)', async () => {
    const { client, ...rest } = await relationship('poll')
    opened = await open({ client, ...rest })
    const { id } = await opened.backchannel.start({ parameters })
    await opened.reopen()
    await glewlwyd.approve(client.client_id)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'approved' })
    expect(await opened.backchannel.take(id)).toMatchObject({ claims: { aud: client.client_id } })
  })

  it('are approved as soon as a ping comes (10.2)', async () => {
    const { client, ...rest } = await relationship('ping')
    opened = await open({ client, ...rest })
    const { id } = await opened.backchannel.start({ parameters })
    await glewlwyd.approve(client.client_id)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'approved' })
    expect(endpoint.exchanges.at(-1)?.status).toBe(204)
  })

  it('are refused in ping mode without a ping, by what is asked now and then', async () => {
    const { client, ...rest } = await relationship('ping')
    opened = await open({ client, ...rest }, { pingFallbackInterval: 2 })
    const { id } = await opened.backchannel.start({ parameters })
    await glewlwyd.deny(client.client_id)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'refused' })
  })

  it('are approved by a push, stored before it is answered (10.3.1)', async () => {
    const { client, ...rest } = await relationship('push')
    opened = await open({ client, ...rest })
    const { id } = await opened.backchannel.start({ parameters })
    await opened.reopen()
    await glewlwyd.approve(client.client_id)
    expect(endpoint.exchanges.at(-1)?.status).toBe(204)
    await opened.reopen()
    const outcome = await opened.backchannel.take(id)
    expect(outcome).toMatchObject({
      status: 'approved',
      claims: { aud: client.client_id },
      tokens: { token_type: 'bearer' },
    })
  })

  it('expire in push mode after a denial, of which glewlwyd tells nothing', async () => {
    const { client, ...rest } = await relationship('push')
    opened = await open({ client, ...rest })
    const { id } = await opened.backchannel.start({ parameters: { ...parameters, requested_expiry: 3 } })
    await glewlwyd.deny(client.client_id)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'expired' })
    expect(await opened.backchannel.take(id)).toMatchObject({ by: 'clock' })
  })
})
