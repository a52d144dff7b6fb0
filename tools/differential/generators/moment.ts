import fc from 'fast-check'
import { NOW } from '../harness/clock.ts'
import type { JsonText } from './json.ts'
import { pick } from './mostly.ts'

/**
 * A time claim at an edge. Where the edge lies depends on the client's `clockSkew`, `clockTolerance` and
 * `default_max_age`, so the claim is written as a mark, and the number takes its place when all of them are known.
 */
export interface Clockwork {
  readonly skew: number
  readonly tolerance: number
  readonly maxAge: number
}

const MARK = /‹now (-?[\d.]+) tolerance (-?\d) skew (-?\d) age (-?\d)›/g

/** Each side of an edge: on it, a second off, and less than a second off. */
const offsets = pick(0, 1, -1, 0.5, -0.5)

export const atAnEdge: fc.Arbitrary<JsonText> = fc
  .tuple(offsets, pick(0, 1, -1), pick(1, 0, -1), pick(0, 0, -1))
  .map(([seconds, tolerance, skew, age]) => `‹now ${seconds} tolerance ${tolerance} skew ${skew} age ${age}›`)

/** A number of seconds from now, whatever the client's clock. */
export function fromNow(seconds: number): JsonText {
  return String(NOW + seconds)
}

export function settle(text: JsonText, { skew, tolerance, maxAge }: Clockwork): JsonText {
  return text.replace(MARK, (_, seconds, tolerances, skews, ages) => {
    const moment = NOW + Number(seconds) + Number(tolerances) * tolerance + Number(skews) * skew + Number(ages) * maxAge
    return String(moment)
  })
}
