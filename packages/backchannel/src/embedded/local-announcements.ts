import type { Announcements } from '../backend/announcements.ts'
import type { Announcement } from '../transaction/outcome.ts'

/** Announces within this process. */
export function localAnnouncements(): Announcements {
  const listeners = new Set<(announcement: Announcement) => void>()
  return {
    async publish(announcement) {
      for (const listener of [...listeners]) listener(announcement)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
