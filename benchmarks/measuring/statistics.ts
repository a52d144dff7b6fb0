/** The middle of some numbers, and the quarters around it. */
export interface Quartiles {
  readonly low: number
  readonly median: number
  readonly high: number
}

/** Quartiles, linear between two numbers. */
export function quartilesOf(numbers: readonly number[]): Quartiles {
  if (numbers.length === 0) throw new Error('no numbers')
  const sorted = Float64Array.from(numbers).sort()
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) }
}

function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share
  const below = Number(sorted[Math.floor(place)])
  const above = Number(sorted[Math.ceil(place)])
  return below + (above - below) * (place - Math.floor(place))
}

/** How many times as long the one took as the other, round by round: each pair was taken at the same time. */
export function pairedRatios(of: readonly number[], over: readonly number[]): Quartiles {
  if (of.length !== over.length) throw new Error('not the same rounds')
  return quartilesOf(of.map((time, round) => time / Number(over[round])))
}
