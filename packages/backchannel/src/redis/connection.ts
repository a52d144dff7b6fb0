import { Redis, type RedisOptions } from 'ioredis'

/** Options of ioredis, but for those that would change what commands mean. */
export type ConnectionOptions = Omit<RedisOptions, 'keyPrefix' | 'replyMapping'>

/** How Redis is reached: a `redis:` or `rediss:` URL, or options of ioredis. */
export type RedisConnection = string | ConnectionOptions

/** A command waits for so many attempts to connect again, then rejects; with the waits between, that is about 5 seconds. */
const ATTEMPTS = 10

/** Milliseconds between two attempts at most. */
const LONGEST_WAIT = 1000

/**
 * Connects. A command that was sent and whose answer did not come rejects, and is never sent again by itself: it may have
 * been carried out.
 *
 * @param patient Whether commands wait for the connection for ever, as BullMQ asks of the connections of a worker.
 * @param subscribesAgain Whether it subscribes by itself to what it was subscribed to when it is connected again.
 */
export function connectTo(connection: RedisConnection, { patient = false, subscribesAgain = true } = {}): Redis {
  const options: ConnectionOptions = {
    retryStrategy: (attempt) => Math.min(100 * attempt, LONGEST_WAIT),
    ...(typeof connection === 'string' ? {} : connection),
    maxRetriesPerRequest: patient ? null : ATTEMPTS,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: subscribesAgain,
  }
  const client = typeof connection === 'string' ? new Redis(connection, options) : new Redis(options)
  // a fault of the connection is told to whoever asked for something by it
  client.on('error', () => undefined)
  return client
}

/** Ends a connection when what was asked for by it is answered, or rejected because Redis is gone. */
export async function disconnect(client: Redis): Promise<void> {
  await client.quit().catch(() => undefined)
  client.disconnect()
}
