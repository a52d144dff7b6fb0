import type { Store } from '../backend/store.ts'
import { BackchannelError, CLOSED } from '../errors/backchannel-error.ts'
import type { TransactionRecord } from '../transaction/record.ts'
import { disconnect } from './connection.ts'
import type { Keys } from './keys.ts'
import type { ScriptedRedis } from './scripts.ts'

/** Keys that no process has seen to for this long after they were due are gone, in milliseconds. */
const ABANDONED_AFTER = 30 * 86_400_000

/** Records that are read at a time. */
const AT_A_TIME = 500

/**
 * The store of many processes. Each change is one script, which Redis carries out alone, so that what is seen is always
 * whole; how durable it is then, is Redis's `appendfsync`.
 */
export function redisStore(client: ScriptedRedis, keys: Keys): Store {
  let closing: Promise<void> | undefined

  function assertOpen(): void {
    if (closing !== undefined) throw new BackchannelError(CLOSED, 'the store is closed')
  }

  async function find(index: string): Promise<TransactionRecord | undefined> {
    assertOpen()
    return parsed(await client.countersignFind(index, keys.record))
  }

  /** The keys of a record, after their number. */
  function keysOfRecord({ id, idempotencyKey, notificationTokenHash }: TransactionRecord) {
    const all = [
      keys.record + id,
      keys.records,
      ...(idempotencyKey === undefined ? [] : [keys.idempotencyKey + idempotencyKey]),
      ...(notificationTokenHash === undefined ? [] : [keys.notificationToken + notificationTokenHash]),
    ]
    return [all.length, ...all] as const
  }

  return {
    exclusive: false,
    async create(record) {
      assertOpen()
      const hasKey = record.idempotencyKey === undefined ? '0' : '1'
      const there = await client.countersignCreate(...keysOfRecord(record), ...valuesOf(record), hasKey, keys.record)
      return parsed(there) ?? record
    },
    async read(id) {
      assertOpen()
      return parsed(await client.get(keys.record + id))
    },
    async replace(record) {
      assertOpen()
      const before = record.version - 1
      return (await client.countersignReplace(...keysOfRecord(record), ...valuesOf(record), before)) === 1
    },
    async remove(record) {
      assertOpen()
      return (await client.countersignRemove(...keysOfRecord(record), record.id, record.version)) === 1
    },
    findByIdempotencyKey: (key) => find(keys.idempotencyKey + key),
    findByNotificationToken: (hash) => find(keys.notificationToken + hash),
    async *records({ dueBefore = Infinity } = {}) {
      assertOpen()
      const ids = await client.zrangebyscore(keys.records, '-inf', dueBefore === Infinity ? '+inf' : `(${dueBefore}`)
      for (let from = 0; from < ids.length; from += AT_A_TIME) {
        assertOpen()
        const some = ids.slice(from, from + AT_A_TIME)
        const values = await client.mget(some.map((id) => keys.record + id))
        for (const [place, id] of some.entries()) {
          const record = parsed(values[place])
          if (record !== undefined) yield record
          else await client.countersignForget(keys.record + id, keys.records, id)
        }
      }
    },
    close() {
      // what was asked for before is answered before
      closing ??= disconnect(client)
      return closing
    },
  }
}

/** What the scripts take of a record: id, value, due, expiry. */
function valuesOf(record: TransactionRecord) {
  const { id, version, dueAt } = record
  const expiry = Math.ceil(Math.max(dueAt, Date.now())) + ABANDONED_AFTER
  return [id, `${version} ${JSON.stringify(record)}`, dueAt, expiry] as const
}

function parsed(value: string | null | undefined): TransactionRecord | undefined {
  if (value === null || value === undefined) return undefined
  // only this file writes these values, each from a record
  return JSON.parse(value.slice(value.indexOf(' '))) as TransactionRecord
}
