import type * as countersign from 'countersign'
import type { Cost } from './figures.ts'
import { heapUsed } from './measure.ts'

const as = { issuer: 'https://op.example.com', token_endpoint: 'https://op.example.com/token' }
const client = { client_id: 'shop' }

/** Seconds; longer than this takes. */
const INTERVAL = 3600

/** Begins polls that wait. */
export async function polls({ cibaTransaction, None, poll }: typeof countersign, size: number): Promise<Cost> {
  const options = { clientAuthentication: None() }
  const started = Date.now()
  return await costOf(size, (auth_req_id) => {
    const transaction = cibaTransaction({ auth_req_id, expires_in: 2 * INTERVAL, interval: INTERVAL }, started)
    void poll(as, client, transaction, options)
  })
}

/** Begins the least that a loop of one's own has while it waits. */
export async function timers(size: number): Promise<Cost> {
  return await costOf(size, (authReqId) => {
    const controller = new AbortController()
    const { signal } = controller
    setTimeout(() => [authReqId, controller, signal], INTERVAL * 1000)
  })
}

async function costOf(size: number, begin: (authReqId: string) => void): Promise<Cost> {
  // what the first ones bring with them is no part of the others
  for (let index = 0; index < 100; index++) begin(`before-${index}`.padEnd(36, '-'))
  const before = await heapUsed()
  const began = performance.now()
  for (let index = 0; index < size; index++) begin(`transaction-${index}`.padEnd(36, '-'))
  const time = (performance.now() - began) / size
  return { time, heap: ((await heapUsed()) - before) / size }
}
