import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSeconds } from './seconds.ts'

describe('parseSeconds', () => {
  it.each([
    [0, 0],
    [300, 300],
    [0.5, 0.5],
    ['300', 300],
    ['0', 0],
  ])('reads %j as %d', (value, seconds) => {
    expect(parseSeconds(value)).toBe(seconds)
  })

  it.each([[-1], ['-1'], [NaN], [Infinity], ['Infinity'], ['soon'], [''], [null], [undefined], [true], [[5]], [{}]])(
    'reads no length of time in %j',
    (value) => {
      expect(parseSeconds(value)).toBeUndefined()
    },
  )

  it('gives a finite number, 0 or more, or undefined, for anything', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const seconds = parseSeconds(value)
        return seconds === undefined || (Number.isFinite(seconds) && seconds >= 0)
      }),
    )
  })
})
