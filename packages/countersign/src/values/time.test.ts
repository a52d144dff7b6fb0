import { afterEach, expect, it, vi } from 'vitest'
import { epochSeconds } from './time.ts'

afterEach(() => {
  vi.useRealTimers()
})

it.each([
  [1_700_000_000_000, 1_700_000_000],
  [1_700_000_000_001, 1_700_000_000],
  [1_700_000_000_999, 1_700_000_000],
])('gives whole seconds, rounded down: %d ms are %d s', (milliseconds, seconds) => {
  vi.useFakeTimers({ toFake: ['Date'], now: milliseconds })
  expect(epochSeconds()).toBe(seconds)
})
