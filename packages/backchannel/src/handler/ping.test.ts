import { afterEach, describe, expect, it } from 'vitest'
import { type Opened, opened, PARAMETERS, settled } from '../testing/opened.ts'

let all: Opened

afterEach(() => {
  expect(all.server.misconduct).toEqual([])
})

async function begun(...[server = {}, ...more]: Partial<Parameters<typeof opened>>): Promise<string> {
  all = await opened({ mode: 'ping', ...server }, ...more)
  return (await all.backchannel.start({ parameters: PARAMETERS })).id
}

async function status(request: Request): Promise<number> {
  return (await all.backchannel.handler(request)).status
}

const polls = () => all.server.log.filter((request) => request.startsWith('token'))

describe('a transaction in ping mode', () => {
  it('is asked about at once when its ping comes, answered with 204 (CIBA Core 10.2)', async () => {
    const id = await begun()
    await all.clock.advance(20_000)
    expect(polls()).toEqual([])
    all.server.approve()
    expect(await status(all.server.ping())).toBe(204)
    await all.clock.advance(0)
    expect(polls()).toEqual(['token at 20000'])
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('is asked about no sooner than the interval after the request before (10.1)', async () => {
    await begun()
    await all.clock.advance(30_000)
    expect(polls()).toEqual(['token at 30000'])
    await all.clock.advance(1000)
    all.server.approve()
    await status(all.server.ping())
    await all.clock.advance(3999)
    expect(polls()).toHaveLength(1)
    await all.clock.advance(1)
    expect(polls()).toEqual(['token at 30000', 'token at 35000'])
  })

  it('is asked about now and then, and a last time before it expires, should the ping be lost', async () => {
    const id = await begun({ expiresIn: 100 })
    await all.clock.advance(94_000)
    expect(polls()).toEqual(['token at 30000', 'token at 60000', 'token at 90000'])
    all.server.approve()
    await all.clock.advance(1000)
    expect(polls().at(-1)).toBe('token at 95000')
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('is asked about again where the ping raced a request that was answered before it', async () => {
    const id = await begun()
    all.server.latency = 1000
    await all.clock.advance(30_500)
    // the server has looked, and answers that nobody has; the person approves, and the ping is faster than that answer
    await all.clock.advance(600)
    all.server.approve()
    expect(await status(all.server.ping())).toBe(204)
    all.server.latency = 0
    // that answer arrives at 32000
    await all.clock.advance(5800)
    expect(polls()).toHaveLength(1)
    await all.clock.advance(200)
    expect(polls()).toEqual(['token at 30000', 'token at 37000'])
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('takes a ping twice, and asks once', async () => {
    await begun()
    all.server.approve()
    expect(await status(all.server.ping())).toBe(204)
    expect(await status(all.server.ping())).toBe(204)
    await all.clock.advance(0)
    expect(await status(all.server.ping())).toBe(204)
    await all.clock.advance(60_000)
    expect(polls()).toHaveLength(1)
    const callbacks = all.events.filter(({ type }) => type === 'callback')
    expect(callbacks).toHaveLength(3)
    expect(callbacks.at(-1)).toMatchObject({ duplicate: true })
  })

  it('takes a ping for a transaction whose outcome was taken', async () => {
    const id = await begun()
    all.server.deny()
    await status(all.server.ping())
    await all.clock.advance(0)
    await all.backchannel.take(id)
    expect(await status(all.server.ping())).toBe(204)
  })

  it('completes a start whose acknowledgement was lost, and sends nothing again (10.2)', async () => {
    all = await opened({ mode: 'ping' })
    all.server.fault('backchannel', 'connection lost after the server did its work')
    const started = await all.backchannel.start({ parameters: PARAMETERS })
    expect(started).toMatchObject({ created: true, acknowledged: false })
    await all.clock.advance(1000)
    all.server.approve()
    expect(await status(all.server.ping())).toBe(204)
    await all.clock.advance(0)
    expect(await all.backchannel.take(started.id)).toMatchObject({ status: 'approved' })
    expect(all.server.log).toEqual(['backchannel at 0', 'token at 1000', 'jwks at 1000'])
    expect(all.events).toContainEqual(expect.objectContaining({ type: 'acknowledged', by: 'callback' }))
  })

  it('ends a start as unacknowledged for which no ping comes while the request can last', async () => {
    all = await opened({ mode: 'ping' }, { longestExpiry: 60 })
    all.server.fault('backchannel', 'no connection')
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    await all.reopen()
    await all.clock.advance(59_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'starting' })
    await all.clock.advance(2000)
    expect(await all.backchannel.take(id)).toEqual({ status: 'unacknowledged', id })
  })

  it('waits for no longer than was asked for by requested_expiry', async () => {
    all = await opened({ mode: 'ping' })
    all.server.fault('backchannel', 'no connection')
    const { id, expiresAt } = await all.backchannel.start({ parameters: { ...PARAMETERS, requested_expiry: 30 } })
    expect(expiresAt - all.clock.now()).toBe(30_000)
    await all.clock.advance(31_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'unacknowledged' })
  })

  it('learns interval and expiry from an acknowledgement that is slower than the ping', async () => {
    all = await opened({ mode: 'ping', interval: 20, expiresIn: 50 })
    all.server.latency = 1000
    const starting = all.backchannel.start({ parameters: PARAMETERS })
    await all.clock.advance(900)
    all.server.latency = 0
    expect(await status(all.server.ping())).toBe(204)
    await all.clock.advance(200)
    const { id, acknowledged } = await starting
    expect(acknowledged).toBe(true)
    expect(await all.store.read(id)).toMatchObject({ schedule: { interval: 20 } })
    await all.clock.advance(60_000)
    expect(await all.backchannel.take(id)).toEqual({ status: 'expired', id, by: 'clock' })
  })

  it('outlives the process between the ping and its answer', async () => {
    const id = await begun()
    all.server.approve()
    all.server.latency = 1000
    await status(all.server.ping())
    await all.reopen()
    await all.clock.advance(0)
    all.server.latency = 0
    await all.clock.advance(20_000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })
})

describe('the handler in ping mode', () => {
  it.each<[string, number, (request: Request) => Request]>([
    ['another method', 405, ({ url, headers }) => new Request(url, { headers })],
    ['no token', 401, (request) => changed(request, 'authorization', undefined)],
    ['an unknown token', 401, (request) => changed(request, 'authorization', `Bearer ${'a'.repeat(43)}`)],
    ['another media type', 400, (request) => changed(request, 'content-type', 'text/plain')],
    ['another body', 400, ({ url, headers }) => new Request(url, { method: 'POST', headers, body: '[]' })],
    [
      "another transaction's auth_req_id",
      401,
      ({ url, headers }) => new Request(url, { method: 'POST', headers, body: '{"auth_req_id":"other"}' }),
    ],
  ])('refuses %s with %s, and changes nothing', async (_, expected, change) => {
    const id = await begun()
    const before = await all.store.read(id)
    expect(await status(change(all.server.ping()))).toBe(expected)
    expect(await all.store.read(id)).toEqual(before)
    expect(all.events.at(-1)).toMatchObject({ type: 'callback-refused', status: expected })
  })

  it('answers 500 where the store does not, so that the server may come again', async () => {
    await begun()
    const { findByNotificationToken } = all.store
    all.store.findByNotificationToken = () => Promise.reject(new Error('no disk'))
    expect(await status(all.server.ping())).toBe(500)
    all.store.findByNotificationToken = findByNotificationToken
    expect(await status(all.server.ping())).toBe(204)
    await settled()
  })

  it('answers 503 when it is closed', async () => {
    await begun()
    await all.backchannel.close()
    expect(await status(all.server.ping())).toBe(503)
  })
})

function changed(request: Request, name: string, value: string | undefined): Request {
  const headers = new Headers(request.headers)
  if (value === undefined) headers.delete(name)
  else headers.set(name, value)
  return new Request(request, { headers })
}
