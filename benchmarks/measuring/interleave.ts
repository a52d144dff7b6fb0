import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Contender, Contest } from './contest.ts'

/** How long is measured. */
export interface Pace {
  /** Milliseconds that a contender runs before it is the next one's turn. */
  readonly slice: number
  /** Milliseconds after which no further round begins. */
  readonly budget: number
}

/** Rounds that there are at least. */
const LEAST_ROUNDS = 4

/** Milliseconds that a contender runs before it is measured, so that it is compiled. */
const WARM_UP = 100

setFlagsFromString('--expose-gc')
// what the flag adds to the global object of a new context
const collectGarbage = runInNewContext('gc') as (options: { type: 'minor' }) => void

/**
 * Measures contenders in one process, a short slice each, forth and back (A B C … C B A), so that what disturbs the machine
 * disturbs all of them.
 *
 * @returns For each contender, the milliseconds of one run, round by round.
 */
export async function interleave<Input>(
  contenders: readonly Contender<Input>[],
  inputs: Contest<Input>['inputs'],
  atOnce: number,
  { slice, budget }: Pace,
): Promise<ReadonlyMap<Contender<Input>, readonly number[]>> {
  const runners = contenders.map((contender) => ({ contender, count: atOnce, times: new Array<number>() }))
  for (const runner of runners) {
    const perRun = await warmUp(runner.contender, inputs, atOnce)
    runner.count = Math.max(1, Math.round(slice / perRun / atOnce)) * atOnce
  }
  const end = performance.now() + budget
  for (let round = 0; round < LEAST_ROUNDS || performance.now() < end; round++) {
    // who begins a round also ends it, and so runs twice on end: each in turn
    const first = round % runners.length
    const order = [...runners.slice(first), ...runners.slice(0, first)]
    const took = new Map(runners.map((runner) => [runner, 0]))
    for (const runner of [...order, ...[...order].reverse()]) {
      const { contender, count } = runner
      const time = await timed(contender, inputs(count, contender), atOnce)
      took.set(runner, Number(took.get(runner)) + time / count / 2)
    }
    for (const [runner, time] of took) runner.times.push(time)
  }
  return new Map(runners.map(({ contender, times }) => [contender, times]))
}

/** @returns Milliseconds of one run, when it is warm. */
async function warmUp<Input>(
  contender: Contender<Input>,
  inputs: Contest<Input>['inputs'],
  atOnce: number,
): Promise<number> {
  let perRun = 0
  for (let spent = 0, count = atOnce; spent < WARM_UP; count *= 2) {
    const time = await timed(contender, inputs(count, contender), atOnce)
    spent += time
    perRun = time / count
  }
  return perRun
}

async function timed<Input>({ act }: Contender<Input>, inputs: readonly Input[], atOnce: number): Promise<number> {
  // what others have left, and what was made for this one, is cleared away at nobody's expense
  collectGarbage({ type: 'minor' })
  const began = performance.now()
  if (atOnce === 1) for (const input of inputs) await act(input)
  else
    for (let at = 0; at < inputs.length; at += atOnce) {
      await Promise.all(inputs.slice(at, at + atOnce).map((input) => act(input)))
    }
  return performance.now() - began
}
