import type { Store } from '../backend/store.ts'
import type { TransactionRecord } from '../transaction/record.ts'

/** A store in memory, for tests of what uses a store. */
export function memoryStore(exclusive = true): Store {
  const records = new Map<string, TransactionRecord>()
  const find = async (matches: (record: TransactionRecord) => boolean) =>
    await Promise.resolve(copy([...records.values()].find(matches)))

  return {
    exclusive,
    async create(record) {
      const there = [...records.values()].find(
        ({ id, idempotencyKey }) =>
          id === record.id || (idempotencyKey !== undefined && idempotencyKey === record.idempotencyKey),
      )
      if (there === undefined) records.set(record.id, copy(record))
      return copy(there ?? record)
    },
    read: (id) => find((record) => record.id === id),
    async replace(record) {
      if (records.get(record.id)?.version !== record.version - 1) return false
      records.set(record.id, copy(record))
      return true
    },
    async remove({ id, version }) {
      return records.get(id)?.version === version && records.delete(id)
    },
    findByIdempotencyKey: (key) => find(({ idempotencyKey }) => idempotencyKey === key),
    findByNotificationToken: (hash) => find(({ notificationTokenHash }) => notificationTokenHash === hash),
    async *records({ dueBefore = Infinity } = {}) {
      for (const record of [...records.values()]) if (record.dueAt < dueBefore) yield copy(record)
    },
    close: async () => undefined,
  }
}

/** A record that was stored is not the object that is given out. */
function copy<T>(value: T): T {
  return structuredClone(value)
}
