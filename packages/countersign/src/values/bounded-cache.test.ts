import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedCache } from './bounded-cache.ts'

describe('boundedCache', () => {
  it('gives what was set, and what was set last for a key', () => {
    const cache = boundedCache<string, number>(10)
    cache.set('a', 1)
    cache.set('a', 2)
    cache.set('b', 3)
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([2, 3, undefined])
  })

  it('never holds more entries than it may, and surely those of the half that was used last', () => {
    const key = fc.nat(40)
    const step = fc.oneof(fc.record({ get: key }), fc.record({ set: key }))
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.array(step, { maxLength: 200 }), (maximum, steps) => {
        const cache = boundedCache<number, object>(maximum)
        const values = new Map<number, object>()
        let recent: number[] = []
        for (const one of steps) {
          const used = 'set' in one ? one.set : one.get
          const known = 'set' in one || cache.get(used) !== undefined
          if ('set' in one) {
            values.set(used, { used })
            cache.set(used, values.get(used) ?? {})
          }
          if (known) recent = [used, ...recent.filter((other) => other !== used)]
          // looked at by a copy of the steps so far, since a look is a use
          const alive = recent.slice(0, Math.floor((maximum - 1) / 2))
          expect(alive.map((each) => cache.get(each))).toEqual(alive.map((each) => values.get(each)))
          recent = [...[...alive].reverse(), ...recent.filter((other) => !alive.includes(other))]
        }
        const held = [...values.keys()].filter((each) => cache.get(each) !== undefined)
        expect(held.length).toBeLessThanOrEqual(maximum)
      }),
    )
  })

  it('forgets what nobody asks for, and keeps what somebody asks for, under a flood of new keys', () => {
    const cache = boundedCache<string, number>(100)
    cache.set('asked for', 1)
    cache.set('not asked for', 2)
    for (let index = 0; index < 10_000; index++) {
      cache.set(`flood ${index}`, index)
      expect(cache.get('asked for')).toBe(1)
    }
    expect(cache.get('not asked for')).toBeUndefined()
    const held = Array.from({ length: 10_000 }, (_, index) => cache.get(`flood ${index}`)).filter(Boolean)
    expect(held.length).toBeLessThanOrEqual(100)
  })
})
