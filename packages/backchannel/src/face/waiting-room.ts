import type { Announcements } from '../backend/announcements.ts'

/** Where callers wait for announcements: one listener for all, and nothing but an entry for each. */
export interface WaitingRoom {
  /** @returns A promise for the next announcement about that id, or for the closing of the room; and how to leave. */
  enter(id: string): { readonly heard: Promise<void>; readonly leave: () => void }
  /** Everybody is told, and nobody hears anything more. */
  close(): void
}

export function waitingRoom(announcements: Announcements): WaitingRoom {
  const waiting = new Map<string, Set<() => void>>()
  const unlisten = announcements.listen(({ id }) => tell(waiting.get(id)), tellAll)

  function tell(some: Iterable<() => void> = []): void {
    for (const wake of [...some]) wake()
  }

  /** Who is told for nothing looks, and waits on. */
  function tellAll(): void {
    for (const those of waiting.values()) tell(those)
  }

  return {
    enter(id) {
      const those = waiting.get(id) ?? new Set<() => void>()
      waiting.set(id, those)
      const entry: { leave?: () => void } = {}
      const heard = new Promise<void>((wake) => {
        those.add(wake)
        entry.leave = () => {
          those.delete(wake)
          if (those.size === 0 && waiting.get(id) === those) waiting.delete(id)
        }
      })
      return { heard, leave: () => entry.leave?.() }
    },
    close() {
      unlisten()
      tellAll()
    },
  }
}
