import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collectBytes, equalBytes, newBytes } from './bytes.ts'

describe('newBytes', () => {
  it('gives zeros, in a place that no other array has', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 30 }), (lengths) => {
        const arrays = lengths.map((length) => newBytes(length))
        expect(arrays.map(({ length }) => length)).toEqual(lengths)
        for (const [index, array] of arrays.entries()) {
          expect(array.every((byte) => byte === 0)).toBe(true)
          array.fill(index + 1)
        }
        arrays.forEach((array, index) => expect(array.every((byte) => byte === index + 1)).toBe(true))
      }),
    )
  })

  it('goes on after it was asked for what is no number', () => {
    // what callers without types do
    newBytes(undefined as unknown as number)
    newBytes(Number.NaN)
    const [one, other] = [newBytes(8).fill(1), newBytes(8).fill(2)]
    expect([...one, ...other]).toEqual([...Array<number>(8).fill(1), ...Array<number>(8).fill(2)])
  })

  it('puts small ones behind each other in one buffer, and a large one into its own', () => {
    const buffers = new Set(Array.from({ length: 16 }, () => newBytes(512).buffer))
    // 8 KiB fit into what is left of one, or else into the next
    expect(buffers.size).toBeLessThan(3)
    expect(newBytes(4097).buffer.byteLength).toBe(4097)
    expect(newBytes(4096).buffer.byteLength).toBe(16_384)
  })
})

describe('collectBytes', () => {
  function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array {
    const bytes = collectBytes()
    parts.forEach((part) => bytes.add(part))
    return bytes.joined()
  }

  it('gives the bytes of all parts in their order, and leaves the parts as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (parts) => {
        const before = parts.map((part) => [...part])
        expect([...joined(parts)]).toEqual(before.flat())
        expect(parts.map((part) => [...part])).toEqual(before)
      }),
    )
  })

  it('gives none of no parts', () => {
    expect(joined([])).toEqual(new Uint8Array())
  })

  it('does not write into what lies behind a part that is a piece of a larger buffer', () => {
    const whole = Uint8Array.of(1, 2, 3, 4)
    expect([...joined([whole.subarray(0, 2), Uint8Array.of(9)])]).toEqual([1, 2, 9])
    expect([...whole]).toEqual([1, 2, 3, 4])
  })

  it('takes a million parts of one byte', () => {
    const bytes = collectBytes()
    for (let count = 0; count < 1_048_576; count++) bytes.add(Uint8Array.of(count & 255))
    expect(bytes.joined()).toHaveLength(1_048_576)
    expect(bytes.joined().at(-1)).toBe(255)
  })
})

describe('equalBytes', () => {
  it('is true of the same bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => equalBytes(bytes, Uint8Array.from(bytes))))
  })

  it('is false where one bit differs, wherever it is', () => {
    const expected = Uint8Array.from({ length: 32 }, (_, index) => index)
    for (let bit = 0; bit < 256; bit++) {
      const given = Uint8Array.from(expected)
      given[bit >> 3] = (given[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(equalBytes(given, expected)).toBe(false)
    }
  })

  it.each([
    ['fewer', [1, 2], [1, 2, 3]],
    ['more', [1, 2, 3], [1, 2]],
    ['none', [], [0]],
    ['zeros for what is not there', [0, 0], []],
    ['two differences that undo each other', [1, 1], [0, 0]],
  ])('is false of %s', (_, given, expected) => {
    expect(equalBytes(Uint8Array.from(given), Uint8Array.from(expected))).toBe(false)
  })
})
