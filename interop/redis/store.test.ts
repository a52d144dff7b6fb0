// What every store is held to, held to by the one on a real Redis; and what Redis must be for it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectTo } from '../../packages/backchannel/src/redis/connection.ts'
import { redis } from '../../packages/backchannel/src/redis/index.ts'
import { keysOf } from '../../packages/backchannel/src/redis/keys.ts'
import { redisStore } from '../../packages/backchannel/src/redis/redis-store.ts'
import { scripted } from '../../packages/backchannel/src/redis/scripts.ts'
import { systemClock } from '../../packages/backchannel/src/settings/system-clock.ts'
import { startingRecord } from '../../packages/backchannel/src/testing/records.ts'
import { holdsToTheStoreContract } from '../../packages/backchannel/src/testing/store-contract.ts'
import { isRedisLeftOut, type RunningRedis, startRedis } from '../servers/redis.ts'

describe.skipIf(isRedisLeftOut())('on Redis', () => {
  let server: RunningRedis
  let admin: ReturnType<typeof connectTo>
  let count = 0

  beforeAll(async () => {
    server = await startRedis()
    admin = connectTo(server.url)
  })

  afterAll(async () => {
    admin.disconnect()
    await server.stop()
  })

  const openStore = (prefix: string) => redisStore(scripted(connectTo(server.url)), keysOf(prefix))

  holdsToTheStoreContract('Redis', async () => {
    const prefix = `{contract-${count++}}`
    return { open: async () => openStore(prefix), destroy: async () => undefined }
  })

  it('keeps keys for a month after nobody saw to them, and no longer', async () => {
    const store = openStore('{expiry}')
    const dueAt = Date.now() + 60_000
    const record = startingRecord({ idempotencyKey: 'order', notificationTokenHash: 'hash', dueAt })
    await store.create(record)
    const ends = async (names: readonly string[]) =>
      new Set(await Promise.all(names.map((name) => admin.call('PEXPIRETIME', `{expiry}:${name}`))))
    const names = ['t:one', 'k:order', 'n:hash']
    expect(await ends(names)).toEqual(new Set([dueAt + 30 * 86_400_000]))
    await store.replace({ ...record, version: 2, dueAt: dueAt + 5 })
    expect(await ends(names)).toEqual(new Set([dueAt + 5 + 30 * 86_400_000]))
    await store.close()
  })

  it('forgets in its list what has expired', async () => {
    const store = openStore('{gone}')
    await store.create(startingRecord())
    await admin.del('{gone}:t:one')
    for await (const record of store.records()) expect.unreachable(record.id)
    expect(await admin.zcard('{gone}:records')).toBe(0)
    await store.close()
  })

  it('leaves nothing behind when a record is removed', async () => {
    const store = openStore('{removed}')
    const record = startingRecord({ idempotencyKey: 'order', notificationTokenHash: 'hash' })
    await store.create(record)
    await store.remove(record)
    expect(await admin.keys('{removed}*')).toEqual([])
    await store.close()
  })

  it('has scripts again that Redis forgot', async () => {
    const store = openStore('{scripts}')
    await store.create(startingRecord())
    await admin.script('FLUSH')
    expect(await store.create(startingRecord({ id: 'two' }))).toMatchObject({ id: 'two' })
    await store.close()
  })

  const context = { owner: 'test', clock: systemClock, concurrency: 1 }

  it('is refused where Redis would evict', async () => {
    await admin.config('SET', 'maxmemory', '1gb')
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await expect(redis({ connection: server.url })(context)).rejects.toThrow('noeviction')
    await admin.config('SET', 'maxmemory-policy', 'noeviction')
    const backend = await redis({ connection: server.url })(context)
    await backend.scheduler.stop()
    await backend.close?.()
    await backend.store.close()
  })

  it('is refused where Redis keeps nothing, unless that is asked for', async () => {
    const forgetful = await startRedis({ appendonly: false })
    await expect(redis({ connection: forgetful.url })(context)).rejects.toThrow('appendonly')
    const backend = await redis({ connection: forgetful.url, skipDurabilityCheck: true })(context)
    await backend.scheduler.stop()
    await backend.close?.()
    await backend.store.close()
    await forgetful.stop()
  })

  it('rejects within some seconds where Redis is not there', async () => {
    const gone = await startRedis()
    await gone.stop()
    await expect(redis({ connection: gone.url })(context)).rejects.toMatchObject({ name: 'MaxRetriesPerRequestError' })
  })

  // its type lets pass what was not written at that place
  const prefixed = { host: '127.0.0.1', keyPrefix: 'shop' }

  it.each([
    ['prefix', { prefix: '' }],
    ['lockDuration', { lockDuration: 0 }],
    ['keyPrefix', { connection: prefixed }],
  ])('refuses a wrong %s', (_name, options) => {
    expect(() => redis({ connection: server.url, ...options })).toThrow(TypeError)
  })
})
