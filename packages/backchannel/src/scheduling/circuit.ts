import type { Backlog } from '../backend/scheduler.ts'

/** How a {@link Circuit} works. */
export interface CircuitOptions {
  /** Failures in a row until it opens. */
  readonly threshold: number
  /** Milliseconds that it stays open first; doubles with each probe that fails. */
  readonly pause: number
  /** It stays open for no more than that many milliseconds. */
  readonly longestPause: number
  readonly onOpen: (until: number) => void
  readonly onClose: () => void
}

/** Keeps requests from a server that fails. */
export interface Circuit {
  /**
   * Whether a request may be sent at that moment, which then is counted as sent; or when to ask again.
   *
   * @returns `undefined`: go on; else a later moment.
   */
  admit(now: number): number | undefined
  /** The server answered, whatever it said. */
  succeeded(): void
  /** The server did not answer, or with a fault of its own. */
  failed(now: number): void
  readonly state: Backlog['circuit']
}

export function circuit({ threshold, pause, longestPause, onOpen, onClose }: CircuitOptions): Circuit {
  let failures = 0
  /** When the pause ends; `undefined` while the circuit is closed. */
  let until: number | undefined
  let current = pause
  /** Until when one request is given time to tell whether the server answers. */
  let probing: number | undefined

  return {
    admit(now) {
      if (until === undefined) return undefined
      if (now < until) return until
      if (probing !== undefined && now < probing) return probing
      // a probe that never reports, such as of a transaction that turned out to have expired, holds nobody up for long
      probing = now + pause
      return undefined
    },
    succeeded() {
      failures = 0
      probing = undefined
      if (until === undefined) return
      until = undefined
      current = pause
      onClose()
    },
    failed(now) {
      failures++
      if (until !== undefined && now < until) return
      if (until === undefined && failures < threshold) return
      if (until !== undefined) current = Math.min(longestPause, current * 2)
      probing = undefined
      until = now + current
      onOpen(until)
    },
    get state() {
      if (until === undefined) return 'closed'
      return probing === undefined ? 'open' : 'half-open'
    },
  }
}
