import { monotonicMilliseconds } from '../values/time.ts'

/*
 * One timer for all who sleep, however many: a timer each would cost more memory than the sleepers themselves (decision
 * 8). It runs only while somebody sleeps, and keeps the process alive as timers of their own would.
 */

/** Somebody who sleeps. */
export interface Sleeper {
  /** Wakes the sleeper early. */
  readonly signal: AbortSignal | undefined
  /** Called once: when the time has passed, or when the signal aborts. It does not throw. */
  wake(): void
}

/** Milliseconds between two moments at which sleepers are woken. */
const TICK = 10

/** The longest wait that a timer of the platform can count, in milliseconds. */
export const LONGEST_TIMER = 2_147_483_647

// the moments at which somebody is to be woken, in ticks of the monotonic clock and in order; and who that is
const moments: number[] = []
const sleepers = new Map<number, Sleeper[]>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Those whom a signal wakes, with their moments, and what takes away the one listener for all of them. */
interface Wakeable {
  readonly momentOf: Map<Sleeper, number>
  readonly stop: () => void
}

const bySignal = new WeakMap<AbortSignal, Wakeable>()

/** Wakes a sleeper when some milliseconds have passed, never earlier, or when its signal, which has not yet, aborts. */
export function sleepFor(milliseconds: number, sleeper: Sleeper): void {
  const moment = Math.ceil((monotonicMilliseconds() + milliseconds) / TICK)
  const others = sleepers.get(moment)
  if (others !== undefined) others.push(sleeper)
  else {
    const place = placeOf(moment)
    sleepers.set(moment, [sleeper])
    moments.splice(place, 0, moment)
    if (place === 0) setTimer()
  }
  if (sleeper.signal !== undefined) wakeableBy(sleeper.signal).momentOf.set(sleeper, moment)
}

/** Where a moment stands among the others, or would. */
function placeOf(moment: number): number {
  let from = 0
  let to = moments.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (Number(moments[middle]) < moment) from = middle + 1
    else to = middle
  }
  return from
}

/** Sets the timer to the next moment, where there is one. */
function setTimer(): void {
  clearTimeout(timer)
  const [next] = moments
  if (next === undefined) return
  const wait = Math.ceil(next * TICK - monotonicMilliseconds())
  timer = setTimeout(ring, Math.min(Math.max(wait, 0), LONGEST_TIMER))
}

/** Wakes those whose moment has come. A timer goes off late, a little early, or because it can count no further. */
function ring(): void {
  const now = Math.floor(monotonicMilliseconds() / TICK)
  const woken: Sleeper[] = []
  for (const moment of moments.splice(0, placeOf(now + 1))) {
    for (const sleeper of sleepers.get(moment) ?? []) woken.push(sleeper)
    sleepers.delete(moment)
  }
  setTimer()
  // all of them first: one who wakes may abort the signal of another
  for (const sleeper of woken) if (sleeper.signal !== undefined) forget(sleeper.signal, sleeper)
  for (const sleeper of woken) sleeper.wake()
}

/** Those whom a signal wakes; with the first of them begins the listening. */
function wakeableBy(signal: AbortSignal): Wakeable {
  const known = bySignal.get(signal)
  if (known !== undefined) return known
  const listener = () => wakeAll(signal)
  signal.addEventListener('abort', listener)
  const wakeable = { momentOf: new Map(), stop: () => signal.removeEventListener('abort', listener) }
  bySignal.set(signal, wakeable)
  return wakeable
}

/** A sleeper is awake; with the last of them ends the listening. */
function forget(signal: AbortSignal, sleeper: Sleeper): void {
  const wakeable = bySignal.get(signal)
  wakeable?.momentOf.delete(sleeper)
  if (wakeable?.momentOf.size !== 0) return
  wakeable.stop()
  bySignal.delete(signal)
}

function wakeAll(signal: AbortSignal): void {
  const wakeable = bySignal.get(signal)
  if (wakeable === undefined) return
  wakeable.stop()
  bySignal.delete(signal)
  const { momentOf } = wakeable
  for (const moment of new Set(momentOf.values())) {
    const others = sleepers.get(moment)?.filter((sleeper) => !momentOf.has(sleeper)) ?? []
    if (others.length > 0) sleepers.set(moment, others)
    else {
      sleepers.delete(moment)
      moments.splice(placeOf(moment), 1)
    }
  }
  setTimer()
  for (const sleeper of momentOf.keys()) sleeper.wake()
}
