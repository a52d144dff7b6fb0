import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInterval, isSeconds, parseSeconds } from './seconds.ts'

describe('isSeconds', () => {
  it.each([[0], [0.5], [300]])('is so for %d', (value) => {
    expect(isSeconds(value)).toBe(true)
  })

  it.each([[-1], [-0.5], [NaN], [Infinity], ['300'], [null], [undefined]])('is not so for %j', (value) => {
    expect(isSeconds(value)).toBe(false)
  })
})

describe('isInterval', () => {
  it.each([[undefined], [0.5], [5]])('is so for %j', (value) => {
    expect(isInterval(value)).toBe(true)
  })

  it.each([[0], [-5], [NaN], [Infinity], ['5'], [null], [[5]]])('is not so for %j', (value) => {
    expect(isInterval(value)).toBe(false)
  })
})

describe('parseSeconds', () => {
  it.each([
    [0, 0],
    [300, 300],
    [0.5, 0.5],
    [[5], 5],
    [['5', 6], 5],
    [[[5]], 5],
    ['300', 300],
    ['0', 0],
  ])('reads %j as %d', (value, seconds) => {
    expect(parseSeconds(value)).toBe(seconds)
  })

  it.each([
    [-1],
    ['-1'],
    [NaN],
    [Infinity],
    ['Infinity'],
    ['soon'],
    [''],
    [null],
    [undefined],
    [true],
    [[[]]],
    [{}],
    [[{ toString: 1 }]],
  ])('reads no length of time in %j', (value) => {
    expect(parseSeconds(value)).toBeUndefined()
  })

  it('gives a finite number, 0 or more, or undefined, for anything', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const seconds = parseSeconds(value)
        return seconds === undefined || (Number.isFinite(seconds) && seconds >= 0)
      }),
    )
  })
})
