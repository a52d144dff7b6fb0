/**
 * base64url without padding (RFC 4648, section 5; RFC 7515, section 2), strict in both directions: one sequence of
 * bytes has one spelling, so that a token cannot be respelled to get past a list of revoked or seen ones.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

let values: Uint8Array | undefined

function valueTable(): Uint8Array {
  const table = new Uint8Array(128).fill(255)
  for (let index = 0; index < 64; index++) table[ALPHABET.charCodeAt(index)] = index
  return table
}

/** Encodes bytes. */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = bytes.subarray(index, index + 3)
    text += ALPHABET.charAt(first >> 2) + ALPHABET.charAt(((first & 3) << 4) | ((second ?? 0) >> 4))
    if (second !== undefined) text += ALPHABET.charAt(((second & 15) << 2) | ((third ?? 0) >> 6))
    if (third !== undefined) text += ALPHABET.charAt(third & 63)
  }
  return text
}

/** Decodes text; `undefined` when it holds anything but the canonical spelling of some bytes. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  values ??= valueTable()
  const rest = text.length % 4
  if (rest === 1) return undefined
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let written = 0
  let bits = 0
  let buffer = 0
  for (let index = 0; index < text.length; index++) {
    const value = values[text.charCodeAt(index)] ?? 255
    if (value === 255) return undefined
    buffer = ((buffer << 6) | value) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[written++] = (buffer >> bits) & 255
    }
  }
  // RFC 4648 §3.5: bits that stand for nothing are zero
  return (buffer & ((1 << bits) - 1)) === 0 ? bytes : undefined
}
