import type { JsonValue } from '../values/json.ts'

/** What a member of an answer can be: one value of each JSON type, the empty ones, and none. */
const VALUES = {
  missing: undefined,
  null: null,
  'an empty string': '',
  'a text': 'text',
  zero: 0,
  'a number': 7,
  true: true,
  false: false,
  'an empty array': [],
  'an array': ['text'],
  'an empty object': {},
  'an object': { text: 'text' },
} satisfies Record<string, JsonValue | undefined>

/** A row for `it.each`: what to call a value in the title of a test, and the value. */
export type NamedValue = [name: string, value: JsonValue | undefined]

/** One value of each JSON type, without those that are named. */
export function everyTypeBut(...names: (keyof typeof VALUES)[]): NamedValue[] {
  return Object.entries<JsonValue | undefined>(VALUES).filter(([name]) => !names.some((other) => other === name))
}
