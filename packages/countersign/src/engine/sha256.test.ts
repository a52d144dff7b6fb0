import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeText } from '../values/text.ts'
import { sha256 } from './sha256.ts'

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('gives the known hash of %j (FIPS 180-4; examples of NIST)', (text, expected) => {
    expect(hex(sha256(encodeText(text)))).toBe(expected)
  })

  it('gives the known hash of a million times “a” (examples of NIST)', () => {
    const hash = 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'
    expect(hex(sha256(new Uint8Array(1_000_000).fill(0x61)))).toBe(hash)
  })

  it('pads messages of every length up to three blocks (section 5.1.1)', () => {
    for (let length = 0; length <= 192; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 255)
      expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  it('gives what node:crypto gives, also for a view of a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(20), (bytes, start) => {
        const view = bytes.subarray(start)
        expect(hex(sha256(view))).toBe(createHash('sha256').update(view).digest('hex'))
      }),
    )
  })
})
