import { isFiniteNumber } from '../values/number.ts'
import { isSeconds } from '../values/seconds.ts'
import { epochSeconds } from '../values/time.ts'

/**
 * Option of {@link Client}: seconds to add to the local clock where a time claim is compared or issued, positive or
 * negative, finite. Default 0.
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * // this machine's clock is two minutes behind
 * const client: countersign.Client = { client_id: 'shop', [countersign.clockSkew]: 120 }
 * ```
 */
export const clockSkew: unique symbol = Symbol('clockSkew')

/**
 * Option of {@link Client}: by how many seconds a time claim may miss the present, 0 or more, finite. Default 30.
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const client: countersign.Client = { client_id: 'shop', [countersign.clockTolerance]: 10 }
 * ```
 */
export const clockTolerance: unique symbol = Symbol('clockTolerance')

/** What carries the options of the clock. */
export interface ClockOptions {
  /** See {@link clockSkew}. */
  [clockSkew]?: number
  /** See {@link clockTolerance}. */
  [clockTolerance]?: number
}

/** The present in seconds since the epoch, as the party's clock options tell it. */
export function now(party: ClockOptions): number {
  const skew = party[clockSkew]
  return epochSeconds() + (isFiniteNumber(skew) ? skew : 0)
}

/** By how many seconds a time claim may miss the present. */
export function tolerance(party: ClockOptions): number {
  const seconds = party[clockTolerance]
  return isSeconds(seconds) ? seconds : 30
}
