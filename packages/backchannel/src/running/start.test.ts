import { afterEach, describe, expect, it } from 'vitest'
import { json } from '../testing/simulated-server.ts'
import { type Opened, opened, PARAMETERS, settled } from '../testing/opened.ts'

let all: Opened

afterEach(() => {
  expect(all.server.misconduct).toEqual([])
})

async function kept(): Promise<number> {
  const listed = []
  for await (const transaction of all.backchannel.list()) listed.push(transaction)
  return listed.length
}

describe('a start', () => {
  it('stores its mark before the request is sent, with the hash of its token and nothing else of it', async () => {
    all = await opened({ mode: 'ping' })
    let stored: unknown
    const { fetch } = all.server
    all.server.fetch = async (url, request) => {
      for await (const record of all.store.records()) stored ??= record
      return await fetch(url, request)
    }
    await all.backchannel.start({ parameters: PARAMETERS })
    const token = all.server.authentications[0]?.notificationToken
    expect(stored).toMatchObject({ state: 'starting', notificationTokenHash: expect.stringMatching(/^[\w-]{43}$/) })
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(stored)).not.toContain(token)
  })

  it('is done once for an idempotency key, also at the same time', async () => {
    all = await opened()
    const asked = { parameters: PARAMETERS, idempotencyKey: 'order-5' }
    const started = await Promise.all([1, 2, 3].map(() => all.backchannel.start(asked)))
    expect(new Set(started.map(({ id }) => id)).size).toBe(1)
    expect(started.filter(({ created }) => created)).toHaveLength(1)
    expect(all.server.authentications).toHaveLength(1)
    all.server.approve()
    await all.clock.advance(5000)
    await all.backchannel.take(started[0]?.id ?? '')
    expect(await all.backchannel.start(asked)).toMatchObject({ id: started[0]?.id, created: false, acknowledged: true })
  })

  it('takes an idempotency key again with its parameters in another order', async () => {
    all = await opened()
    const first = await all.backchannel.start({
      parameters: { scope: 'openid', login_hint: 'anna' },
      idempotencyKey: 'a',
    })
    const second = await all.backchannel.start({
      parameters: { login_hint: 'anna', scope: 'openid' },
      idempotencyKey: 'a',
    })
    expect(second).toMatchObject({ id: first.id, created: false })
  })

  it('refuses an idempotency key that began something else', async () => {
    all = await opened()
    await all.backchannel.start({ parameters: PARAMETERS, idempotencyKey: 'order-5' })
    const other = { ...PARAMETERS, login_hint: 'berta' }
    await expect(all.backchannel.start({ parameters: other, idempotencyKey: 'order-5' })).rejects.toMatchObject({
      name: 'BackchannelError',
      code: 'BACKCHANNEL_IDEMPOTENCY_KEY_REUSED',
    })
    expect(all.server.authentications).toHaveLength(1)
  })

  it.each(['', 'x'.repeat(513)])('refuses an idempotency key of another length', async (idempotencyKey) => {
    all = await opened()
    await expect(all.backchannel.start({ parameters: PARAMETERS, idempotencyKey })).rejects.toMatchObject({
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_VALUE',
    })
    expect(await kept()).toBe(0)
  })

  it('makes the client_notification_token itself (7.1)', async () => {
    all = await opened({ mode: 'ping' })
    const parameters = { ...PARAMETERS, client_notification_token: 'a'.repeat(43) }
    await expect(all.backchannel.start({ parameters })).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' })
    expect(all.server.log).toEqual([])
  })

  it.each([
    [
      'the server refused',
      json({ error: 'unknown_user_id' }, 400),
      { name: 'ResponseBodyError', error: 'unknown_user_id' },
    ],
    ['was refused with a status', new Response(null, { status: 403 }), { code: 'OAUTH_RESPONSE_IS_NOT_JSON' }],
  ])('leaves nothing that %s, so that it can be done again (13)', async (_, answer, error) => {
    all = await opened()
    const asked = { parameters: PARAMETERS, idempotencyKey: 'order-5' }
    all.server.fault('backchannel', answer)
    await expect(all.backchannel.start(asked)).rejects.toMatchObject(error)
    expect(await kept()).toBe(0)
    expect(all.types).toEqual(['started', 'start-refused'])
    expect(await all.backchannel.start(asked)).toMatchObject({ created: true, acknowledged: true })
  })

  it('leaves nothing that a rule forbids, and sends nothing (7.1)', async () => {
    all = await opened()
    await expect(all.backchannel.start({ parameters: { scope: 'openid' } })).rejects.toMatchObject({
      code: 'OAUTH_REQUEST_FORBIDDEN',
    })
    expect(await kept()).toBe(0)
    expect(all.server.log).toEqual([])
  })

  it.each<[string, Parameters<Opened['server']['fault']>[1]]>([
    ['the connection was lost', 'connection lost after the server did its work'],
    ['the server failed', new Response(null, { status: 502 })],
    ['the answer was not understood', json({ auth_req_id: 'a', expires_in: -1 })],
  ])('is never sent again where %s, and ends as unacknowledged', async (_, fault) => {
    all = await opened()
    all.server.fault('backchannel', fault)
    const started = await all.backchannel.start({ parameters: PARAMETERS, idempotencyKey: 'order-5' })
    expect(started).toMatchObject({ created: true, acknowledged: false })
    await all.clock.advance(300_000)
    expect(await all.backchannel.start({ parameters: PARAMETERS, idempotencyKey: 'order-5' })).toMatchObject({
      id: started.id,
      created: false,
    })
    expect(all.server.log).toEqual(['backchannel at 0'])
    expect(await all.backchannel.take(started.id)).toEqual({ status: 'unacknowledged', id: started.id })
  })

  it('of the device flow shows what a person needs, also when it is asked for again (RFC 8628 3.2)', async () => {
    all = await opened()
    const as = { ...all.server.as, device_authorization_endpoint: 'https://op.example.com/device' }
    const { fetch } = all.server
    all.server.fetch = async (url, request) => {
      if (url.endsWith('/token')) return json({ access_token: 'access', token_type: 'bearer' })
      const verification = { user_code: 'WDJB-MJHT', verification_uri: 'https://op.example.com/d' }
      return url.endsWith('/device')
        ? json({ device_code: 'secret', ...verification, expires_in: 60 })
        : await fetch(url, request)
    }
    await all.reopen({ as })
    const asked = { grant: 'device', parameters: { scope: 'read' }, idempotencyKey: 'tv' } as const
    const started = await all.backchannel.start(asked)
    expect(started).toMatchObject({ mode: 'poll', verification: { user_code: 'WDJB-MJHT' } })
    expect(await all.backchannel.start(asked)).toMatchObject({ created: false, verification: started.verification })
    await all.clock.advance(5000)
    expect(await all.backchannel.take(started.id)).toEqual({
      status: 'approved',
      id: started.id,
      tokens: { access_token: 'access', token_type: 'bearer' },
    })
    await settled()
  })
})
