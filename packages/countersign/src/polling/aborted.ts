/** Throws the reason of a signal that has aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  // the signals of React Native have no reasons
  const reason: unknown = signal.reason ?? named('AbortError', 'aborted')
  throw reason
}

/** An error by the name that the platform gives its like; not every runtime has DOMException. */
export function named(name: 'AbortError' | 'TimeoutError', message: string): Error {
  return Object.assign(new Error(message), { name })
}
