// Several processes over one Redis: what one begins, another polls, awaits and takes; and none of them need live.
import { setTimeout as delay } from 'node:timers/promises'
import type { Announcement, Backlog, Outcome, Started, TransactionSummary } from '@countersign/backchannel'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRedisLeftOut, type RunningRedis, startRedis } from '../servers/redis.ts'
import { share, type Shared, type Sharer } from './shared.ts'

/** A mark of a process that is gone is waited for so long, and a moment more, in milliseconds. */
const TAKEOVER = 81_000

const PATIENCE = 45_000

describe.skipIf(isRedisLeftOut())('processes that share a Redis', { timeout: PATIENCE }, () => {
  let redis: RunningRedis
  let shared: Shared

  beforeAll(async () => {
    redis = await startRedis()
  })

  afterAll(() => redis.stop())

  afterEach(() => shared.close())

  async function begin(sharer: Sharer, idempotencyKey?: string): Promise<Started> {
    return await sharer.ask({ do: 'start', ...(idempotencyKey !== undefined && { idempotencyKey }) })
  }

  /** Everybody takes at the same time: who gets what. */
  async function takes(id: string, ...sharers: Sharer[]): Promise<readonly string[]> {
    const all = await Promise.allSettled(sharers.map((sharer) => sharer.ask<Outcome>({ do: 'take', id })))
    return all.map((one) => (one.status === 'fulfilled' ? one.value.status : String(one.reason))).sort()
  }

  const polls = () => shared.server.log.filter((request) => request.startsWith('token'))

  /** The one of them that polls first, once its request has arrived. */
  async function firstPoller(sharers: readonly Sharer[]): Promise<Sharer> {
    const poller = await Promise.race(
      sharers.map(async (sharer) => {
        await sharer.has('poll')
        return sharer
      }),
    )
    await vi.waitFor(() => expect(polls()).toHaveLength(1), { timeout: 10_000, interval: 10 })
    return poller
  }

  async function untilStatus(sharer: Sharer, id: string, status: string): Promise<void> {
    await vi.waitFor(
      async () => {
        const summary = await sharer.ask<TransactionSummary>({ do: 'find', id })
        expect(JSON.stringify(summary)).toContain(`"${status}"`)
      },
      { timeout: 20_000, interval: 100 },
    )
  }

  const TAKEN = 'Error: BACKCHANNEL_OUTCOME_TAKEN'

  it('begin once what several begin at once with one idempotency key; one takes it, whoever polled it', async () => {
    shared = await share(redis.url)
    const { server } = shared
    const [one, two, three] = await Promise.all([shared.join(), shared.join(), shared.join()])
    const started = await Promise.all([one, two, three].map((sharer) => begin(sharer, 'order-5')))
    expect(new Set(started.map(({ id }) => id)).size).toBe(1)
    expect(started.filter(({ created }) => created)).toHaveLength(1)
    expect(server.authentications).toHaveLength(1)

    const id = started[0]?.id ?? ''
    const waits = [one, two, three].map((sharer) => sharer.ask<Announcement>({ do: 'wait', id }))
    server.approve()
    expect(await Promise.all(waits)).toEqual([1, 2, 3].map(() => ({ id, status: 'approved' })))
    expect(await takes(id, one, two, three, one, two, three)).toEqual([...Array<string>(5).fill(TAKEN), 'approved'])
    expect(server.misconduct).toEqual([])
  })

  it('go on with what a process began that was closed', async () => {
    shared = await share(redis.url)
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    const ids = await Promise.all([1, 2, 3, 4].map(async () => (await begin(one)).id))
    await one.ask({ do: 'close' })
    for (const place of ids.keys()) shared.server.approve(place)
    const waits = await Promise.all(ids.map((id) => two.ask<Announcement>({ do: 'wait', id })))
    expect(waits.map(({ status }) => status)).toEqual(Array(4).fill('approved'))
    expect(await two.ask<Backlog>({ do: 'backlog' })).toMatchObject({ overdue: 0, circuit: 'closed' })
    expect(shared.server.misconduct).toEqual([])
  })

  it('go on with what a process polled that was killed', async () => {
    shared = await share(redis.url)
    const { server } = shared
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    const { id } = await begin(one)
    server.latency = 1000
    const dead = await firstPoller([one, two])
    await dead.kill()
    const alive = dead === one ? two : one
    // its job is another's when its lock is over; its mark is respected for longer
    await delay(4000)
    server.latency = 0
    expect(polls()).toHaveLength(1)
    await alive.ask({ do: 'go-ahead', milliseconds: TAKEOVER })
    await shared.join(TAKEOVER)
    server.approve()
    expect(await alive.ask({ do: 'wait', id })).toEqual({ id, status: 'approved' })
    expect(await takes(id, alive, alive)).toEqual([TAKEN, 'approved'])
    expect(server.misconduct).toEqual([])
  })

  it('end as lost what a process redeemed that stands still, and as approved when it goes on', async () => {
    shared = await share(redis.url)
    const { server } = shared
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    const { id } = await begin(one)
    server.latency = 1000
    const paused = await firstPoller([one, two])
    paused.process.kill('SIGSTOP')
    const awake = paused === one ? two : one
    server.approve()
    // longer than its lock, and its answer arrives
    await delay(4000)
    server.latency = 0
    await awake.ask({ do: 'go-ahead', milliseconds: TAKEOVER })
    await shared.join(TAKEOVER)
    expect(await awake.ask({ do: 'wait', id })).toEqual({ id, status: 'lost' })
    paused.process.kill('SIGCONT')
    await untilStatus(awake, id, 'approved')
    expect(await takes(id, awake, paused)).toEqual([TAKEN, 'approved'])
    // the two requests were one after the other, and the second one was for what nobody could know
    expect(server.misconduct).toEqual(['redeemed twice'])
  })

  it('go on when Redis was restarted', async () => {
    shared = await share(redis.url)
    const { server } = shared
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    const { id } = await begin(one)
    await (await firstPoller([one, two])).has('pending')
    await redis.restart(1500)
    const before = polls().length
    await vi.waitFor(() => expect(polls().length).toBeGreaterThan(before), { timeout: 25_000, interval: 100 })
    server.approve()
    await untilStatus(two, id, 'approved')
    expect(await takes(id, one, two)).toEqual([TAKEN, 'approved'])
    expect(server.misconduct).toEqual([])
  })

  it('lose no time when Redis is gone while "not yet" is to be stored (CIBA Core 10.1)', async () => {
    shared = await share(redis.url)
    const { server } = shared
    const one = await shared.join()
    const { id } = await begin(one)
    server.latency = 1000
    await firstPoller([one])
    // the answer comes to a process that has nowhere to store it
    await redis.restart(7500)
    server.latency = 0
    await vi.waitFor(() => expect(polls().length).toBeGreaterThan(1), { timeout: 15_000, interval: 50 })
    expect(one.events).toContain('step-failed')
    expect(await one.ask({ do: 'find', id })).toMatchObject({ unanswered: false })
    server.approve()
    expect(await one.ask({ do: 'wait', id })).toEqual({ id, status: 'approved' })
    expect(server.misconduct).toEqual([])
  })

  it('have one outcome where pings race each other and a poll (CIBA Core 10.2)', async () => {
    shared = await share(redis.url, { mode: 'ping' })
    const { server } = shared
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    const { id } = await begin(one)
    server.latency = 500
    await firstPoller([one, two])
    server.approve()
    const answers = await Promise.all([one, two, one, two].map((sharer) => shared.callBack(sharer, server.ping())))
    expect(answers).toEqual([204, 204, 204, 204])
    expect(await two.ask({ do: 'wait', id })).toEqual({ id, status: 'approved' })
    expect(await shared.callBack(two, server.ping())).toBe(204)
    expect(await takes(id, one, two)).toEqual([TAKEN, 'approved'])
    expect(server.misconduct).toEqual([])
  })

  it('poll at once when a ping comes to any of them', async () => {
    shared = await share(redis.url, { mode: 'ping', interval: 1 })
    const { server } = shared
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    const { id } = await begin(one)
    await firstPoller([one, two])
    await delay(1100)
    server.approve()
    const pingedAt = Date.now()
    expect(await shared.callBack(two, server.ping())).toBe(204)
    expect(await one.ask({ do: 'wait', id })).toEqual({ id, status: 'approved' })
    // the next poll of its own would come after 2 s
    expect(Date.now() - pingedAt).toBeLessThan(850)
  })

  it('have one outcome where a push is faster than the acknowledgement, and comes again (CIBA Core 10.3.1)', async () => {
    shared = await share(redis.url, { mode: 'push' })
    const { server } = shared
    const [one, two] = await Promise.all([shared.join(), shared.join()])
    server.latency = 1000
    const starting = begin(one)
    await vi.waitFor(() => expect(server.authentications).toHaveLength(1), { timeout: 5000, interval: 20 })
    server.latency = 0
    const pushes = [two, one, two].map((sharer) => shared.callBack(sharer, server.push()))
    expect(await Promise.all(pushes)).toEqual([204, 204, 204])
    const { id } = await starting
    expect(await two.ask({ do: 'wait', id })).toEqual({ id, status: 'approved' })
    expect(await shared.callBack(two, server.push())).toBe(204)
    expect(await takes(id, one, two, one)).toEqual([TAKEN, TAKEN, 'approved'])
    expect(server.misconduct).toEqual([])
  })
})
