import { argumentDifferences } from './accepted/arguments.ts'
import { challengeDifferences } from './accepted/challenges.ts'
import { errorDifferences } from './accepted/errors.ts'
import { keyDifferences } from './accepted/keys.ts'
import { readingDifferences } from './accepted/reading.ts'
import type { Accepted, Case } from './harness/accepted.ts'
import type { Difference } from './harness/difference.ts'

/** Every intended difference, in the order of docs/differences.md. */
export const accepted: readonly Accepted[] = [
  ...errorDifferences,
  ...readingDifferences,
  ...challengeDifferences,
  ...keyDifferences,
  ...argumentDifferences,
]

/** Takes the accepted differences out, and says by which reasons. */
export function sift(found: readonly Difference[], all: Case): { unaccepted: Difference[]; ids: string[] } {
  const reasonFor = (one: Difference): string | undefined => accepted.find(({ covers }) => covers(one, all))?.id
  const ids = found.map(reasonFor).filter((id) => id !== undefined)
  return { unaccepted: found.filter((one) => reasonFor(one) === undefined), ids: [...new Set(ids)] }
}
