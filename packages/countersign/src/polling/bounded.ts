import { named, throwIfAborted } from './aborted.ts'
import type { Clock } from './clock.ts'

/**
 * Does something for a limited time: gives what it resolves with, or rejects with what it rejects with. What does not obey
 * the signal that tells it to stop is not waited for.
 *
 * @param milliseconds The time that it has.
 * @param signal Rejects with its reason as soon as it aborts, which it has not yet.
 * @param act What to do; gets a signal that tells of both ends.
 * @param late What to give when the time has passed, of the error that says so.
 */
export async function bounded<Result>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal | undefined,
  act: (signal: AbortSignal) => Promise<Result>,
  late: (error: unknown) => Result,
): Promise<Result> {
  const end = new AbortController()
  const onAbort = () => end.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort)

  const alarm = new AbortController()
  let timeout: Error | undefined
  const onTimeout = () => {
    // a body that is still unread when all is done is the caller's to read
    if (alarm.signal.aborted) return
    timeout = named('TimeoutError', `no answer within ${milliseconds / 1000} seconds`)
    end.abort(timeout)
  }
  void clock.sleep(milliseconds, alarm.signal).then(onTimeout, onTimeout)

  const ended = new Promise((resolve) => end.signal.addEventListener('abort', resolve)).then(() => {
    throwIfAborted(signal)
    return late(timeout)
  })
  try {
    return await Promise.race([act(end.signal), ended])
  } finally {
    // with a reason, because the platform would make an error and its stack for it
    alarm.abort('all is done')
    signal?.removeEventListener('abort', onAbort)
  }
}
