import type { OpenBackend } from '../backend/backend.ts'
import { invalidArgument } from '../errors/backchannel-error.ts'
import { assertDurable } from './assert-durable.ts'
import { connectTo, disconnect, type RedisConnection } from './connection.ts'
import { keysOf } from './keys.ts'
import { redisAnnouncements } from './redis-announcements.ts'
import { redisScheduler } from './redis-scheduler.ts'
import { redisStore } from './redis-store.ts'
import { scripted } from './scripts.ts'

/** Options of {@link redis}. */
export interface RedisBackendOptions {
  /** How Redis 6.2 or later is reached: a `redis:` or `rediss:` URL, or options of ioredis without a `keyPrefix`. */
  readonly connection: RedisConnection
  /**
   * What all keys begin with: another for each client and server, the same in all processes. Default `{countersign}`, in
   * braces so that a cluster keeps the keys together.
   */
  readonly prefix?: string
  /**
   * Seconds that a process may stand still until another one runs its steps, from 1 to 3600. Default 30. A token request of
   * a process that stands still is waited for longer; see the documents.
   */
  readonly lockDuration?: number
  /** Do not refuse a Redis without `appendonly yes`, or one that evicts. For tests: transactions get lost. */
  readonly skipDurabilityCheck?: boolean
}

/**
 * Keeps transactions in Redis, and runs them in any number of processes, by BullMQ: give each process the same options, and
 * any of them polls, takes callbacks, awaits and takes outcomes. It needs `bullmq` and `ioredis`, which are peers.
 *
 * @param options How Redis is reached, and what the keys there begin with.
 * @returns What `createBackchannel` takes as `backend`. Opening rejects where Redis does not answer within some seconds,
 *   and with an `Error` where it does not keep what it is given.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE`: a wrong option.
 * @see docs/backchannel-redis.md
 */
export function redis(options: RedisBackendOptions): OpenBackend {
  const { connection, prefix = '{countersign}', lockDuration = 30, skipDurabilityCheck = false } = options
  if (prefix === '') throw invalidArgument('"options.prefix" must not be empty')
  if (!(lockDuration >= 1 && lockDuration <= 3600)) {
    throw invalidArgument('"options.lockDuration" must be a number from 1 to 3600')
  }
  if (typeof connection === 'object' && 'keyPrefix' in connection) {
    throw invalidArgument('"options.connection.keyPrefix" must be absent: "options.prefix" is in its place')
  }
  const keys = keysOf(prefix)

  return async ({ clock, concurrency }) => {
    const client = scripted(connectTo(connection))
    const subscriber = connectTo(connection, { subscribesAgain: false })
    try {
      if (!skipDurabilityCheck) await assertDurable(client)
      const announcements = await redisAnnouncements(client, subscriber, keys)
      const workerClient = connectTo(connection, { patient: true })
      const work = { keys, clock, concurrency, lockDuration: lockDuration * 1000, client, workerClient }
      return {
        store: redisStore(client, keys),
        scheduler: redisScheduler(work),
        announcements,
        close: () => disconnect(subscriber),
      }
    } catch (error) {
      client.disconnect()
      subscriber.disconnect()
      throw error
    }
  }
}
