import type { OpenBackend } from '../backend/backend.ts'
import { localScheduler } from '../scheduling/local-scheduler.ts'
import { openLevelStore } from './level-store.ts'
import { localAnnouncements } from './local-announcements.ts'

/** Options of {@link embedded}. */
export interface EmbeddedOptions {
  /** A folder for the transactions alone. It is made where it is missing, readable for its owner only. */
  readonly path: string
}

/**
 * Keeps transactions in a folder, and runs them in this process: no server beside it, and no other process at the same
 * time. What is stored is `fsync`ed, so that it survives the end of the process and of the machine.
 *
 * @param options `path`, the folder.
 * @returns What {@link createBackchannel} takes as `backend`. Opening rejects with `BACKCHANNEL_STORE_IN_USE` where another
 *   process has the folder open.
 * @see docs/backchannel.md, What can be lost, and what not
 */
export function embedded(options: EmbeddedOptions): OpenBackend {
  const { path } = options
  return async ({ clock, concurrency }) => ({
    store: await openLevelStore(path),
    scheduler: localScheduler({ clock, concurrency }),
    announcements: localAnnouncements(),
  })
}
