const acts = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Does something when a signal aborts, which it has not yet. The signal gets one listener, however many wait with it: of more
 * than a few the platform warns.
 *
 * @returns A function that takes it back.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const those = acts.get(signal) ?? new Set()
  if (!acts.has(signal)) {
    acts.set(signal, those)
    signal.addEventListener('abort', () => [...those].forEach((one) => one()), { once: true })
  }
  those.add(act)
  return () => void those.delete(act)
}
