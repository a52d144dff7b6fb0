import { invalidArgument } from '../errors/invalid-argument.ts'

/** The version of this package, for the `User-Agent` header. */
export const VERSION = '0.1.0'

/**
 * The headers of a request: the caller's, with the `Accept` given and, outside browsers, a `User-Agent` that names this library.
 * With `null` in its place there is none, for an answer whose body does not matter.
 * `Authorization` is not the caller's to set, because the library sends its own.
 */
export function requestHeaders(input: HeadersInit | undefined, accept?: string | null): Headers {
  const headers = new Headers(input ?? undefined)
  if (headers.has('authorization')) {
    throw invalidArgument('"options.headers" must not include "authorization"', 'ERR_INVALID_ARG_VALUE')
  }
  if (!headers.has('user-agent') && !inBrowser()) headers.set('user-agent', `countersign/${VERSION}`)
  if (accept === null) headers.delete('accept')
  else if (accept !== undefined) headers.set('accept', accept)
  return headers
}

// browsers send a User-Agent of their own, and make a request with another one cost a preflight
function inBrowser(): boolean {
  if (typeof navigator === 'undefined') return false
  // against the declared type, not every navigator names itself: React Native's does not
  const { userAgent } = navigator as { userAgent?: string }
  return userAgent?.startsWith('Mozilla/5.0 ') ?? false
}
