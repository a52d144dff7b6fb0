import { isFiniteNumber } from './number.ts'

/** Whether a value is a number of seconds, 0 or more: a length of time, or a time since 1970. */
export function isSeconds(value: unknown): value is number {
  return isFiniteNumber(value) && value >= 0
}

/**
 * A length of time in an answer, in seconds: a finite number, 0 or more. Some servers send a string; the number that it
 * begins with is read, and so is that of a list, as oauth4webapi does. `undefined` when the value is no length of time.
 */
export function parseSeconds(value: unknown): number | undefined {
  const first = firstOf(value)
  const seconds = typeof first === 'string' ? Number.parseFloat(first) : first
  return isSeconds(seconds) ? seconds : undefined
}

/** What a list begins with, however deep: an element that has no text (`{"toString":1}`) is met without a throw. */
function firstOf(value: unknown): unknown {
  let first = value
  while (Array.isArray(first)) first = first[0]
  return first
}

/** Whether `interval` can be what it must be where it is present: a number of seconds, more than 0. */
export function isInterval(interval: unknown): interval is number | undefined {
  return interval === undefined || (isFiniteNumber(interval) && interval > 0)
}
