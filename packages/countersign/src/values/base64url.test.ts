import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { encodeText } from './text.ts'

// RFC 4648 section 10, without padding
const VECTORS = [
  ['', ''],
  ['f', 'Zg'],
  ['fo', 'Zm8'],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg'],
  ['fooba', 'Zm9vYmE'],
  ['foobar', 'Zm9vYmFy'],
] as const

describe('base64url', () => {
  it.each(VECTORS)('spells %j as %j, and reads it (RFC 4648 section 10)', (text, encoded) => {
    expect(encodeBase64url(encodeText(text))).toBe(encoded)
    expect(decodeBase64url(encoded)).toEqual(encodeText(text))
  })

  it('uses the URL-safe alphabet (RFC 7515 appendix C)', () => {
    const bytes = new Uint8Array([3, 236, 255, 224, 193])
    expect(encodeBase64url(bytes)).toBe('A-z_4ME')
    expect(decodeBase64url('A-z_4ME')).toEqual(bytes)
  })

  it('spells all 64 values as RFC 4648 table 2 does', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const bytes = new Uint8Array(Buffer.from(alphabet, 'base64url'))
    expect(encodeBase64url(bytes)).toBe(alphabet)
    expect(decodeBase64url(alphabet)).toEqual(bytes)
  })

  it('reads them also when they are the first that are read', async () => {
    vi.resetModules()
    const fresh = await import('./base64url.ts')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    expect(fresh.decodeBase64url(alphabet)).toEqual(new Uint8Array(Buffer.from(alphabet, 'base64url')))
    expect(fresh.decodeBase64url('AA+A')).toBeUndefined()
  })

  it('spells any bytes as Buffer does, and reads them back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const encoded = encodeBase64url(bytes)
        expect(encoded).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(encoded)).toEqual(bytes)
      }),
    )
  })

  it('encodes a view of a larger buffer, and nothing around it', () => {
    const bytes = new Uint8Array([1, 2, 3, 4, 5, 6]).subarray(2, 4)
    expect(encodeBase64url(bytes)).toBe(Buffer.from([3, 4]).toString('base64url'))
  })

  it('reads exactly the canonical spellings (RFC 4648 sections 3.2 to 3.5)', () => {
    const nearlyBase64url = fc.string({ unit: fc.constantFrom(...'AQgwBCxyz019-_+/= .\n\u00e9'), maxLength: 12 })
    fc.assert(
      fc.property(fc.oneof(nearlyBase64url, fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        // Buffer reads leniently: a text is canonical when it is what its bytes are written as
        const bytes = Buffer.from(text, 'base64url')
        const canonical = bytes.toString('base64url') === text
        expect(decodeBase64url(text)).toEqual(canonical ? new Uint8Array(bytes) : undefined)
      }),
    )
  })

  // U+0141 and U+4142 end in the bits of A and B
  it.each(['+', '=', '\u0000', '\u007f', '\u0080', 'é', '\u0141', '\u4142', '\uffff'])(
    'reads no %j, wherever it stands (RFC 4648 section 3.3)',
    (character) => {
      for (const text of ['AAAA', 'BBBB', 'AAA', 'AA']) {
        for (let place = 0; place < text.length; place++) {
          const other = `${text.slice(0, place)}${character}${text.slice(place + 1)}`
          expect(decodeBase64url(other)).toBeUndefined()
          expect(decodeBase64url(`AAAA${other}`)).toBeUndefined()
        }
      }
    },
  )

  it.each([
    ['padding', 'Zg=='],
    ['one character too many', 'Zm9vY'],
    ['a blank', 'Zm 9v'],
    ['a line break at its end', 'Zm9v\n'],
    ['the alphabet of base64', 'A+z/4ME'],
    ['bits that stand for nothing, after one byte', 'Zh'],
    ['bits that stand for nothing, after two bytes', 'Zm9'],
    ['a character outside ASCII', 'Zm9\u0176'],
    ['a NUL', 'Zm9\0'],
    ['half a surrogate pair', 'Zm9\ud800'],
  ])('does not read text with %s', (_, text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  })
})
