/** What grows. */
export const MEASUREMENTS = ['issuers', 'keys', 'transactions'] as const
export type Measurement = (typeof MEASUREMENTS)[number]

/** Who is measured as it grows. */
export type Subject = 'countersign' | 'oauth4webapi' | 'a timer and an AbortController each'

/** What it costs at a size. */
export interface Cost {
  /** Milliseconds of one run. */
  readonly time: number
  /** Bytes of heap for each issuer, key or transaction. */
  readonly heap: number
}

/** One line of a chart. */
export interface Series {
  readonly measurement: Measurement
  readonly subject: Subject
  readonly points: readonly (Cost & { readonly size: number })[]
}

/** Sizes of each measurement. */
export const SIZES = [10, 100, 1_000, 10_000]

/** Who is measured in a measurement. */
export function subjectsOf(measurement: Measurement): readonly Subject[] {
  // oauth4webapi leaves polling to its caller, who writes a loop with at least these
  const other = measurement === 'transactions' ? 'a timer and an AbortController each' : 'oauth4webapi'
  return ['countersign', other]
}
