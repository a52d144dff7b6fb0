/** A new array of random bytes. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

/**
 * A random UUID (RFC 9562, section 5.4), for what must be unique (RFC 9449, section 4.2, names it for a proof's `jti`), not for
 * what nobody may guess: some runtimes draw many at once, which is several times as fast.
 */
export function randomUuid(): string {
  return crypto.randomUUID()
}
