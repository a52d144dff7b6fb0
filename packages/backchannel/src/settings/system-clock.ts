import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../backend/backend.ts'

/** The clock of the machine. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
}
