import type { Store } from '../backend/store.ts'
import { memoryStore } from './memory-store.ts'
import { holdsToTheStoreContract } from './store-contract.ts'

holdsToTheStoreContract('in memory, for tests', async () => {
  const store = memoryStore()
  let open = true
  const assertOpen = () => {
    if (!open) throw new Error('closed')
  }
  const opened: Store = {
    ...store,
    async create(record) {
      assertOpen()
      return await store.create(record)
    },
    async close() {
      open = false
    },
  }
  return {
    async open() {
      open = true
      return opened
    },
    destroy: async () => undefined,
  }
})
