import { setTimeout } from 'node:timers/promises'
import { ResponseBodyError } from 'countersign'
import { Busy, DemoFailure, Unreachable } from './failures.ts'

/** CIBA Core §7.3: the polling interval, in seconds, where the acknowledgement names none. */
const DEFAULT_INTERVAL = 5
/** CIBA Core §11: by how many seconds `slow_down` lengthens the interval, for good. */
const SLOWER_BY = 5

interface Pending {
  /** `expires_in` of the acknowledgement, in seconds. */
  readonly expiresIn: number
  /** `interval` of the acknowledgement, in seconds. */
  readonly interval: number | undefined
  /** When the authentication request was sent, on the clock's scale; its expiry is counted from here, to be early. */
  readonly sentAt: number
}

/** Milliseconds that only go forward, and a way to let them pass. */
export interface Clock {
  now(): number
  sleep(milliseconds: number): Promise<unknown>
}

export function systemClock(signal: AbortSignal): Clock {
  return { now: () => performance.now(), sleep: (milliseconds) => setTimeout(milliseconds, undefined, { signal }) }
}

/**
 * Asks again and again for the tokens, by the rules of CIBA Core §10.1 and §11: one request at a time, never two within
 * an interval, and none after the request has expired.
 */
export async function pollForTokens<Tokens>(
  pending: Pending,
  ask: () => Promise<Tokens>,
  say: (line: string) => void,
  clock: Clock,
): Promise<Tokens> {
  const expiry = pending.sentAt + pending.expiresIn * 1000
  let interval = (pending.interval ?? DEFAULT_INTERVAL) * 1000
  let wait = interval
  let faults = 0
  let before = 'the request was accepted'
  for (;;) {
    if (clock.now() + wait >= expiry) {
      throw new DemoFailure(`nobody answered before the authentication request expired (${pending.expiresIn} seconds)`)
    }
    say(`${before}; asking ${wait === 0 ? 'again' : `in ${wait / 1000} seconds`}`)
    await clock.sleep(wait)
    const askedAt = clock.now()
    try {
      return await ask()
    } catch (error) {
      before = reasonToGoOn(error)
      interval += before === 'slow_down' ? SLOWER_BY * 1000 : 0
      faults = error instanceof Unreachable ? faults + 1 : 0
      wait = waitAfter(error, interval, clock.now() - askedAt, faults)
    }
  }
}

/** Throws what ends the polling; everything else is a reason to ask again. */
function reasonToGoOn(error: unknown): string {
  if (error instanceof Unreachable || error instanceof Busy) {
    return error.message
  }
  if (error instanceof ResponseBodyError && /^(authorization_pending|slow_down)$/.test(error.error)) {
    return error.error
  }
  throw error
}

function waitAfter(error: unknown, interval: number, took: number, faults: number): number {
  if (error instanceof Busy) {
    return Math.max(interval, error.retryAfter * 1000)
  }
  if (error instanceof Unreachable) {
    return interval * 2 ** faults
  }
  // A server that held the request for an interval or longer (long polling) may be asked again at once. After a faster
  // answer §10.1 counts from the request; a whole interval from the answer is later, and suits servers that count so.
  return took >= interval ? 0 : interval
}
