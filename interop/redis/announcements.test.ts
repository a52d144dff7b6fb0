// Announcements over a Redis that goes away.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { redis as redisBackend } from '../../packages/backchannel/src/redis/redis.ts'
import { systemClock } from '../../packages/backchannel/src/settings/system-clock.ts'
import { isRedisLeftOut, type RunningRedis, startRedis } from '../servers/redis.ts'

const ANNOUNCEMENT = { id: '5', status: 'approved' } as const

describe.skipIf(isRedisLeftOut())('announcements over Redis', () => {
  let redis: RunningRedis

  beforeAll(async () => {
    redis = await startRedis()
  })

  afterAll(() => redis.stop())

  it('are heard by every process, also after Redis was away, which listeners are told of', async () => {
    const open = () => redisBackend({ connection: redis.url })({ clock: systemClock, owner: 'one', concurrency: 1 })
    const [one, other] = await Promise.all([open(), open()])
    const heard = vi.fn()
    const missed = vi.fn()
    other.announcements.listen(heard, missed)
    await one.announcements.publish(ANNOUNCEMENT)
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(ANNOUNCEMENT), { timeout: 10_000 })
    expect(missed).not.toHaveBeenCalled()

    await redis.restart(500)
    await vi.waitFor(() => expect(missed).toHaveBeenCalledOnce(), { timeout: 10_000 })
    await one.announcements.publish({ ...ANNOUNCEMENT, id: '6' })
    await vi.waitFor(() => expect(heard).toHaveBeenLastCalledWith({ ...ANNOUNCEMENT, id: '6' }), { timeout: 10_000 })
    expect(heard).toHaveBeenCalledTimes(2)
    for (const { scheduler, store, close } of [one, other]) {
      await scheduler.stop()
      await close?.()
      await store.close()
    }
  })

  it('that cannot be published are heard in the process that has the outcome', async () => {
    const { announcements, scheduler, store, close } = await redisBackend({
      connection: { ...connectionOf(redis.url), retryStrategy: () => 20 },
    })({ clock: systemClock, owner: 'one', concurrency: 1 })
    const heard = vi.fn()
    announcements.listen(heard, () => undefined)
    const away = redis.restart(1500)
    await vi.waitFor(() => expect(announcements.publish(ANNOUNCEMENT)).rejects.toThrow(), {
      timeout: 5000,
      interval: 20,
    })
    expect(heard).toHaveBeenCalledWith(ANNOUNCEMENT)
    await away
    await scheduler.stop()
    await close?.()
    await store.close()
  })
})

function connectionOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}
