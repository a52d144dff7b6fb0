import { mkdir } from 'node:fs/promises'
import { type BatchOperation, ClassicLevel } from 'classic-level'
import type { Store } from '../backend/store.ts'
import { BackchannelError, CLOSED, STORE_IN_USE } from '../errors/backchannel-error.ts'
import type { TransactionRecord } from '../transaction/record.ts'

type Database = ClassicLevel
type Operation = BatchOperation<Database, string, string>

// What a key is for is its first letter; the rest is a name, whatever characters it has.
const RECORD = 't'
const IDEMPOTENCY_KEY = 'k'
const NOTIFICATION_TOKEN = 'n'
const AFTER_RECORDS = 'u'

/**
 * Opens the store of one process: a LevelDB in that folder. What is asked for at the same time is written together, and
 * `fsync`ed once. LevelDB locks the folder, and checks what it reads by sums: a write that the process did not live to
 * finish is as if it had not begun.
 */
export async function openLevelStore(path: string): Promise<Store> {
  // the sealed records are for nobody else's eyes either
  await mkdir(path, { recursive: true, mode: 0o700 })
  const database: Database = new ClassicLevel(path, { keyEncoding: 'utf8', valueEncoding: 'utf8' })
  try {
    await database.open()
  } catch (error) {
    throw isLocked(error) ? new BackchannelError(STORE_IN_USE, `another process has "${path}" open`) : error
  }
  const commit = groupCommit(database)
  const inTurn = turns()
  const recent = recentValues()
  let closing: Promise<void> | undefined

  function assertOpen(): void {
    if (closing !== undefined) throw new BackchannelError(CLOSED, 'the store is closed')
  }

  function read(id: string): Promise<TransactionRecord | undefined> {
    assertOpen()
    return inTurn([RECORD + id], () => current(id))
  }

  /** In the turn of the record's key, so that it is as it was stored last. */
  async function current(id: string): Promise<TransactionRecord | undefined> {
    const key = RECORD + id
    const value = recent.get(key) ?? (await database.get(key))
    if (value !== undefined) recent.set(key, value)
    return parsed(value)
  }

  async function write(operations: readonly Operation[]): Promise<void> {
    // until it is durable, nobody knows what is stored
    for (const { key } of operations) recent.delete(key)
    await commit.write(operations)
    for (const operation of operations) {
      if (operation.type === 'put' && operation.key.startsWith(RECORD)) recent.set(operation.key, operation.value)
    }
  }

  async function find(index: string): Promise<TransactionRecord | undefined> {
    assertOpen()
    const id = await database.get(index)
    return id === undefined ? undefined : await read(id)
  }

  /** Changes a record if its version is the one named. One after the other, so that nothing comes in between. */
  function change(id: string, version: number, operations: readonly Operation[]): Promise<boolean> {
    assertOpen()
    return inTurn([RECORD + id], async () => {
      if ((await current(id))?.version !== version) return false
      await write(operations)
      return true
    })
  }

  return {
    exclusive: true,
    async create(record) {
      assertOpen()
      const { id, idempotencyKey } = record
      const indexes = indexesOf(record)
      const byKey = idempotencyKey === undefined ? undefined : IDEMPOTENCY_KEY + idempotencyKey
      return await inTurn(byKey === undefined ? [RECORD + id] : [byKey, RECORD + id], async () => {
        const rival = byKey === undefined ? undefined : await database.get(byKey)
        const there = rival === undefined ? await current(id) : parsed(await database.get(RECORD + rival))
        if (there !== undefined) return there
        await write([put(record), ...indexes.map((key) => ({ type: 'put' as const, key, value: id }))])
        return record
      })
    },
    read,
    replace: (record) => change(record.id, record.version - 1, [put(record)]),
    remove: (record) =>
      change(
        record.id,
        record.version,
        [RECORD + record.id, ...indexesOf(record)].map((key) => ({ type: 'del', key })),
      ),
    findByIdempotencyKey: (key) => find(IDEMPOTENCY_KEY + key),
    findByNotificationToken: (hash) => find(NOTIFICATION_TOKEN + hash),
    async *records({ dueBefore = Infinity } = {}) {
      assertOpen()
      for await (const value of database.values({ gte: RECORD, lt: AFTER_RECORDS })) {
        const record = parsed(value)
        if (record !== undefined && record.dueAt < dueBefore) yield record
      }
    },
    close() {
      closing ??= (async () => {
        await inTurn.idle()
        await database.close()
      })()
      return closing
    },
  }
}

function indexesOf({ idempotencyKey, notificationTokenHash }: TransactionRecord): readonly string[] {
  return [
    ...(idempotencyKey === undefined ? [] : [IDEMPOTENCY_KEY + idempotencyKey]),
    ...(notificationTokenHash === undefined ? [] : [NOTIFICATION_TOKEN + notificationTokenHash]),
  ]
}

function put(record: TransactionRecord): Operation {
  return { type: 'put', key: RECORD + record.id, value: JSON.stringify(record) }
}

function parsed(value: string | undefined): TransactionRecord | undefined {
  // only this file writes these values, each from a record
  return value === undefined ? undefined : (JSON.parse(value) as TransactionRecord)
}

function isLocked(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED'
}

/** So many records are kept as they were stored last: those of the steps that are under way, and more. */
const RECENT = 1024

/**
 * What was read or stored last. A step looks at its record several times, and nobody but this process changes it.
 */
function recentValues() {
  const values = new Map<string, string>()
  return {
    get: (key: string) => values.get(key),
    set(key: string, value: string) {
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > RECENT && oldest !== undefined) values.delete(oldest)
    },
    delete: (key: string) => values.delete(key),
  }
}

interface GroupCommit {
  /** Resolves when the operations are durable, all of them. */
  write(operations: readonly Operation[]): Promise<void>
}

/** Writes what came while the last write was under way in one batch, with one `fsync`. */
function groupCommit(database: Database): GroupCommit {
  let waiting: { operations: Operation[]; written: Promise<void> } | undefined
  let last: Promise<unknown> = Promise.resolve()

  return {
    write(operations) {
      if (waiting === undefined) {
        const group: Operation[] = []
        const written = last.then(() => {
          waiting = undefined
          return database.batch(group, { sync: true })
        })
        waiting = { operations: group, written }
        last = written.catch(() => undefined)
      }
      waiting.operations.push(...operations)
      return waiting.written
    },
  }
}

interface Turns {
  /** Does something when everything that was asked for one of these keys before is done. */
  <T>(keys: readonly string[], act: () => Promise<T>): Promise<T>
  /** Resolves when everything that was asked for is done. */
  idle(): Promise<void>
}

function turns(): Turns {
  const last = new Map<string, Promise<unknown>>()

  async function inTurn<T>(keys: readonly string[], act: () => Promise<T>): Promise<T> {
    const before = Promise.all(keys.map(async (key) => await last.get(key)))
    const result = before.then(act)
    const done = result.catch(() => undefined)
    for (const key of keys) last.set(key, done)
    try {
      return await result
    } finally {
      for (const key of keys) if (last.get(key) === done) last.delete(key)
    }
  }

  return Object.assign(inTurn, {
    async idle() {
      while (last.size > 0) await Promise.all(last.values())
    },
  })
}
