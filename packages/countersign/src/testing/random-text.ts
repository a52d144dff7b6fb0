import { expect } from 'vitest'

/** Asserts that something makes 256 random bits as base64url, others each time. */
export function makesRandomText(make: () => string): void {
  const hexOf = (text: string) => Buffer.from(text, 'base64url').toString('hex')
  makesRandomBits(make, /^[A-Za-z0-9_-]{43}$/, hexOf, (1n << 256n) - 1n)
}

/** Asserts that something makes random UUIDs, of version 4 (RFC 9562, section 5.4), others each time. */
export function makesRandomUuids(make: () => string): void {
  const version4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
  const hexOf = (uuid: string) => uuid.replaceAll('-', '')
  makesRandomBits(make, version4, hexOf, 0xffffffff_ffff_0fff_3fff_ffffffffffffn)
}

function makesRandomBits(make: () => string, form: RegExp, hexOf: (text: string) => string, random: bigint): void {
  const texts = Array.from({ length: 500 }, make)
  let everSet = 0n
  let everClear = 0n
  for (const text of texts) {
    expect(text).toMatch(form)
    const bits = BigInt(`0x${hexOf(text)}`)
    everSet |= bits & random
    everClear |= ~bits & random
  }
  expect(new Set(texts).size).toBe(texts.length)
  // each of the bits is found set and found clear
  expect(everSet).toBe(random)
  expect(everClear).toBe(random)
}
