import type fc from 'fast-check'
import { pick } from './mostly.ts'

/** What a caller without types may pass where something else is expected: one or two of each kind. */
export const garbage: fc.Arbitrary<unknown> = pick<unknown>(
  undefined,
  null,
  '',
  'text',
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  10n,
  Symbol.iterator,
  {},
  [],
  ['text'],
  new Date(0),
  new Map(),
  new URL('https://elsewhere.example/'),
  new URLSearchParams('a=b'),
  Object.create(null),
  () => undefined,
)

export const garbageButUndefined: fc.Arbitrary<unknown> = garbage.filter((value) => value !== undefined)

/**
 * Passes what the types forbid. The one place in these tools where a type is asserted without proof: to see what
 * both libraries make of a wrong argument is its purpose.
 */
export function wrong(value: unknown): never {
  return value as never
}

/** An object from which members with `undefined` are gone: absent and `undefined` are different arguments. */
export function present<Members extends object>(members: Members): Partial<Members> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined)
  return wrong(Object.fromEntries(kept))
}
