import { describe, expect, it, vi } from 'vitest'
import { decodeBase64url } from '../values/base64url.ts'
import { randomText, uniqueName } from './random.ts'

describe.each([
  ['randomText', randomText],
  ['uniqueName', uniqueName],
])('%s', (_, draw) => {
  it('is 256 bits, another 43 characters each time', () => {
    const texts = Array.from({ length: 100 }, () => draw())
    expect(new Set(texts).size).toBe(100)
    for (const text of texts) {
      expect(text).toHaveLength(43)
      expect(decodeBase64url(text)).toHaveLength(32)
    }
  })
})

it('asks for the bits of each secret by itself, and for those of many names at once', () => {
  const asking = vi.spyOn(crypto, 'getRandomValues')
  for (let count = 0; count < 64; count++) uniqueName()
  expect(asking.mock.calls.length).toBeLessThan(4)
  asking.mockClear()
  for (let count = 0; count < 64; count++) randomText()
  expect(asking).toHaveBeenCalledTimes(64)
  asking.mockRestore()
})
