import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freeze, thaw } from './harness/clock.ts'
import { type Library, theirs } from './harness/library.ts'
import { observe } from './harness/scene.ts'
import { topics } from './topics/index.ts'

/** Enough for every alternative of every topic to come up. */
const CASES = 60

/** The library, which remembers which of its functions were called, and which of its symbols were read. */
function watched(used: Set<string>): Library {
  const watch = (name: string, value: unknown): unknown => {
    if (typeof value !== 'function') return value
    return new Proxy(value, {
      apply: (target, self, args) => Reflect.apply(target, self, (used.add(name), args)),
      construct: (target, args) => Object(Reflect.construct(target, (used.add(name), args))),
    })
  }
  const members = Object.entries(theirs).map(([name, value]) => [name, watch(name, value)] as const)
  return new Proxy(
    { ...theirs, ...Object.fromEntries(members) },
    {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value === 'symbol' && typeof name === 'string') used.add(name)
        return value
      },
    },
  )
}

/** What of it can be used: the codes of errors are strings, and compared wherever an error is. */
const usable = Object.entries(theirs).filter(([, value]) => typeof value !== 'string')

const used = new Set<string>()

beforeAll(async () => {
  freeze()
  const library = watched(used)
  for (const { input, stage } of topics) {
    for (const one of fc.sample(input, { numRuns: CASES, seed: 1 })) await observe(library, stage(one))
  }
})
afterAll(thaw)

it.each(usable.map(([name]) => name))('%s of oauth4webapi is used by a topic', (name) => {
  expect(used).toContain(name)
})
