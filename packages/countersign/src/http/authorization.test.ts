import { describe, expect, it } from 'vitest'
import { isBearerToken, parseAuthorization } from './authorization.ts'

describe('parseAuthorization (RFC 9110 11.4)', () => {
  it.each([
    ['Bearer abc', 'bearer', ['abc']],
    ['bEARER   abc', 'bearer', ['abc']],
    ['Bearer', 'bearer', []],
    ['Ab', 'ab', []],
    ['Bearer a b', 'bearer', ['a', 'b']],
    ['Bearer a, Bearer b', 'bearer', ['a,', 'Bearer', 'b']],
    ['Bearer\tabc', 'bearer\tabc', []],
    ['', '', []],
  ])('takes %j apart', (header, scheme, values) => {
    expect(parseAuthorization(header)).toEqual({ scheme, values })
  })
})

describe('isBearerToken (RFC 6750 2.1)', () => {
  it.each(['a', 'Az09-._~+/', 'a=', 'a====', '8d67dc78-7faa-4d41-aabd-67707b374255'])('takes %j', (text) => {
    expect(isBearerToken(text)).toBe(true)
  })

  it.each(['', '=', '=a', 'a=b', 'a b', 'a\t', 'a,', 'a"', 'a:', 'a\n', 'ä', 'a\u0000', 'a%20'])(
    'does not take %j',
    (text) => {
      expect(isBearerToken(text)).toBe(false)
    },
  )

  it('ends soon with a long text that is none', () => {
    expect(isBearerToken(`${'='.repeat(300_000)} `)).toBe(false)
    expect(isBearerToken(`${'a'.repeat(300_000)}${'='.repeat(300_000)} `)).toBe(false)
  }, 20_000)
})
