import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueHeap } from './due-heap.ts'

describe('a heap of what is due', () => {
  it('is empty at first', () => {
    const heap = dueHeap()
    expect([heap.size, heap.earliest(), heap.take(Infinity), heap.countDue(Infinity)]).toEqual([
      0,
      Infinity,
      undefined,
      0,
    ])
  })

  it('gives nothing before its moment', () => {
    const heap = dueHeap()
    heap.set('a', 10)
    expect(heap.take(9)).toBeUndefined()
    expect(heap.take(10)).toBe('a')
    expect(heap.size).toBe(0)
  })

  it('does as a sorted list does, whatever is set, moved, deleted and taken', () => {
    const id = fc.constantFrom(...'abcdefghijkl')
    const moment = fc.integer({ min: 0, max: 20 })
    const operation = fc.oneof(
      fc.record({ set: id, at: moment }),
      fc.record({ delete: id }),
      fc.record({ shift: fc.integer({ min: -5, max: 5 }) }),
      fc.record({ take: moment }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const heap = dueHeap()
        const model = new Map<string, number>()
        for (const one of operations) {
          if ('set' in one) {
            heap.set(one.set, one.at)
            model.set(one.set, one.at)
          } else if ('delete' in one) {
            heap.delete(one.delete)
            model.delete(one.delete)
          } else if ('shift' in one) {
            heap.shift(one.shift)
            for (const [name, at] of model) model.set(name, at + one.shift)
          } else {
            const earliest = Math.min(...model.values())
            const given = heap.take(one.take)
            if (given === undefined) expect(earliest).toBeGreaterThan(one.take)
            else {
              expect(model.get(given)).toBe(earliest)
              expect(earliest).toBeLessThanOrEqual(one.take)
              model.delete(given)
            }
          }
          expect(heap.size).toBe(model.size)
          expect(heap.earliest()).toBe(Math.min(...model.values()))
          expect(heap.countDue(10)).toBe([...model.values()].filter((at) => at <= 10).length)
        }
      }),
    )
  })
})
