import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clockSkew, clockTolerance, now, tolerance } from './clock.ts'

// what a caller without types may hand over
const UNUSABLE: unknown[] = [NaN, Infinity, -Infinity, '60', null, true, {}]

describe('now', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_900 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is the present in seconds', () => {
    expect(now({})).toBe(1_700_000_000)
  })

  it.each([[120], [-120], [0.5], [0]])('is moved by clockSkew: %d s', (skew) => {
    expect(now({ [clockSkew]: skew })).toBe(1_700_000_000 + skew)
  })

  it.each(UNUSABLE)('is not moved by a clockSkew of %j', (skew) => {
    const party: object = { [clockSkew]: skew }
    expect(now(party)).toBe(1_700_000_000)
  })
})

describe('tolerance', () => {
  it('is 30 seconds', () => {
    expect(tolerance({})).toBe(30)
  })

  it.each([[0], [10], [0.5], [3600]])('is what clockTolerance says: %d s', (seconds) => {
    expect(tolerance({ [clockTolerance]: seconds })).toBe(seconds)
  })

  it.each([...UNUSABLE, -1])('is not what a clockTolerance of %j says', (seconds) => {
    const party: object = { [clockTolerance]: seconds }
    expect(tolerance(party)).toBe(30)
  })
})
