import { afterEach, describe, expect, it } from 'vitest'
import { type Opened, opened, PARAMETERS } from '../testing/opened.ts'

let all: Opened

afterEach(() => {
  expect(all.server.misconduct).toEqual([])
})

async function begun(...[server = {}, ...more]: Partial<Parameters<typeof opened>>): Promise<string> {
  all = await opened({ mode: 'push', ...server }, ...more)
  return (await all.backchannel.start({ parameters: PARAMETERS })).id
}

async function status(request: Request): Promise<number> {
  return (await all.backchannel.handler(request)).status
}

function refusal(error: string): Request {
  const nothing = { access_token: undefined, id_token: undefined, refresh_token: undefined }
  return all.server.push(0, { ...nothing, token_type: undefined, expires_in: undefined, error })
}

describe('a transaction in push mode', () => {
  it('is approved by its push, and never asked about (CIBA Core 10.3.1)', async () => {
    const id = await begun()
    const waiting = all.backchannel.wait(id)
    await all.clock.advance(60_000)
    expect(await status(all.server.push())).toBe(204)
    expect(await waiting).toEqual({ id, status: 'approved' })
    expect(await all.backchannel.take(id)).toMatchObject({
      status: 'approved',
      tokens: { access_token: 'access-auth-req-0', token_type: 'bearer' },
      claims: { sub: 'anna' },
    })
    expect(all.server.log).toEqual(['backchannel at 0', 'jwks at 60000'])
  })

  it.each([
    ['access_denied', { status: 'refused', error: 'access_denied' }],
    ['expired_token', { status: 'expired', by: 'server' }],
    ['transaction_failed', { status: 'failed', failure: { error: 'transaction_failed' } }],
  ])('ends with the error %s of a push (12)', async (error, outcome) => {
    const id = await begun()
    expect(await status(refusal(error))).toBe(204)
    expect(await all.backchannel.take(id)).toMatchObject(outcome)
  })

  it('expires where no push comes, as after a denial at glewlwyd', async () => {
    const id = await begun()
    await all.clock.advance(119_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending' })
    await all.clock.advance(2000)
    expect(await all.backchannel.take(id)).toEqual({ status: 'expired', id, by: 'clock' })
  })

  it('is approved by a push that comes after it expired here, if nobody has taken that', async () => {
    const id = await begun()
    await all.clock.advance(121_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'expired' })
    expect(await status(all.server.push())).toBe(204)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
    expect(await status(all.server.push())).toBe(204)
  })

  it('has one outcome, whatever is pushed twice', async () => {
    const id = await begun()
    expect(await Promise.all([status(all.server.push()), status(all.server.push())])).toEqual(
      expect.arrayContaining([204]),
    )
    expect(await status(refusal('access_denied'))).toBe(204)
    expect(all.types.filter((type) => type === 'outcome')).toHaveLength(1)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('is approved by a push that is faster than the acknowledgement', async () => {
    all = await opened({ mode: 'push' })
    all.server.latency = 1000
    const starting = all.backchannel.start({ parameters: PARAMETERS })
    await all.clock.advance(900)
    all.server.latency = 0
    expect(await status(all.server.push())).toBe(204)
    await all.clock.advance(200)
    const { id, acknowledged } = await starting
    expect(acknowledged).toBe(true)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('is approved by a push whose acknowledgement was lost, also when it had ended as unacknowledged', async () => {
    all = await opened({ mode: 'push' }, { longestExpiry: 60 })
    all.server.fault('backchannel', 'connection lost after the server did its work')
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    await all.clock.advance(61_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'unacknowledged' })
    expect(await status(all.server.push())).toBe(204)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it.each([
    ['without an ID Token', { id_token: undefined }],
    ['with another access token', { access_token: 'other' }],
    ['with another refresh token', { refresh_token: 'other' }],
  ])('is not approved by a push %s, and by the right one after it (10.3.1)', async (_, changes) => {
    const id = await begun()
    expect(await status(all.server.push(0, changes))).toBe(400)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending' })
    expect(await status(all.server.push())).toBe(204)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it("is judged later where the server's keys are away: 500 now, and nothing is lost", async () => {
    const id = await begun()
    all.server.fault('jwks', 'no connection', 'no connection')
    expect(await status(all.server.push())).toBe(500)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'answered' })
    await all.clock.advance(5000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved', claims: { sub: 'anna' } })
  })

  it('is judged by the next process where this one ends before', async () => {
    const id = await begun()
    all.server.fault('jwks', 'no connection')
    await status(all.server.push())
    await all.reopen()
    await all.clock.advance(6000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('goes back to waiting where a push is refused later', async () => {
    const id = await begun()
    all.server.fault('jwks', 'no connection')
    const { push } = all.server
    expect(await status(push(0, { access_token: 'other' }))).toBe(500)
    await all.clock.advance(6000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending' })
    expect(await status(push())).toBe(204)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('is not touched by a ping, which is refused (10)', async () => {
    const id = await begun()
    expect(await status(all.server.ping())).toBe(400)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending' })
  })

  it('keeps no tokens that come after it was cancelled', async () => {
    const id = await begun()
    await all.backchannel.cancel(id)
    expect(await status(all.server.push())).toBe(204)
    expect(await all.backchannel.take(id)).toEqual({ status: 'cancelled', id })
  })
})
