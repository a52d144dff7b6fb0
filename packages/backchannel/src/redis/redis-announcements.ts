import type { Redis } from 'ioredis'
import type { Announcements } from '../backend/announcements.ts'
import type { Announcement } from '../transaction/outcome.ts'
import type { Keys } from './keys.ts'

/**
 * Announces by publish and subscribe: whoever is not connected at that moment misses it.
 *
 * @param client Publishes.
 * @param subscriber A connection for nothing else.
 */
export async function redisAnnouncements(client: Redis, subscriber: Redis, keys: Keys): Promise<Announcements> {
  const listeners = new Set<{ readonly listener: (announcement: Announcement) => void; readonly missed: () => void }>()
  const hear = (announcement: Announcement) => [...listeners].forEach(({ listener }) => listener(announcement))
  subscriber.on('message', (_channel, message) => {
    // only this file publishes there
    hear(JSON.parse(message) as Announcement)
  })
  await subscriber.subscribe(keys.outcomes)
  subscriber.on('ready', () => {
    // connected again: what was announced meanwhile was not heard here
    const missed = () => [...listeners].forEach((each) => each.missed())
    subscriber.subscribe(keys.outcomes).then(missed, () => undefined)
  })
  return {
    async publish({ id, status }) {
      try {
        await client.publish(keys.outcomes, JSON.stringify({ id, status }))
      } catch (error) {
        // this process at least knows
        hear({ id, status })
        throw error
      }
    },
    listen(listener, missed) {
      const heard = { listener, missed }
      listeners.add(heard)
      return () => void listeners.delete(heard)
    },
  }
}
