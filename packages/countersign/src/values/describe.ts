/** Texts that are there already: most of what is described turns out to be as expected, and nobody reads it. */
const TYPES = {
  bigint: 'a bigint',
  boolean: 'a boolean',
  function: 'a function',
  number: 'a number',
  object: 'an object',
  string: 'a string',
  symbol: 'a symbol',
  undefined: 'missing',
} as const

/** What an unexpected value is, in words that repeat none of it: safe for messages and logs. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (value === '') return 'an empty string'
  return Array.isArray(value) ? 'an array' : TYPES[typeof value]
}
