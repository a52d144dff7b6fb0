import { isDeepStrictEqual } from 'node:util'
import type { Contender } from './contest.ts'

/** What somebody who validates must be seen to do. */
export interface Trial<Input> {
  /** What must be accepted. */
  readonly good: () => Input
  /** What of its result is compared, and with what. */
  readonly expected: unknown
  /** What must be refused, by its name. */
  readonly bad: ReadonlyMap<string, () => Input>
  /** Those of `bad` that a floor must refuse too. */
  readonly floorRefuses: readonly string[]
}

/** Throws where a contender accepts what it must refuse, or the other way round: who skips work is not measured. */
export async function proveValidation<Input>(
  { name, act, floor }: Contender<Input>,
  { good, expected, bad, floorRefuses }: Trial<Input>,
): Promise<void> {
  // twice, since a cache may make the second run another one
  for (const run of ['once', 'twice']) {
    const result = await act(good())
    const accepted = floor ? result === true : isDeepStrictEqual(result, expected)
    if (!accepted) throw new Error(`${name} does not give what it should, run ${run}`)
    for (const [fault, make] of bad) {
      if (floor && !floorRefuses.includes(fault)) continue
      if (!(await refuses(act, make()))) throw new Error(`${name} accepts ${fault}, run ${run}`)
    }
  }
}

async function refuses<Input>(act: Contender<Input>['act'], input: Input): Promise<boolean> {
  try {
    return (await act(input)) === false
  } catch {
    return true
  }
}
