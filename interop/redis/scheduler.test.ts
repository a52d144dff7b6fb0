// Steps run by BullMQ on a real Redis: when they are due, in one of two processes, and not lost when they are asked for in a
// bad moment.
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../../packages/backchannel/src/backend/backend.ts'
import { redis } from '../../packages/backchannel/src/redis/index.ts'
import { systemClock } from '../../packages/backchannel/src/settings/system-clock.ts'
import { startingRecord } from '../../packages/backchannel/src/testing/records.ts'
import { isRedisLeftOut, type RunningRedis, startRedis } from '../servers/redis.ts'

describe.skipIf(isRedisLeftOut())('the scheduler on Redis', () => {
  let server: RunningRedis
  let backends: Backend[]
  let count = 0

  beforeAll(async () => {
    server = await startRedis()
  })

  afterAll(() => server.stop())

  beforeEach(async () => {
    const open = redis({ connection: server.url, prefix: `{scheduler-${count++}}` })
    backends = await Promise.all(['one', 'two'].map((owner) => open({ owner, clock: systemClock, concurrency: 8 })))
  })

  afterEach(async () => {
    for (const { scheduler, close, store } of backends) {
      await scheduler.stop()
      await close?.()
      await store.close()
    }
  })

  /** Starts both with that step, and gives when steps began. */
  async function started(step: (id: string) => Promise<number | undefined>): Promise<{ id: string; at: number }[]> {
    const ran: { id: string; at: number }[] = []
    for (const { scheduler } of backends) {
      await scheduler.start((id) => {
        ran.push({ id, at: Date.now() })
        return step(id)
      })
    }
    return ran
  }

  async function schedule(id: string, dueAt: number, place = 0): Promise<void> {
    await backends[place]?.scheduler.schedule(id, dueAt)
  }

  it('runs a step when it is due and not before, again when it says, and no more when it says nothing', async () => {
    let times = 0
    const ran = await started(async () => (times++ === 0 ? Date.now() + 500 : undefined))
    const dueAt = Date.now() + 500
    await schedule('a', dueAt)
    await vi.waitFor(() => expect(ran).toHaveLength(2), { timeout: 8000 })
    expect(ran[0]?.at).toBeGreaterThanOrEqual(dueAt)
    expect((ran[1]?.at ?? 0) - (ran[0]?.at ?? 0)).toBeGreaterThanOrEqual(500)
    await delay(500)
    expect(ran).toHaveLength(2)
    expect(await backends[1]?.scheduler.backlog()).toEqual({ scheduled: 0, overdue: 0, running: 0, delay: 0 })
  })

  it('brings a step forward, whichever process asks, and never puts one off', async () => {
    const ran = await started(async () => undefined)
    await schedule('a', Date.now() + 60_000)
    expect(await backends[0]?.scheduler.backlog()).toMatchObject({ scheduled: 1, overdue: 0 })
    await Promise.all([schedule('a', Date.now() + 100, 1), schedule('a', Date.now() + 50_000)])
    await vi.waitFor(() => expect(ran).toHaveLength(1), { timeout: 8000 })
  })

  it('runs a step again that was asked for while it ran, and not twice at once', async () => {
    let running = 0
    let most = 0
    const ran = await started(async () => {
      most = Math.max(most, ++running)
      await delay(300)
      running--
      return Date.now() + 60_000
    })
    await schedule('a', Date.now())
    await vi.waitFor(() => expect(ran).toHaveLength(1), { timeout: 8000 })
    await Promise.all([schedule('a', Date.now()), schedule('a', Date.now(), 1)])
    await vi.waitFor(() => expect(ran).toHaveLength(2), { timeout: 8000 })
    expect(most).toBe(1)
  })

  it('runs a step again that failed', async () => {
    let times = 0
    const ran = await started(async () => {
      if (times++ === 0) throw new Error('no')
      return undefined
    })
    await schedule('a', Date.now())
    await vi.waitFor(() => expect(ran).toHaveLength(2), { timeout: 12_000 })
  })

  it('finds a record whose process ended before it made a job', async () => {
    const ran = await started(async () => undefined)
    await backends[0]?.store.create(startingRecord({ dueAt: Date.now() - 60_000 }))
    await vi.waitFor(() => expect(ran[0]?.id).toBe('one'), { timeout: 25_000 })
  })
})
