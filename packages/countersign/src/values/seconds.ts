/**
 * A length of time in an answer, in seconds: a finite number, 0 or more. Some servers send a string; the number that it
 * begins with is read, as oauth4webapi does. `undefined` when the value is no length of time.
 */
export function parseSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? Number.parseFloat(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

/** Whether `interval` can be what it must be where it is present: a number of seconds, more than 0. */
export function isInterval(interval: unknown): interval is number | undefined {
  return interval === undefined || (typeof interval === 'number' && Number.isFinite(interval) && interval > 0)
}
