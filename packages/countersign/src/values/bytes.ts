/** Bytes of the buffer that small arrays come out of. */
const SHARED = 16_384

let shared = new ArrayBuffer(0)
let taken = 0

/**
 * An array of zeros. Engines take memory for each array of more than a few bytes by itself, which is slower than most of what
 * is done with it: small ones come out of one buffer, each out of a place that no other one has ever had.
 */
export function newBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > SHARED / 4) return new Uint8Array(length)
  if (taken + length > shared.byteLength) {
    shared = new ArrayBuffer(SHARED)
    taken = 0
  }
  const bytes = new Uint8Array(shared, taken, length)
  // what it is, and not what was asked for: nothing that a caller without types gives makes this no number
  taken += bytes.length
  return bytes
}

/** Bytes that come in parts. */
export interface ByteCollector {
  add(part: Uint8Array<ArrayBuffer>): void
  /** All that came, one part behind the other; only looked at, since a single part is not copied. */
  joined(): Uint8Array<ArrayBuffer>
}

/**
 * Collects bytes in one buffer, which doubles when it is full: many small parts take no more memory than few large ones.
 */
export function collectBytes(): ByteCollector {
  let buffer: Uint8Array<ArrayBuffer> | undefined
  let length = 0
  return {
    add(part) {
      if (buffer === undefined) {
        buffer = part
      } else {
        if (length + part.length > buffer.length) buffer = copyOf(buffer, (length + part.length) * 2)
        buffer.set(part, length)
      }
      length += part.length
    },
    joined: () => (buffer?.length === length ? buffer : (buffer?.subarray(0, length) ?? new Uint8Array())),
  }
}

function copyOf(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(size)
  copy.set(bytes)
  return copy
}

/**
 * Tells whether bytes are those that are expected, in a time that depends on how many are expected, and on nothing else: not
 * on the place of the first difference, nor on how many were given.
 */
export function equalBytes(given: Uint8Array, expected: Uint8Array): boolean {
  let difference = given.length ^ expected.length
  for (let index = 0; index < expected.length; index++) difference |= (given[index] ?? 0) ^ (expected[index] ?? 0)
  return difference === 0
}
