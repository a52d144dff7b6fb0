// Prints how many bytes of heap a transaction has that waits: one of poll(), or the least that a loop of one's own keeps.
// Run by heap.ts with --expose-gc.
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const [, , kind, build, transactions] = process.argv
const { cibaTransaction, None, poll } = await import(pathToFileURL(build))

const as = { issuer: 'https://op.example.com', token_endpoint: 'https://op.example.com/token' }
const client = { client_id: 'shop' }
const options = { clientAuthentication: None() }
const started = Date.now()

/** Seconds; longer than this program runs. */
const interval = 3600

const begin = {
  poll(auth_req_id) {
    const transaction = cibaTransaction({ auth_req_id, expires_in: 2 * interval, interval }, started)
    void poll(as, client, transaction, options)
  },
  baseline(auth_req_id) {
    const controller = new AbortController()
    const { signal } = controller
    setTimeout(() => [auth_req_id, controller, signal], interval * 1000)
  },
}

async function heapUsed() {
  for (let round = 0; round < 4; round++) {
    await delay(50)
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

// what the first one brings with it is no part of the others
begin[kind]('an-identifier-of-36-characters-first')
const before = await heapUsed()
for (let number = 0; number < Number(transactions); number++) {
  begin[kind](`an-identifier-of-36-characters-${number}`.padEnd(36, '-'))
}
const after = await heapUsed()
console.log((after - before) / Number(transactions))
process.exit()
