import { afterEach, describe, expect, it } from 'vitest'
import { type Opened, opened, PARAMETERS } from '../testing/opened.ts'
import type { TransactionRecord } from '../transaction/record.ts'

let all: Opened

afterEach(() => {
  expect(all.server.misconduct).toEqual([])
})

async function begun(): Promise<string> {
  all = await opened({ expiresIn: 300 }, { jitter: 0 })
  return (await all.backchannel.start({ parameters: PARAMETERS })).id
}

const polls = () => all.server.log.filter((request) => request.startsWith('token'))

/** From now on the store does not take a record in that state, for so many milliseconds of the clock. */
function refuseFor(state: TransactionRecord['state'], milliseconds: number): void {
  const { replace } = all.store
  const over = all.clock.now() + milliseconds
  all.store.replace = async (record) => {
    if (record.state === state && all.clock.now() < over) throw new Error('the store is away')
    return await replace(record)
  }
}

/** The next record in that state is stored, and the store's word for it gets lost on the way. */
function loseWordOf(state: TransactionRecord['state']): void {
  const { replace } = all.store
  let lost = false
  all.store.replace = async (record) => {
    const replaced = await replace(record)
    if (record.state !== state || lost) return replaced
    lost = true
    throw new Error('the connection to the store broke off')
  }
}

describe('a store that is away at the wrong moment', () => {
  it.each([100, 3000])('for %d ms does not delay the next token request (CIBA Core 10.1)', async (milliseconds) => {
    const id = await begun()
    refuseFor('pending', 5000 + milliseconds)
    await all.clock.advance(9999)
    expect(polls()).toEqual(['token at 5000'])
    expect(all.events).toContainEqual(
      expect.objectContaining({ type: 'step-failed', id, failure: { name: 'Error', message: 'the store is away' } }),
    )
    await all.clock.advance(1)
    expect(polls()).toEqual(['token at 5000', 'token at 10000'])
    expect(await all.backchannel.find(id)).toMatchObject({ unanswered: false })
  })

  it('for longer than the interval delays it by no more than a few seconds', async () => {
    await begun()
    refuseFor('pending', 30_000)
    await all.clock.advance(35_000)
    expect(polls()[0]).toBe('token at 5000')
    expect(polls().slice(1)).toEqual(['token at 30250'])
  })

  it('for longer than the mark is respected lets the step begin anew, with the answer unknown', async () => {
    const id = await begun()
    refuseFor('pending', 95_000)
    await all.clock.advance(92_000)
    expect(polls()).toHaveLength(1)
    all.server.approve()
    await all.clock.advance(20_000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
    expect(all.events).toContainEqual(expect.objectContaining({ type: 'poll', unanswered: true }))
  })

  it('does not make a refusal one that is lost (11)', async () => {
    const id = await begun()
    all.server.deny()
    refuseFor('ended', 25_000)
    await all.clock.advance(30_000)
    expect(await all.backchannel.take(id)).toEqual({ status: 'refused', id, error: 'access_denied' })
    expect(polls()).toHaveLength(1)
  })

  it('loses no tokens that the server gives once (10.1.1)', async () => {
    const id = await begun()
    all.server.approve()
    refuseFor('answered', 45_000)
    await all.clock.advance(60_000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
    // once more after 35 seconds without an answer, as far as that request knew
    all.server.misconduct.splice(0)
  })
})

describe('a store that has stored something, and whose word gets lost', () => {
  it('goes on at the interval after "pending"', async () => {
    await begun()
    loseWordOf('pending')
    await all.clock.advance(10_000)
    expect(polls()).toEqual(['token at 5000', 'token at 10000'])
  })

  it('announces a refusal, once', async () => {
    const id = await begun()
    const told: unknown[] = []
    all.backchannel.subscribe((announcement) => told.push(announcement))
    all.server.deny()
    loseWordOf('ended')
    await all.clock.advance(6000)
    expect(told).toEqual([{ id, status: 'refused' }])
    expect(all.types.filter((type) => type === 'outcome')).toHaveLength(1)
    expect(all.types).not.toContain('discarded')
  })

  it('takes an answer for its own', async () => {
    const id = await begun()
    all.server.approve()
    loseWordOf('answered')
    await all.clock.advance(6000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
    expect(all.types).not.toContain('discarded')
  })
})

describe('a process that stands still with a request under way, for longer than it waits for answers', () => {
  it('has lost the answer: lost, with the word of the server', async () => {
    const id = await begun()
    const { fetch } = all.server
    let first = true
    all.server.fetch = async (url, request) => {
      const answer = await fetch(url, request)
      if (!first || !url.endsWith('/token')) return answer
      first = false
      // when it goes on, its timers are first, and give the connection up with the answer in it
      return await new Promise<Response>(() => undefined)
    }
    all.server.approve()
    await all.clock.advance(60_000)
    expect(await all.backchannel.take(id)).toEqual({ status: 'lost', id, error: 'invalid_grant' })
    expect(all.server.misconduct.splice(0)).toEqual(['redeemed twice'])
  })
})
