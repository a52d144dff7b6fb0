import { describe, expect, it } from 'vitest'
import { pairedRatios, quartilesOf } from './statistics.ts'

describe('quartilesOf', () => {
  it('gives what stands in the middle and at the quarters, in whatever order', () => {
    expect(quartilesOf([5, 1, 3, 2, 4])).toEqual({ low: 2, median: 3, high: 4 })
  })

  it('is linear between two numbers', () => {
    expect(quartilesOf([1, 2, 3, 4])).toEqual({ low: 1.75, median: 2.5, high: 3.25 })
  })

  it('orders by size, not as texts', () => {
    expect(quartilesOf([10, 9, 100])).toEqual({ low: 9.5, median: 10, high: 55 })
  })

  it('is a number itself where there is but one', () => {
    expect(quartilesOf([7])).toEqual({ low: 7, median: 7, high: 7 })
  })

  it('is nothing of nothing', () => {
    expect(() => quartilesOf([])).toThrow(Error)
  })
})

describe('pairedRatios', () => {
  it('compares what was measured in the same round, whatever the round was like', () => {
    // a machine that gets ten times as slow in between changes no ratio
    expect(pairedRatios([2, 20, 200], [1, 10, 100])).toEqual({ low: 2, median: 2, high: 2 })
  })

  it('is more than 1 where the other one took less', () => {
    expect(pairedRatios([3, 3, 3], [1, 2, 3])).toEqual({ low: 1.25, median: 1.5, high: 2.25 })
  })

  it('compares no rounds that are not there', () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow(Error)
  })
})
