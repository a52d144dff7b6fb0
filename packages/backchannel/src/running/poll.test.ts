import { describe, expect, it } from 'vitest'
import { all, begun, open } from '../testing/current.ts'
import { json } from '../testing/simulated-server.ts'
import { type Opened, opened, PARAMETERS, settled } from '../testing/opened.ts'

/** The outcome, once all that is under way has come about. */
async function outcome(id: string) {
  await settled()
  return await all.backchannel.take(id)
}

describe('a transaction in poll mode', () => {
  it('is approved: asked for at the interval, validated, and given out once (CIBA Core 7.3, 10.1)', async () => {
    const id = await begun()
    const waiting = all.backchannel.wait(id)
    await all.clock.advance(11_000)
    all.server.approve()
    await all.clock.advance(5000)
    expect(await waiting).toEqual({ id, status: 'approved' })
    expect(all.server.log).toEqual([
      'backchannel at 0',
      'token at 5000',
      'token at 10000',
      'token at 15000',
      'jwks at 15000',
    ])
    const given = await all.backchannel.take(id)
    expect(given).toMatchObject({
      status: 'approved',
      id,
      tokens: { access_token: 'access-auth-req-0', refresh_token: 'refresh-auth-req-0', token_type: 'bearer' },
      claims: { sub: 'anna', iss: 'https://op.example.com' },
    })
    await expect(all.backchannel.take(id)).rejects.toMatchObject({ code: 'BACKCHANNEL_OUTCOME_TAKEN' })
    expect(all.types).toEqual([
      'started',
      'acknowledged',
      'poll',
      'pending',
      'poll',
      'pending',
      'poll',
      'answered',
      'outcome',
      'taken',
    ])
  })

  it('is refused (11)', async () => {
    const id = await begun()
    all.server.deny()
    await all.clock.advance(5000)
    expect(await outcome(id)).toEqual({ status: 'refused', id, error: 'access_denied' })
  })

  it('expires by itself, and is not asked about then (7.3)', async () => {
    const id = await begun({ expiresIn: 12 })
    await all.clock.advance(60_000)
    expect(await outcome(id)).toEqual({ status: 'expired', id, by: 'clock' })
    expect(all.server.log).toEqual(['backchannel at 0', 'token at 5000', 'token at 10000'])
  })

  it('expires as the server says (11)', async () => {
    const id = await begun()
    all.server.fault('token', json({ error: 'expired_token' }, 400))
    await all.clock.advance(5000)
    expect(await outcome(id)).toEqual({ status: 'expired', id, by: 'server' })
  })

  it.each(['invalid_grant', 'invalid_request', 'unauthorized_client', 'invalid_client'])(
    'fails with %s, and is not asked about again (11)',
    async (error) => {
      const id = await begun()
      all.server.fault('token', json({ error }, 400))
      await all.clock.advance(60_000)
      expect(await outcome(id)).toMatchObject({
        status: 'failed',
        failure: { name: 'ResponseBodyError', code: 'OAUTH_RESPONSE_BODY_ERROR', error },
      })
      expect(all.server.log).toHaveLength(2)
    },
  )

  it('is asked about more slowly after slow_down, for good (11)', async () => {
    await begun()
    all.server.fault('token', json({ error: 'slow_down' }, 400))
    await all.clock.advance(40_000)
    expect(all.server.log.slice(1)).toEqual(['token at 5000', 'token at 15000', 'token at 25000', 'token at 35000'])
    expect(all.events).toContainEqual(expect.objectContaining({ type: 'slower', reason: 'slow_down' }))
  })

  it('outlives faults of the network and of the server (10.1)', async () => {
    const id = await begun()
    all.server.fault('token', 'no connection', new Response(null, { status: 502 }))
    await all.clock.advance(30_000)
    all.server.approve()
    await all.clock.advance(60_000)
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
    expect(all.types.filter((type) => type === 'slower')).toHaveLength(2)
  })

  it('is lost where the server redeemed it and the connection broke: never a refusal', async () => {
    const id = await begun()
    all.server.approve()
    all.server.fault('token', 'connection lost after the server did its work')
    await all.clock.advance(60_000)
    expect(all.server.misconduct.splice(0)).toEqual(['redeemed twice'])
    expect(await outcome(id)).toEqual({ status: 'lost', id, error: 'invalid_grant' })
    expect(all.events).toContainEqual(expect.objectContaining({ type: 'poll', unanswered: true }))
  })

  it('is lost also where a redeemed one is denied, as by glewlwyd', async () => {
    const id = await begun({ redeemedAnswer: 'access_denied' })
    all.server.approve()
    all.server.fault('token', 'connection lost after the server did its work')
    await all.clock.advance(60_000)
    all.server.misconduct.splice(0)
    expect(await outcome(id)).toEqual({ status: 'lost', id, error: 'access_denied' })
  })

  it('is not validated by an ID Token whose signature is not valid, and says so', async () => {
    const id = await begun()
    const other = (await opened()).server
    await other.fetch('https://op.example.com/backchannel', {})
    other.approve()
    all.server.fault(
      'token',
      await other.fetch('https://op.example.com/token', { body: new URLSearchParams({ auth_req_id: 'auth-req-0' }) }),
    )
    await all.clock.advance(5000)
    expect(await outcome(id)).toMatchObject({
      status: 'failed',
      failure: { code: 'OAUTH_INVALID_RESPONSE', rule: 'signature.value' },
    })
  })

  it('fails where a success has no ID Token (10.1.1)', async () => {
    const id = await begun()
    all.server.fault('token', json({ access_token: 'a', token_type: 'bearer' }))
    await all.clock.advance(5000)
    expect(await outcome(id)).toMatchObject({ status: 'failed', failure: { rule: expect.any(String) } })
    expect(all.types).toContain('answered')
  })

  it("waits for the server's keys, and does not ask for the tokens again", async () => {
    const id = await begun()
    all.server.approve()
    all.server.fault('jwks', 'no connection', new Response(null, { status: 503 }), 'no connection')
    await all.clock.advance(5000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'answered' })
    await all.clock.advance(10_000)
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
    expect(all.server.log.filter((request) => request.startsWith('token'))).toHaveLength(1)
    expect(all.types.filter((type) => type === 'validation-postponed')).toHaveLength(3)
  })

  it('validates as of when the answer came, however late that is', async () => {
    const id = await begun()
    all.server.approve()
    all.server.fault('jwks', ...Array.from({ length: 20 }, () => 'no connection' as const))
    // the ID Token is good for ten minutes
    await all.clock.advance(1_500_000)
    expect(await outcome(id)).toMatchObject({ status: 'approved', claims: { sub: 'anna' } })
  })

  it('gives an answer up that cannot be validated for an hour', async () => {
    const id = await begun()
    all.server.approve()
    all.server.fault('jwks', ...Array.from({ length: 100 }, () => 'no connection' as const))
    await all.clock.advance(3_800_000)
    expect(await outcome(id)).toMatchObject({ status: 'failed', failure: { name: 'TypeError' } })
  })

  it('is cancelled, whatever is answered afterwards', async () => {
    const id = await begun()
    all.server.latency = 1000
    all.server.approve()
    await all.clock.advance(5500)
    expect(await all.backchannel.cancel(id)).toEqual({ id, status: 'cancelled' })
    await all.clock.advance(60_000)
    expect(await outcome(id)).toEqual({ status: 'cancelled', id })
    expect(all.types).toContain('discarded')
    expect(await all.backchannel.cancel(id)).toEqual({ id, status: 'cancelled' })
  })

  it('gives back what the caller wanted to have kept, and keeps nothing of the request itself', async () => {
    await open()
    const parameters = { ...PARAMETERS, binding_message: 'W4-K7' }
    const { id } = await all.backchannel.start({ parameters, context: { order: 5 } })
    const stored = JSON.stringify(await all.store.read(id))
    expect(stored).not.toMatch(/anna|W4-K7|order|auth-req/)
    all.server.deny()
    await all.clock.advance(5000)
    expect(await outcome(id)).toMatchObject({ status: 'refused', context: { order: 5 } })
  })

  it('holds no token that can be read, and none at all once it was taken', async () => {
    const id = await begun()
    all.server.approve()
    await all.clock.advance(5000)
    const ended = await all.store.read(id)
    expect(ended?.state).toBe('ended')
    expect(JSON.stringify(ended)).not.toMatch(/access-auth|anna/)
    await all.backchannel.take(id)
    expect(await all.store.read(id)).toMatchObject({ state: 'taken' })
    expect(await all.store.read(id)).not.toHaveProperty('outcome')
  })

  it('is deleted when it was kept long enough, taken or not', async () => {
    const id = await begun({}, { retention: 100 })
    all.server.deny()
    await all.clock.advance(104_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'refused' })
    await all.clock.advance(1000)
    expect(await all.backchannel.find(id)).toBeUndefined()
    await expect(all.backchannel.take(id)).rejects.toMatchObject({ code: 'BACKCHANNEL_UNKNOWN_TRANSACTION' })
    expect(all.events.at(-1)).toMatchObject({ type: 'deleted', taken: false })
    expect(await all.backchannel.backlog()).toMatchObject({ scheduled: 0 })
  })
})

describe('a process that ends', () => {
  it('leaves a transaction that waits to the next one, with its interval and its expiry', async () => {
    const id = await begun({ interval: 7, expiresIn: 60 })
    await all.clock.advance(8000)
    await all.reopen()
    await all.clock.advance(5000)
    expect(all.server.log.slice(1)).toEqual(['token at 7000'])
    await all.clock.advance(1000)
    expect(all.server.log.slice(1)).toEqual(['token at 7000', 'token at 14000'])
    await all.clock.advance(60_000)
    expect(await outcome(id)).toEqual({ status: 'expired', id, by: 'clock' })
  })

  it('leaves a request whose answer nobody knows: asked again not too early, and never silently', async () => {
    const id = await begun()
    all.server.latency = 1000
    await all.clock.advance(5500)
    await all.reopen()
    await settled()
    expect(all.types.at(-1)).toBe('resumed')
    await all.clock.advance(4999)
    expect(all.server.log).toHaveLength(2)
    await all.clock.advance(1)
    expect(all.server.log.at(-1)).toBe('token at 10500')
    expect(all.events.at(-1)).toMatchObject({ type: 'poll', unanswered: true })
    await all.clock.advance(2000)
    all.server.approve()
    await all.clock.advance(10_000)
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
  })

  it('leaves an answer that was lost with it: lost, and not refused', async () => {
    const id = await begun()
    all.server.approve()
    all.server.latency = 1000
    await all.clock.advance(6500)
    // the server has redeemed it and answers in this moment
    await all.reopen()
    await all.clock.advance(30_000)
    expect(all.server.misconduct.splice(0)).toEqual(['redeemed twice'])
    expect(await outcome(id)).toEqual({ status: 'lost', id, error: 'invalid_grant' })
  })

  it('leaves an answer that was stored and not validated', async () => {
    const id = await begun()
    all.server.approve()
    all.server.fault('jwks', 'no connection')
    await all.clock.advance(5000)
    await all.reopen()
    await all.clock.advance(2000)
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
    expect(all.server.log.filter((request) => request.startsWith('token'))).toHaveLength(1)
  })

  it('leaves outcomes that nobody took, which whoever subscribes is told', async () => {
    const id = await begun()
    all.server.approve()
    await all.clock.advance(5000)
    await all.reopen()
    const told: unknown[] = []
    const unsubscribe = all.backchannel.subscribe((announcement) => told.push(announcement))
    await settled()
    expect(told).toEqual([{ id, status: 'approved' }])
    unsubscribe()
    expect(await all.backchannel.wait(id)).toEqual({ id, status: 'approved' })
    expect(await outcome(id)).toMatchObject({ status: 'approved', tokens: { access_token: 'access-auth-req-0' } })
  })

  it('leaves a start without an acknowledgement: never sent again, and its own outcome', async () => {
    await open()
    all.server.latency = 1000
    void all.backchannel.start({ parameters: PARAMETERS, idempotencyKey: 'order-5' })
    await all.clock.advance(500)
    await all.reopen()
    await settled()
    const again = await all.backchannel.start({ parameters: PARAMETERS, idempotencyKey: 'order-5' })
    expect(again).toMatchObject({ created: false, acknowledged: false })
    expect(await outcome(again.id)).toEqual({ status: 'unacknowledged', id: again.id })
    expect(all.server.log).toEqual(['backchannel at 0'])
  })
})

describe('several processes with one store', () => {
  it('do not ask at the same time about one transaction', async () => {
    const id = await begun({}, {}, false)
    all.server.latency = 1000
    for (let other = 0; other < 3; other++) await all.another()
    await all.clock.advance(30_000)
    all.server.approve()
    await all.clock.advance(10_000)
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
    expect(all.types.filter((type) => type === 'outcome')).toHaveLength(1)
  })

  it('go on with what one of them left, once its mark is too old', async () => {
    const id = await begun({ expiresIn: 300 }, {}, false)
    all.server.latency = 10_000_000
    await all.clock.advance(5001)
    all.server.latency = 0
    await all.reopen()
    await all.clock.advance(79_000)
    expect(all.server.log.filter((request) => request.startsWith('token'))).toHaveLength(1)
    await all.clock.advance(10_000)
    expect(all.types).toContain('resumed')
    all.server.approve()
    await all.clock.advance(10_000)
    // its request is still under way at the server, which is what the mark was waited for
    expect(all.server.misconduct.splice(0)[0]).toMatch(/asked twice at once/)
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
  })

  it('believe the one that stood still with the answer in its hands, when it wakes up', async () => {
    const id = await begun({ expiresIn: 300 }, { answerTimeout: 200 }, false)
    const hands = heldAnswer(all)
    all.server.approve()
    await all.clock.advance(5000)
    await all.another()
    // its mark is older than any request can be: its process was suspended
    await all.clock.advance(450_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'lost' })
    hands.release()
    await all.clock.advance(0)
    expect(all.server.misconduct.splice(0)).toEqual(['redeemed twice'])
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'approved' })
    expect(await outcome(id)).toMatchObject({ status: 'approved' })
  })

  it('take an outcome once', async () => {
    const id = await begun({}, {}, false)
    const others = [await all.another(), await all.another(), all.backchannel]
    all.server.approve()
    await all.clock.advance(5000)
    const taken = await Promise.allSettled(others.flatMap((one) => [one.take(id), one.take(id)]))
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of taken) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'BACKCHANNEL_OUTCOME_TAKEN' })
    }
  })

  it('hear of an outcome that another one stored, also when its announcement is missed', async () => {
    const id = await begun({}, {}, false)
    const other = await all.another()
    const waiting = other.wait(id)
    all.server.deny()
    await all.clock.advance(40_000)
    expect(await waiting).toEqual({ id, status: 'refused' })
  })
})

describe('a server that fails', () => {
  it('is left alone, and asked by one transaction whether it answers again', async () => {
    await open({ expiresIn: 600 }, { circuitThreshold: 3, circuitPause: 20 })
    for (let n = 0; n < 10; n++) await all.backchannel.start({ parameters: PARAMETERS })
    all.server.fault('token', ...Array.from({ length: 10 }, () => new Response(null, { status: 500 })))
    await all.clock.advance(5000)
    expect(await all.backchannel.backlog()).toMatchObject({ circuit: 'open', scheduled: 10 })
    const before = all.server.log.length
    await all.clock.advance(19_000)
    expect(all.server.log).toHaveLength(before)
    await all.clock.advance(60_000)
    expect(await all.backchannel.backlog()).toMatchObject({ circuit: 'closed', overdue: 0 })
    expect(all.types).toContain('circuit-opened')
    expect(all.types).toContain('circuit-closed')
  })

  it('does not keep a transaction from expiring', async () => {
    const id = await begun({ expiresIn: 20 }, { circuitThreshold: 1, circuitPause: 60 })
    all.server.fault('token', new Response(null, { status: 503 }))
    await all.clock.advance(25_000)
    expect(await outcome(id)).toEqual({ status: 'expired', id, by: 'clock' })
  })
})

/** Holds back the next answer of the token endpoint where nobody sees it but the process that asked. */
function heldAnswer({ server }: Opened) {
  const held: { release: () => void } = { release: () => undefined }
  const { fetch } = server
  let first = true
  server.fetch = async (url, request) => {
    const answer = await fetch(url, request)
    if (first && url.endsWith('/token')) {
      first = false
      await new Promise<void>((resolve) => (held.release = resolve))
    }
    return answer
  }
  return { release: () => held.release() }
}
