import { epochMilliseconds } from '../values/time.ts'
import { LONGEST_TIMER, sleepFor } from './alarm.ts'

/** How {@link poll} and {@link pollOnce} tell the time, and pass it. */
export interface Clock {
  /**
   * Tells the time.
   *
   * @returns Milliseconds since 1970.
   */
  now(): number
  /**
   * Passes the time.
   *
   * @param milliseconds How long, at most 2,147,483,647.
   * @param signal Ends it early.
   * @returns Nothing, when the time has passed; resolves or rejects early when the signal aborts.
   */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: epochMilliseconds,
  sleep: (milliseconds, signal) => (sharesTimers() ? shared : alone)(milliseconds, signal),
}

/**
 * Whether what waits for one request may be woken by a timer of another one. Not in Cloudflare's workers, where a timer
 * ends with the request that set it.
 */
export function sharesTimers(): boolean {
  return typeof navigator === 'undefined' || navigator.userAgent !== 'Cloudflare-Workers'
}

function shared(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((wake) => sleepFor(milliseconds, { signal, wake }))
}

function alone(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, Math.min(milliseconds, LONGEST_TIMER))
    signal?.addEventListener('abort', wake)
  })
}
