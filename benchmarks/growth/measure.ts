import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds of each of the slices of which the shortest run counts. */
const SLICE = 50
const SLICES = 10

/** Bytes of heap without garbage; needs `--expose-gc`. */
export async function heapUsed(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await delay(30)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

/** Milliseconds that something takes which is done one after the other, where the machine disturbs it least. */
export async function timeOfOne(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let slice = 0; slice <= SLICES; slice++) {
    const began = performance.now()
    let count = 0
    for (; performance.now() - began < SLICE; count++) await act()
    // the first one is for the compiler
    if (slice > 0) times.push((performance.now() - began) / count)
  }
  return Math.min(...times)
}
