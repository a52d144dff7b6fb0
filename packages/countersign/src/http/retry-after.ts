import { parseHttpDate } from '../values/time.ts'

/**
 * How long the server asks to be left alone by `Retry-After`, in milliseconds (RFC 9110, section 10.2.3); `undefined`
 * where it does not, or in no form that is known.
 *
 * @param now The present, in milliseconds since 1970. A date is compared with the answer's own `Date` where there is one,
 *   since the two clocks may differ.
 */
export function retryAfter({ headers }: Response, now: number): number | undefined {
  const value = headers.get('retry-after') ?? ''
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const moment = parseHttpDate(value)
  if (moment === undefined) return undefined
  return Math.max(0, moment - (parseHttpDate(headers.get('date') ?? '') ?? now))
}
