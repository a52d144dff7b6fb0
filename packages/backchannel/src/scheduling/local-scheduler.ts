import type { Clock } from '../backend/backend.ts'
import type { ScheduledWork, Scheduler, Step } from '../backend/scheduler.ts'
import { dueHeap } from './due-heap.ts'

/** How a {@link localScheduler} works. */
export interface LocalSchedulerOptions {
  /** Steps at the same time at most. */
  readonly concurrency: number
  readonly clock: Clock
}

/** A step that could not be done is tried again after this time, in milliseconds. */
const RETRY_AFTER = 5000

/** What is further away is looked at again: a timer of the platform takes no more than 24 days. */
const LONGEST_SLEEP = 3_600_000

/** Runs steps in this process: one heap, one timer, never two steps of one transaction. */
export function localScheduler({ concurrency, clock }: LocalSchedulerOptions): Scheduler {
  const due = dueHeap()
  const running = new Map<string, Promise<void>>()
  /** What was scheduled while its step ran. */
  const again = new Map<string, number>()
  let step: Step | undefined
  let sleep: { readonly until: number; readonly end: AbortController } | undefined
  /** The latest moment that is known to have passed. */
  let latest = -Infinity

  /** Where the clock was set back, what is due is so as soon as before. */
  function lookAtClock(): void {
    const now = clock.now()
    if (now < latest) due.shift(now - latest)
    latest = now
  }

  function pump(): void {
    const current = step
    if (current === undefined) return
    lookAtClock()
    while (running.size < concurrency) {
      const id = due.take(clock.now())
      if (id === undefined) break
      running.set(id, run(current, id))
    }
    if (running.size < concurrency) sleepUntil(due.earliest())
  }

  async function run(current: Step, id: string): Promise<void> {
    let next: number | undefined
    try {
      next = await current(id)
    } catch {
      // a step reports its own failures
      next = clock.now() + RETRY_AFTER
    }
    running.delete(id)
    const asked = again.get(id)
    again.delete(id)
    const dueAt = Math.min(next ?? Infinity, asked ?? Infinity)
    if (dueAt !== Infinity) due.set(id, dueAt)
    pump()
  }

  function sleepUntil(moment: number): void {
    if (sleep !== undefined && sleep.until <= moment) return
    sleep?.end.abort()
    sleep = undefined
    if (moment === Infinity) return
    const sleeping = { until: moment, end: new AbortController() }
    sleep = sleeping
    const time = Math.min(LONGEST_SLEEP, Math.max(0, moment - clock.now()))
    const over = clock.now() + time
    const woken = () => {
      if (sleep !== sleeping) return
      sleep = undefined
      // so much time has passed, whatever the clock says
      latest = Math.max(latest, over)
      pump()
    }
    clock.sleep(time, sleeping.end.signal).then(woken, woken)
  }

  return {
    async start(toRun) {
      step = toRun
      pump()
    },
    async schedule(id, dueAt) {
      if (running.has(id)) again.set(id, Math.min(dueAt, again.get(id) ?? Infinity))
      else due.set(id, dueAt)
      pump()
    },
    async backlog(): Promise<ScheduledWork> {
      const now = clock.now()
      return {
        scheduled: due.size + running.size,
        overdue: due.countDue(now),
        running: running.size,
        delay: Math.max(0, now - due.earliest()),
      }
    },
    async stop() {
      step = undefined
      sleep?.end.abort()
      sleep = undefined
      await Promise.all(running.values())
    },
  }
}
