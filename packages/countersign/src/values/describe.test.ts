import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describe as describeValue } from './describe.ts'

it.each([
  [undefined, 'missing'],
  [null, 'null'],
  ['', 'an empty string'],
  ['secret', 'a string'],
  [5, 'a number'],
  [true, 'a boolean'],
  [{}, 'an object'],
  [[], 'an array'],
])('tells what %j is', (value, words) => {
  expect(describeValue(value)).toBe(words)
})

it('repeats nothing of the value', () => {
  const words = [/^missing$/, /^null$/, /^an empty string$/, /^an? (string|number|boolean|object|array)$/]
  fc.assert(fc.property(fc.jsonValue(), (value) => words.some((form) => form.test(describeValue(value)))))
})
