import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decodeText, encodeText, isText } from './text.ts'

describe('encodeText and decodeText', () => {
  it('read back what they wrote, for any Unicode text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = encodeText(text)
        expect(Buffer.from(bytes).equals(Buffer.from(text))).toBe(true)
        expect(decodeText(bytes)).toBe(text.replace(/^\ufeff/, ''))
      }),
    )
  })

  it('leave a byte order mark out', () => {
    expect(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('a')
  })

  it('read no bytes that are no UTF-8 (RFC 7515 5.2 item 3)', () => {
    expect(decodeText(new Uint8Array([0x61, 0xff]))).toBe(undefined)
  })

  it('read none of those also when they are the first that are read', async () => {
    vi.resetModules()
    const fresh = await import('./text.ts')
    expect(fresh.decodeText(new Uint8Array([0x61, 0xff]))).toBe(undefined)
  })
})

describe('isText', () => {
  it('is true for a string of one character or more', () => {
    expect(isText(' ')).toBe(true)
  })

  it.each([[''], [undefined], [null], [5], [['a']], [Object('a')]])('is false for %j', (value) => {
    expect(isText(value)).toBe(false)
  })
})
