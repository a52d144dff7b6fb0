import { expect, it } from 'vitest'
import { decodeBase64url } from '../values/base64url.ts'
import { randomText } from './random.ts'

it('is 256 bits, another 43 characters each time', () => {
  const texts = Array.from({ length: 100 }, () => randomText())
  expect(new Set(texts).size).toBe(100)
  for (const text of texts) {
    expect(text).toHaveLength(43)
    expect(decodeBase64url(text)).toHaveLength(32)
  }
})
