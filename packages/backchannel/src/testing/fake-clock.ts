import nodeCrypto from 'node:crypto'
import type { Clock } from '../backend/backend.ts'
import { BEGUN_AT } from './records.ts'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** The time of others, who are not concerned when this clock is set. */
  readonly steady: Clock
  /** Sets the clock ahead, or back; what waits does so for as long as before. */
  set(milliseconds: number): void
  /** Lets time pass, and what was waiting go on in its order, with everything that follows from it. */
  advance(milliseconds: number): Promise<void>
  /** How many wait. */
  sleepers(): number
}

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

export function fakeClock(start = BEGUN_AT): FakeClock {
  let present = start
  let ahead = 0
  const sleepers = new Set<Sleeper>()

  const clock: FakeClock = {
    now: () => present + ahead,
    set: (milliseconds) => void (ahead += milliseconds),
    steady: { now: () => present, sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal) },
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          sleepers.delete(sleeper)
          // what the signal's owner gave, as every platform function rejects with it
          reject(signal?.reason as Error)
        }
        const wake = () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        }
        const sleeper = { until: present + milliseconds, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', onAbort)
      })
    },
    async advance(milliseconds) {
      const end = present + milliseconds
      await settled()
      for (;;) {
        const next = [...sleepers].sort((one, other) => one.until - other.until)[0]
        if (next === undefined || next.until > end) break
        present = Math.max(present, next.until)
        sleepers.delete(next)
        next.wake()
        await settled()
      }
      present = end
      await settled()
    },
    sleepers: () => sleepers.size,
  }
  return clock
}

/** How much cryptography the platform does in threads at the moment. */
let inThreads = 0

for (const name of [
  'decrypt',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'verify',
] as const) {
  // each of these methods takes what it is given, and gives a promise
  const method = crypto.subtle[name] as (...given: unknown[]) => Promise<unknown>
  Object.defineProperty(crypto.subtle, name, {
    async value(...given: unknown[]) {
      inThreads++
      try {
        return await method.apply(crypto.subtle, given)
      } finally {
        inThreads--
      }
    },
  })
}

// the engine of Node does the same by functions that are given a callback
for (const name of ['sign', 'verify'] as const) {
  const act = nodeCrypto[name] as (...given: unknown[]) => unknown
  Object.defineProperty(nodeCrypto, name, {
    value(...given: unknown[]) {
      const callback: unknown = given.at(-1)
      if (typeof callback !== 'function') return act(...given)
      inThreads++
      const told = (...results: unknown[]) => {
        inThreads--
        callback(...results)
      }
      return act(...given.slice(0, -1), told)
    },
  })
}

/** So many turns of the event loop without work in threads, and nothing follows any more. */
const QUIET_TURNS = 20

/** Resolves when everything has come about that needs no time of the clock, cryptography included. */
export async function settled(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (inThreads > 0) quiet = 0
  }
}
