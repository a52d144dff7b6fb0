import type { Clock } from '../polling/clock.ts'

/** A clock on which time passes only while everybody waits, and then at once. */
export interface VirtualClock extends Clock {
  /** Moves the clock without waking anybody: somebody has set it. */
  set(now: number): void
  /** Lets time pass until something is settled, and gives what it is settled with. */
  until<Result>(outcome: Promise<Result>): Promise<Result>
  /** The sleeps that were asked for, in milliseconds. */
  readonly slept: readonly number[]
  /** How many sleep now. */
  readonly sleeping: number
}

interface Sleeper {
  readonly until: number
  wake(): void
}

/** A clock on which time passes only while everybody waits, and then at once. */
export function virtualClock(start = 1_700_000_000_000): VirtualClock {
  // as the machine has them: a clock that can be set, and one that cannot
  let offset = start
  let elapsed = 0
  const sleepers = new Set<Sleeper>()
  const slept: number[] = []

  function pass(): void {
    const [next, ...others] = [...sleepers].sort((one, other) => one.until - other.until)
    if (next === undefined) throw new Error('nobody sleeps, and nothing happens')
    elapsed = Math.max(elapsed, next.until)
    for (const sleeper of [next, ...others]) if (sleeper.until <= elapsed) sleeper.wake()
  }

  return {
    slept,
    get sleeping() {
      return sleepers.size
    },
    now: () => offset + elapsed,
    set(now) {
      offset = now - elapsed
    },
    sleep(milliseconds, signal) {
      slept.push(milliseconds)
      return new Promise((resolve) => {
        const sleeper = {
          until: elapsed + milliseconds,
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake)
      })
    },
    async until(outcome) {
      const open = Symbol('open')
      // what follows from the last waking happens before time goes on
      const soon = () => new Promise<typeof open>((resolve) => setImmediate(() => resolve(open)))
      while ((await Promise.race([outcome, soon()])) === open) pass()
      return await outcome
    },
  }
}
