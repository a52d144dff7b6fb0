import { vi } from 'vitest'

/** 2025-06-01T00:00:00Z, in seconds: the moment at which every case begins, for both libraries. */
export const NOW = 1748736000

export interface Clock {
  /** Moves time forward, by seconds. */
  readonly advance: (seconds: number) => void
  /** Sets the time to a moment after the beginning, in milliseconds. */
  readonly at: (milliseconds: number) => void
  readonly reset: () => void
}

export const clock: Clock = {
  advance: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000),
  at: (milliseconds) => void vi.setSystemTime(NOW * 1000 + milliseconds),
  reset: () => void vi.setSystemTime(NOW * 1000),
}

/** Only `Date` stands still: timers and everything that waits for them go on. */
export function freeze(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
}

export function thaw(): void {
  vi.useRealTimers()
}
