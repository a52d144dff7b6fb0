/**
 * Transactions that many machines share: on Redis, run by BullMQ.
 *
 * @module @countersign/backchannel/redis
 */

export type { ConnectionOptions, RedisConnection } from './connection.ts'
export { redis, type RedisBackendOptions } from './redis.ts'
