import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Sleeps, and gives whether that is over. */
function sleep(milliseconds: number, signal?: AbortSignal): { over: boolean } {
  const sleeper = { over: false }
  void systemClock.sleep(milliseconds, signal).then(() => {
    sleeper.over = true
  })
  return sleeper
}

it('tells the time of the machine', () => {
  expect(systemClock.now()).toBe(1_700_000_000_000)
})

describe.each([
  ['where timers are shared', 'Node.js/20', 1],
  ['where each request has timers of its own', 'Cloudflare-Workers', 3],
])('the clock of the machine, %s', (_, userAgent, timers) => {
  beforeEach(() => vi.stubGlobal('navigator', { userAgent }))

  it('wakes when the time has passed, and not before', async () => {
    const sleepers = [sleep(100), sleep(200), sleep(300)]
    expect(vi.getTimerCount()).toBe(timers)
    await vi.advanceTimersByTimeAsync(90)
    expect(sleepers.map(({ over }) => over)).toEqual([false, false, false])
    await vi.advanceTimersByTimeAsync(130)
    expect(sleepers.map(({ over }) => over)).toEqual([true, true, false])
    await vi.advanceTimersByTimeAsync(100)
    expect(sleepers.map(({ over }) => over)).toEqual([true, true, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('wakes early by the signal, and lets go of it', async () => {
    const stop = new AbortController()
    const [early, late] = [sleep(100, stop.signal), sleep(5000, stop.signal)]
    await vi.advanceTimersByTimeAsync(200)
    expect([early.over, late.over]).toEqual([true, false])
    stop.abort()
    await vi.advanceTimersByTimeAsync(0)
    expect(late.over).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })
})
