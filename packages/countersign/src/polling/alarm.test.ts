import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sleepFor } from './alarm.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Sleeps, and gives the moments at which it was woken. */
function sleep(milliseconds: number, signal?: AbortSignal): readonly number[] {
  const woken: number[] = []
  sleepFor(milliseconds, { signal, wake: () => woken.push(performance.now()) })
  return woken
}

it.each([
  [0, 5, 10],
  [3, 7, 10],
  [3, 8, 20],
  [3, 10, 20],
  [9, 21, 30],
])('begins at %s ms to sleep for %s ms, and is woken at the next step after that, at %s ms', (start, time, at) => {
  const began = Math.ceil(performance.now() / 10) * 10
  vi.advanceTimersByTime(began - performance.now() + start)
  const woken = sleep(time)
  vi.advanceTimersByTime(at - start - 1)
  expect(woken).toEqual([])
  vi.advanceTimersByTime(1)
  expect(woken).toEqual([began + at])
  expect(vi.getTimerCount()).toBe(0)
})

it('wakes those of one moment, and those of others, each once', () => {
  const all = [30, 10, 20, 10, 30, 10].map((milliseconds) => sleep(milliseconds))
  vi.advanceTimersByTime(1000)
  expect(all.map((woken) => woken.length)).toEqual([1, 1, 1, 1, 1, 1])
})

it('lets a woken one sleep again', () => {
  let times = 0
  const sleeper = {
    signal: undefined,
    wake() {
      if (++times < 3) sleepFor(10, sleeper)
    },
  }
  sleepFor(10, sleeper)
  vi.advanceTimersByTime(1000)
  expect(times).toBe(3)
  expect(vi.getTimerCount()).toBe(0)
})

it('wakes by a signal whoever of its sleepers still sleeps, and nobody twice', () => {
  const stop = new AbortController()
  const listening = vi.spyOn(stop.signal, 'addEventListener')
  const silenced = vi.spyOn(stop.signal, 'removeEventListener')
  const early = sleep(10, stop.signal)
  const late = [sleep(50, stop.signal), sleep(60, stop.signal)]
  const others = [sleep(50), sleep(70)]
  expect(listening).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(20)
  stop.abort()
  expect([early, ...late].map((woken) => woken.length)).toEqual([1, 1, 1])
  expect(silenced).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1000)
  expect([early, ...late, ...others].map((woken) => woken.length)).toEqual([1, 1, 1, 1, 1])
})

it('listens to a signal no longer than somebody sleeps', () => {
  const { signal } = new AbortController()
  const silenced = vi.spyOn(signal, 'removeEventListener')
  sleep(10, signal)
  sleep(20, signal)
  vi.advanceTimersByTime(10)
  expect(silenced).not.toHaveBeenCalled()
  vi.advanceTimersByTime(20)
  expect(silenced).toHaveBeenCalledTimes(1)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('listens to a signal again for whoever sleeps by it later', () => {
  const stop = new AbortController()
  sleep(10, stop.signal)
  vi.advanceTimersByTime(20)
  const woken = sleep(1000, stop.signal)
  stop.abort()
  expect(woken).toHaveLength(1)
})

it('wakes at a moment at which everybody else was woken by a signal', () => {
  const stop = new AbortController()
  const early = sleep(50, stop.signal)
  stop.abort()
  const late = sleep(50)
  vi.advanceTimersByTime(1000)
  expect([early.length, late.length]).toEqual([1, 1])
})

it('wakes once whose signal another one aborts who is woken with it', () => {
  const stop = new AbortController()
  sleepFor(10, { signal: undefined, wake: () => stop.abort() })
  const woken = sleep(10, stop.signal)
  vi.advanceTimersByTime(1000)
  expect(woken).toHaveLength(1)
})
