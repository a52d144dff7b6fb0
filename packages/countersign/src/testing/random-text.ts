import { expect } from 'vitest'

/** Asserts that something makes 256 random bits as base64url, others each time. */
export function makesRandomText(make: () => string): void {
  const texts = Array.from({ length: 500 }, make)
  const all = (1n << 256n) - 1n
  let everSet = 0n
  let everClear = 0n
  for (const text of texts) {
    expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const bits = BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`)
    everSet |= bits
    everClear |= ~bits & all
  }
  expect(new Set(texts).size).toBe(texts.length)
  // each of the bits is found set and found clear
  expect(everSet).toBe(all)
  expect(everClear).toBe(all)
}
