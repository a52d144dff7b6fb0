/** Seconds since 1970-01-01T00:00:00Z, whole: the one place where the library reads the time. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
