import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Bytes of heap for each transaction that waits, round by round. */
export interface HeapSizes {
  readonly ours: readonly number[]
  /** One pending timer, one `AbortController`, the `auth_req_id` and a closure. */
  readonly baseline: readonly number[]
}

/** Measures in processes of their own, one after the other in turns. */
export async function measureHeap(build: string, transactions: number, rounds: number): Promise<HeapSizes> {
  const ours: number[] = []
  const baseline: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(await heapOf('poll', build, transactions))
    baseline.push(await heapOf('baseline', build, transactions))
  }
  return { ours, baseline }
}

/** Bytes of heap that each of so many has, after the garbage is gone. */
async function heapOf(kind: 'poll' | 'baseline', build: string, transactions: number): Promise<number> {
  const program = fileURLToPath(new URL('heap-child.mjs', import.meta.url))
  const { stdout } = await execute(process.execPath, ['--expose-gc', program, kind, build, String(transactions)])
  return Number(stdout)
}
