import { describe, expect, it } from 'vitest'
import { isFiniteNumber } from './number.ts'

describe('isFiniteNumber', () => {
  it.each([[0], [-0], [-1], [0.5], [Number.MAX_VALUE]])('is so for %d', (value) => {
    expect(isFiniteNumber(value)).toBe(true)
  })

  it.each([[NaN], [Infinity], [-Infinity], ['1'], [[1]], [Object(1)], [1n], [true], [null], [undefined]])(
    'is not so for %o',
    (value) => {
      expect(isFiniteNumber(value)).toBe(false)
    },
  )
})
