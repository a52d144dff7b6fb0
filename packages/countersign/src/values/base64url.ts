import { newBytes } from './bytes.ts'
import { decodeText, encodeText } from './text.ts'

/**
 * base64url without padding (RFC 4648, section 5; RFC 7515, section 2), strict in both directions: one sequence of
 * bytes has one spelling, so that a token cannot be respelled to get past a list of revoked or seen ones.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The characters of the 64 values, and the values of the characters; -1, which is every bit, where one has none. */
let tables: { readonly characters: Uint8Array; readonly values: Int8Array } | undefined

function makeTables(): NonNullable<typeof tables> {
  const characters = encodeText(ALPHABET)
  const values = new Int8Array(128).fill(-1)
  characters.forEach((character, value) => (values[character] = value))
  return { characters, values }
}

/** Encodes bytes. */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = newBytes(encodedLength(bytes))
  writeBase64url(bytes, text, 0)
  // ASCII is UTF-8
  return String(decodeText(text))
}

/** The number of characters that some bytes have when they are encoded. */
export function encodedLength({ length }: Uint8Array): number {
  return Math.ceil((length * 4) / 3)
}

/** Encodes bytes into a text that is written from its beginning to its end: the two places behind may get other values too. */
export function writeBase64url(bytes: Uint8Array, text: Uint8Array, start: number): void {
  const { characters } = (tables ??= makeTables())
  const { length } = bytes
  let written = start
  for (let index = 0; index < length; index += 3) {
    const bits = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    // what is written behind the end is not kept
    text[written++] = characters[bits >> 18] ?? 0
    text[written++] = characters[(bits >> 12) & 63] ?? 0
    text[written++] = characters[(bits >> 6) & 63] ?? 0
    text[written++] = characters[bits & 63] ?? 0
  }
}

/** Decodes text; `undefined` when it holds anything but the canonical spelling of some bytes. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const { values } = (tables ??= makeTables())
  const { length } = text
  const rest = length % 4
  // one that is not ASCII is several bytes, of which the first is here where it is, and has no value
  const characters = encodeText(text)
  const bytes = newBytes((length * 3) >> 2)
  const end = length - rest
  let written = 0
  // negative as soon as one of the values is; to look at it once is faster
  let all = 0
  for (let index = 0; index < end; index += 4) {
    const bits =
      (valueOf(values, characters[index]) << 18) |
      (valueOf(values, characters[index + 1]) << 12) |
      (valueOf(values, characters[index + 2]) << 6) |
      valueOf(values, characters[index + 3])
    all |= bits
    bytes[written++] = bits >> 16
    bytes[written++] = bits >> 8
    bytes[written++] = bits
  }
  if (rest > 0) {
    // apart from the others, since engines are slower where they must mind the end
    const third = rest === 3 ? valueOf(values, characters[end + 2]) << 6 : 0
    const bits = (valueOf(values, characters[end]) << 18) | (valueOf(values, characters[end + 1]) << 12) | third
    // RFC 4648 §3.5: bits that stand for nothing are zero
    if ((bits & (0xffffff >> (8 * (rest - 1)))) !== 0) return undefined
    all |= bits
    bytes[written++] = bits >> 16
    // what is written behind the end is not kept
    bytes[written] = bits >> 8
  }
  return all < 0 ? undefined : bytes
}

/** The value of a character; -1 where it has none, or where there is none. */
function valueOf(values: Int8Array, character = 0): number {
  return values[character] ?? -1
}
