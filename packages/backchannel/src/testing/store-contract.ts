import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../backend/store.ts'
import type { Pending, Starting, TransactionRecord } from '../transaction/record.ts'
import { acknowledged } from '../transaction/transitions.ts'
import { BEGUN_AT, startingRecord } from './records.ts'

/** A store under test: `reopen` gives what another process, or the next one, sees. */
export interface StoreUnderTest {
  open(): Promise<Store>
  /** Deletes what was stored. */
  destroy(): Promise<void>
}

/** Holds a store to what {@link Store} says of every store. */
export function holdsToTheStoreContract(name: string, prepare: () => Promise<StoreUnderTest>): void {
  describe(`the contract of a store: ${name}`, () => {
    let underTest: StoreUnderTest
    let store: Store

    beforeEach(async () => {
      underTest = await prepare()
      store = await underTest.open()
    })

    afterEach(async () => {
      await store.close()
      await underTest.destroy()
    })

    async function all(filter?: { readonly dueBefore?: number }): Promise<readonly TransactionRecord[]> {
      const records: TransactionRecord[] = []
      for await (const record of store.records(filter)) records.push(record)
      return records.sort((one, other) => (one.id < other.id ? -1 : 1))
    }

    it('gives back a record as it was created', async () => {
      const record = startingRecord({ idempotencyKey: 'order-5', notificationTokenHash: 'hash' })
      expect(await store.create(record)).toEqual(record)
      expect(await store.read('one')).toEqual(record)
      expect(await store.findByIdempotencyKey('order-5')).toEqual(record)
      expect(await store.findByNotificationToken('hash')).toEqual(record)
    })

    it('knows nothing of what was never created', async () => {
      await store.create(startingRecord())
      expect(await store.read('other')).toBeUndefined()
      expect(await store.findByIdempotencyKey('one')).toBeUndefined()
      expect(await store.findByNotificationToken('one')).toBeUndefined()
      expect(await store.replace(next(startingRecord({ id: 'other' })))).toBe(false)
      expect(await store.remove(startingRecord({ id: 'other' }))).toBe(false)
      expect(await all()).toEqual([startingRecord()])
    })

    it('keeps ids and keys apart whatever characters they have', async () => {
      const names = ['a', 'a!', '!a', 'a/b', 'a%2Fb', 'é😀', 'a:b', '{a}', 'a\u0000b', '..']
      for (const name of names) await store.create(startingRecord({ id: `id ${name}`, idempotencyKey: name }))
      for (const name of names) {
        expect(await store.read(`id ${name}`)).toMatchObject({ idempotencyKey: name })
        expect(await store.findByIdempotencyKey(name)).toMatchObject({ id: `id ${name}` })
      }
      expect(await all()).toHaveLength(names.length)
    })

    it('creates no second record with an idempotency key, and gives the first', async () => {
      const first = startingRecord({ idempotencyKey: 'order-5' })
      const second = startingRecord({ id: 'two', idempotencyKey: 'order-5', notificationTokenHash: 'second' })
      await store.create(first)
      expect(await store.create(second)).toEqual(first)
      expect(await store.read('two')).toBeUndefined()
      expect(await store.findByNotificationToken('second')).toBeUndefined()
    })

    it('creates no second record with an id, and gives the first', async () => {
      const first = startingRecord()
      await store.create(first)
      expect(await store.create(startingRecord({ idempotencyKey: 'order-5' }))).toEqual(first)
      expect(await store.findByIdempotencyKey('order-5')).toBeUndefined()
    })

    it('creates one of many records with one idempotency key at the same time', async () => {
      const rivals = Array.from({ length: 20 }, (_, n) =>
        startingRecord({ id: `rival-${n}`, idempotencyKey: 'order-5' }),
      )
      const stored = await Promise.all(rivals.map((rival) => store.create(rival)))
      expect(new Set(stored.map(({ id }) => id)).size).toBe(1)
      expect(await all()).toEqual([stored[0]])
    })

    it('replaces the version before, and no other', async () => {
      const first = startingRecord({ idempotencyKey: 'order-5', notificationTokenHash: 'hash' })
      const second = next(first)
      await store.create(first)
      expect(await store.replace({ ...second, version: 3 })).toBe(false)
      expect(await store.replace(second)).toBe(true)
      expect(await store.replace(second)).toBe(false)
      expect(await store.replace({ ...second, version: 1 })).toBe(false)
      expect(await store.read('one')).toEqual(second)
      expect(await store.findByIdempotencyKey('order-5')).toEqual(second)
      expect(await store.findByNotificationToken('hash')).toEqual(second)
    })

    it('lets one of many replace a version at the same time', async () => {
      const first = startingRecord()
      await store.create(first)
      const rivals = Array.from({ length: 20 }, (_, n) => ({ ...next(first), secret: `rival-${n}` }))
      const won = await Promise.all(rivals.map((rival) => store.replace(rival)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await store.read('one')).toEqual(rivals[won.indexOf(true)])
    })

    it('removes the version that is named, with its indexes, and no other', async () => {
      const first = startingRecord({ idempotencyKey: 'order-5', notificationTokenHash: 'hash' })
      const second = next(first)
      await store.create(first)
      await store.replace(second)
      expect(await store.remove(first)).toBe(false)
      expect(await store.remove(second)).toBe(true)
      expect(await store.remove(second)).toBe(false)
      expect(await store.read('one')).toBeUndefined()
      expect(await store.findByIdempotencyKey('order-5')).toBeUndefined()
      expect(await store.findByNotificationToken('hash')).toBeUndefined()
      expect(await all()).toEqual([])
      // the key is free again
      expect(await store.create(first)).toEqual(first)
    })

    it('either replaces or removes, when both are asked at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const first = startingRecord({ id: `round-${round}` })
        await store.create(first)
        const [replaced, removed] = await Promise.all([store.replace(next(first)), store.remove(first)])
        expect(replaced).toBe(!removed)
        expect((await store.read(first.id)) !== undefined).toBe(replaced)
      }
    })

    it('lists every record, and those that are due before a moment', async () => {
      const records = [1, 2, 3].map((n) => startingRecord({ id: `no-${n}`, dueAt: BEGUN_AT + n }))
      for (const record of records) await store.create(record)
      expect(await all()).toEqual(records)
      expect(await all({ dueBefore: BEGUN_AT + 3 })).toEqual(records.slice(0, 2))
      expect(await all({ dueBefore: BEGUN_AT })).toEqual([])
    })

    it('lists a record by the moment that it was replaced with', async () => {
      const first = startingRecord({ dueAt: BEGUN_AT })
      await store.create(first)
      await store.replace({ ...next(first), dueAt: BEGUN_AT + 5000 })
      expect(await all({ dueBefore: BEGUN_AT + 1 })).toEqual([])
      expect(await all({ dueBefore: BEGUN_AT + 5001 })).toHaveLength(1)
    })

    it('lists more records than fit into one answer', async () => {
      const records = Array.from({ length: 2500 }, (_, n) => startingRecord({ id: `no-${n}` }))
      await Promise.all(records.map((record) => store.create(record)))
      const seen = await all()
      expect(new Set(seen.map(({ id }) => id)).size).toBe(2500)
      expect(seen).toHaveLength(2500)
    })

    it('can be changed while it is listed', async () => {
      for (const id of ['one', 'two', 'three']) await store.create(startingRecord({ id }))
      const seen: string[] = []
      for await (const record of store.records()) {
        seen.push(record.id)
        await store.remove(record)
      }
      expect(seen.sort()).toEqual(['one', 'three', 'two'])
      expect(await all()).toEqual([])
    })

    it('has what it stored when it is opened again', async () => {
      const first = startingRecord({ idempotencyKey: 'order-5', notificationTokenHash: 'hash' })
      const gone = startingRecord({ id: 'gone', idempotencyKey: 'order-6' })
      await store.create(first)
      await store.replace(next(first))
      await store.create(gone)
      await store.remove(gone)
      await store.close()
      store = await underTest.open()
      expect(await all()).toEqual([next(first)])
      expect(await store.findByIdempotencyKey('order-5')).toEqual(next(first))
      expect(await store.findByNotificationToken('hash')).toEqual(next(first))
      expect(await store.findByIdempotencyKey('order-6')).toBeUndefined()
      expect(await store.replace({ ...next(first), version: 3 })).toBe(true)
    })

    it('stores what was asked before it is closed, and rejects what is asked after', async () => {
      const stored = store.create(startingRecord())
      await Promise.all([stored, store.close()])
      await expect(store.create(startingRecord({ id: 'two' }))).rejects.toThrow()
      store = await underTest.open()
      expect(await all()).toEqual([startingRecord()])
    })
  })
}

/** The next version of a record that began. */
function next(record: Starting): Pending {
  const { schedule, secret, dueAt } = record
  const acknowledgedRecord = acknowledged(record, { schedule, secret, dueAt })
  if (acknowledgedRecord === undefined) throw new Error('a record that began can be acknowledged')
  return acknowledgedRecord
}
