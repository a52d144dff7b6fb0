import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from './quote.ts'

describe('quote', () => {
  it.each([
    ['text', '"text"'],
    [5, '5'],
    [null, 'null'],
    [['a', { b: 1 }], '["a",{"b":1}]'],
    [undefined, 'nothing'],
    [10n, '"10"'],
    [[10n], '["10"]'],
  ])('repeats %s as %s', (value, text) => {
    expect(quote(value)).toBe(text)
  })

  it.each([
    ['a line break', '\n'],
    ['an escape', '\u001b'],
    ['a delete', '\u007f'],
    ['a control sequence introducer', '\u009b'],
    ['a next line', '\u0085'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['a turn of direction', '\u202e'],
    ['a blank of no width', '\u200b'],
    ['a tag outside the basic plane', '\u{e0041}'],
  ])('escapes %s', (_, character) => {
    expect(quote(`a${character}b`)).toMatch(/^"a[\\nu{}0-9a-f]+b"$/)
  })

  it('gives one line of visible characters, for anything that JSON has', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.oneof(text, fc.array(text), fc.dictionary(text, text), fc.jsonValue()), (value) => {
        expect(quote(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  it('is of bounded length, however long the value', () => {
    expect(quote('x'.repeat(100_000)).length).toBeLessThanOrEqual(200)
    expect(quote('\u009b'.repeat(100_000)).length).toBeLessThan(2000)
  })
})
