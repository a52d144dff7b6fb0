import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../values/base64url.ts'
import { randomBytes } from './random.ts'

describe('randomBytes', () => {
  it.each([[0], [16], [32]])('gives %d bytes', (length) => {
    expect(randomBytes(length)).toHaveLength(length)
  })

  it('gives others each time', () => {
    const drawn = new Set(Array.from({ length: 100 }, () => encodeBase64url(randomBytes(32))))
    expect(drawn.size).toBe(100)
  })
})
