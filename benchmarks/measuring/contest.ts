import { interleave, type Pace } from './interleave.ts'

/** Somebody who does a job that others do too. */
export interface Contender<Input> {
  readonly name: string
  /** Does it once. What it refuses, it refuses by `false`, by throwing, or by rejecting. */
  readonly act: (input: Input) => unknown
  /** It does only a part of the job, below which nobody can get; the rest it need not refuse. */
  readonly floor?: boolean
}

/** A job, and who does it. */
export interface Contest<Input> {
  /** How many times at once it is done, for each of its measurements. */
  readonly atOnce: readonly number[]
  /** What so many runs of a contender are given: made before the time is taken. */
  readonly inputs: (count: number, contender: object) => readonly Input[]
  readonly contenders: readonly Contender<Input>[]
  /** Throws where a contender does not do the whole job. */
  readonly prove: (contender: Contender<Input>) => Promise<void>
}

/** For each contender by its name, the milliseconds of one run, round by round. */
export type Times = ReadonlyMap<string, readonly number[]>

/** A contest, whatever its contenders are given. */
export interface Match {
  readonly atOnce: readonly number[]
  /** Measures those contenders whose names are wanted. */
  measure(atOnce: number, pace: Pace, isWanted: (contender: string) => boolean): Promise<Times>
}

/** A contest that can be held: nobody is measured who does not do the job, before and after. */
export function matchOf<Input>({ atOnce, inputs, contenders, prove }: Contest<Input>): Match {
  return {
    atOnce,
    async measure(parallel, pace, isWanted) {
      const wanted = contenders.filter((contender) => isWanted(contender.name))
      for (const contender of wanted) await prove(contender)
      const times = await interleave(wanted, inputs, parallel, pace)
      for (const contender of wanted) await prove(contender)
      return new Map([...times].map(([contender, rounds]) => [contender.name, rounds]))
    },
  }
}

/** Takes from a pool, over and over; each taker on its own, who so has seen all others before one comes again. */
export function takingFrom<Input>(pool: readonly Input[]): Contest<Input>['inputs'] {
  const places = new WeakMap<object, number>()
  return (count, taker) => {
    const first = places.get(taker) ?? 0
    places.set(taker, first + count)
    return Array.from({ length: count }, (_, index) => at(pool, first + index))
  }
}

function at<Input>(pool: readonly Input[], place: number): Input {
  const found = pool[place % pool.length]
  if (found === undefined) throw new Error('the pool is empty')
  return found
}
