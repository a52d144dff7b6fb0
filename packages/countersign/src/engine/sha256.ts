/**
 * SHA-256 (FIPS 180-4) for what is short: a verifier, a token, a key's members. Web Cryptography has it too, but takes longer
 * to answer than this takes to calculate.
 */

/** What every hash needs, made when the first is asked for. */
interface Tables {
  /** K (section 4.2.2): the first 32 bits of the fractions of the cube roots of the first 64 primes. */
  readonly constants: Int32Array
  /** H(0) (section 5.3.3): the same of the square roots of the first 8. */
  readonly start: Int32Array
  /** W (section 6.2.2): of the block that is being hashed; nothing waits while one is. */
  readonly schedule: Int32Array
}

let tables: Tables | undefined

function makeTables(): Tables {
  const primes: number[] = []
  for (let candidate = 2; primes.length < 64; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  // the conversion to 32 bits takes the whole part away
  const bits = (root: number): number => (root * 2 ** 32) | 0
  return {
    constants: Int32Array.from(primes, (prime) => bits(Math.cbrt(prime))),
    start: Int32Array.from(primes.slice(0, 8), (prime) => bits(Math.sqrt(prime))),
    schedule: new Int32Array(64),
  }
}

/** The SHA-256 of some bytes. */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  tables ??= makeTables()
  const { length } = bytes
  // section 5.1.1: a bit that ends the message, zeros, and its length in bits as the last 8 bytes of the last block
  const message = new DataView(new ArrayBuffer((length + 72) & ~63))
  new Uint8Array(message.buffer).set(bytes)
  message.setUint8(length, 0x80)
  message.setUint32(message.byteLength - 8, length / 2 ** 29)
  message.setUint32(message.byteLength - 4, length << 3)

  const hash = tables.start.slice()
  for (let offset = 0; offset < message.byteLength; offset += 64) hashBlock(tables, hash, message, offset)
  // the words of a hash are bytes in the order of the network
  const result = new DataView(new ArrayBuffer(32))
  hash.forEach((word, index) => result.setInt32(index * 4, word))
  return new Uint8Array(result.buffer)
}

/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is within its table */
/** Section 6.2.2: takes one block of 64 bytes into the hash. */
function hashBlock({ constants, schedule }: Tables, hash: Int32Array, message: DataView, offset: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = message.getInt32(offset + t * 4)
  for (let t = 16; t < 64; t++) {
    const early = schedule[t - 15]!
    const late = schedule[t - 2]!
    const sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    schedule[t] = (schedule[t - 16]! + sigma0 + schedule[t - 7]! + sigma1) | 0
  }

  let a = hash[0]!
  let b = hash[1]!
  let c = hash[2]!
  let d = hash[3]!
  let e = hash[4]!
  let f = hash[5]!
  let g = hash[6]!
  let h = hash[7]!
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g)
    const t1 = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + constants[t]! + schedule[t]!) | 0
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  hash[0]! += a
  hash[1]! += b
  hash[2]! += c
  hash[3]! += d
  hash[4]! += e
  hash[5]! += f
  hash[6]! += g
  hash[7]! += h
}
/* eslint-enable @typescript-eslint/no-non-null-assertion */

/** The 32 bits of a word, turned to the right (section 3.2, ROTR). */
function rotate(word: number, places: number): number {
  return (word >>> places) | (word << (32 - places))
}
