import { failureOf } from '../events/failure.ts'
import type { Polling } from '../transaction/record.ts'
import type { Running } from './context.ts'

/** Milliseconds between two attempts; the last of them is repeated. */
const WAITS = [50, 200, 1000] as const
const LONGEST_WAIT = WAITS[2]

/**
 * Stores what a token request has come to, which only this process knows, also where the store is gone for a while. It is
 * tried for as long as the mark is respected; then another process may ask, and see for itself.
 *
 * @param act Is done again as a whole: what a failed attempt has stored after all must not make another of the next one.
 */
export async function persistently<T>(running: Running, { id, dueAt }: Polling, act: () => Promise<T>): Promise<T> {
  const { clock, hurry } = running
  for (let attempt = 0; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      const wait = WAITS[attempt] ?? LONGEST_WAIT
      if (hurry.aborted || clock.now() + wait >= dueAt) throw error
      running.emit({ type: 'step-failed', at: clock.now(), id, failure: failureOf(error) })
      await clock.sleep(wait, hurry).catch(() => undefined)
    }
  }
}
