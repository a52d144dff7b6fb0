import type { Case } from './accepted.ts'
import type { Difference } from './difference.ts'

/**
 * Whether a difference comes of our refusal, for one of these reasons, of a call: it is the outcome of that call, or
 * something that only the other library did, or that came after.
 *
 * @param reasons Ids of rules, and names of arguments in quotes: see `reasonOf` in outcome.ts.
 */
export function comesOf({ path }: Difference, { reasons, theirs, ours }: Case, ...wanted: readonly string[]): boolean {
  const label = Object.keys(reasons).find((one) => wanted.includes(reasons[one] ?? ''))
  const [place = ''] = path
  if (label === undefined || place === label) return label !== undefined
  const order = Object.keys(theirs)
  return !(place in ours) || order.indexOf(place) > order.indexOf(label)
}
