import type { BackchannelEvent, EventOfType } from './event.ts'
import { tell } from './listener.ts'

/** Passes events on to whoever listens. */
export interface Emitter {
  emit(event: BackchannelEvent): void
  on<Type extends BackchannelEvent['type']>(type: Type | '*', listener: (event: EventOfType<Type>) => void): () => void
}

/** What a listener throws stops neither the others nor the step. */
export function emitter(): Emitter {
  const listeners = new Map<string, Set<(event: never) => void>>()
  return {
    emit(event) {
      for (const type of [event.type, '*']) {
        for (const listener of listeners.get(type) ?? []) {
          // it was registered for this type, or for all
          tell(listener, event as never)
        }
      }
    },
    on(type, listener) {
      const registered = listeners.get(type) ?? new Set()
      listeners.set(type, registered.add(listener))
      return () => void registered.delete(listener)
    },
  }
}
