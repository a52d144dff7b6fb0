import { describe, expect, it } from 'vitest'
import { all, begun, open } from '../testing/current.ts'
import { PARAMETERS, settled } from '../testing/opened.ts'
import { json } from '../testing/simulated-server.ts'

/** By the server's clock, which nobody sets. */
const polls = () => all.server.log.filter((request) => request.startsWith('token'))

describe('a clock that is set back', () => {
  it.each([40_000, 3_600_000])(
    'by %d ms does not stop the polling, nor make it too fast (CIBA Core 10.1)',
    async (by) => {
      const id = await begun({}, { jitter: 0 })
      await all.clock.advance(7000)
      all.clock.set(-by)
      await all.clock.advance(10_000)
      expect(polls()[0]).toBe('token at 5000')
      expect(polls().length).toBeGreaterThan(1)
      all.server.deny()
      await all.clock.advance(6000)
      expect(await all.backchannel.take(id)).toMatchObject({ status: 'refused' })
    },
  )

  it('while a request is under way does so neither', async () => {
    const id = await begun({}, { jitter: 0 })
    all.server.latency = 2000
    await all.clock.advance(6000)
    all.clock.set(-3_600_000)
    await all.clock.advance(14_000)
    all.server.latency = 0
    all.server.deny()
    await all.clock.advance(6000)
    expect(polls().length).toBeGreaterThan(1)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'refused' })
  })

  it('between two lives of a process stops nothing either', async () => {
    const id = await begun({}, { jitter: 0 })
    await all.clock.advance(7000)
    all.clock.set(-3_600_000)
    await all.reopen()
    await all.clock.advance(10_000)
    all.server.deny()
    await all.clock.advance(6000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'refused' })
  })

  it('does not make a transaction live longer (7.3)', async () => {
    const id = await begun({ expiresIn: 60 })
    await all.clock.advance(12_000)
    all.clock.set(-3_600_000)
    await all.clock.advance(60_000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'expired' })
  })

  it('leaves an answer that waits for keys to be looked at as soon as before', async () => {
    const id = await begun()
    all.server.approve()
    all.server.fault('jwks', 'no connection', 'no connection')
    await all.clock.advance(5500)
    all.clock.set(-60_000)
    await all.clock.advance(10_000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })
})

describe('a clock that is set ahead', () => {
  it('beyond the expiry ends the transaction by the clock (CIBA Core 7.3)', async () => {
    const id = await begun()
    await all.clock.advance(7000)
    all.clock.set(3_600_000)
    await all.clock.advance(5000)
    expect(await all.backchannel.take(id)).toEqual({ status: 'expired', id, by: 'clock' })
    expect(polls()).toHaveLength(1)
  })

  it('by less may ask too early once, and goes on', async () => {
    const id = await begun({}, { jitter: 0 })
    await all.clock.advance(6000)
    all.clock.set(3000)
    await all.clock.advance(10_000)
    all.server.misconduct.splice(0)
    all.server.deny()
    await all.clock.advance(6000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'refused' })
  })
})

describe('a server that says slow_down again and again (CIBA Core 11)', () => {
  it('is asked ever more slowly, 5 seconds for each, and by the pace that it asked for at last', async () => {
    const id = await begun({ expiresIn: 3600 }, { jitter: 0 })
    all.server.fault('token', ...Array.from({ length: 10 }, () => json({ error: 'slow_down' }, 400)))
    await all.clock.advance(1_000_000)
    const times = polls().map((request) => Number(request.slice('token at '.length)))
    const waits = times.map((time, place) => (time - (times[place - 1] ?? 0)) / 1000)
    expect(waits.slice(0, 13)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 55, 55])
    all.server.approve()
    await all.clock.advance(60_000)
    await settled()
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('of many transactions at once ends none of them', async () => {
    await open({ expiresIn: 3600 }, { jitter: 0 })
    const ids: string[] = []
    for (let number = 0; number < 50; number++) {
      ids.push((await all.backchannel.start({ parameters: PARAMETERS })).id)
    }
    all.server.fault('token', ...Array.from({ length: 150 }, () => json({ error: 'slow_down' }, 400)))
    await all.clock.advance(100_000)
    expect(await all.backchannel.backlog()).toMatchObject({ circuit: 'closed', scheduled: 50, overdue: 0 })
    for (const number of ids.keys()) all.server.approve(number)
    await all.clock.advance(60_000)
    for (const id of ids) expect(await all.backchannel.find(id)).toMatchObject({ status: 'approved' })
  })
})
