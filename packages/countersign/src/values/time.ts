/** Milliseconds since 1970-01-01T00:00:00Z: the one place where the library reads the time. */
export function epochMilliseconds(): number {
  return Date.now()
}

/** Milliseconds since some moment, by a clock that nobody sets. */
export function monotonicMilliseconds(): number {
  return performance.now()
}

/** Seconds since 1970-01-01T00:00:00Z, whole. */
export function epochSeconds(): number {
  return Math.floor(epochMilliseconds() / 1000)
}

const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

/**
 * The moment that an HTTP-date names, in milliseconds since 1970, in each of the forms that a recipient must read (RFC
 * 9110, section 5.6.7); `undefined` for any other text.
 */
export function parseHttpDate(text: string): number | undefined {
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined
  // the form of asctime() does not say that it is in GMT
  const moment = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(moment) ? undefined : moment
}
