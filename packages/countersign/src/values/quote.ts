import { describe } from './describe.ts'

/** What of a value is kept at most: characters of a text, members of a list or object, levels of those. */
const MAXIMUM = { characters: 200, members: 20, levels: 2 }

/** A value as an error or a trace may keep it, whoever sent it: cut to a size that can be logged, the rest in words. */
export function tame(value: unknown, levels: number = MAXIMUM.levels): unknown {
  if (typeof value === 'string') return value.slice(0, MAXIMUM.characters)
  // a caller's own: JSON has none, and would throw
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value)
  if (levels === 0 || members.length > MAXIMUM.members) return describe(value)
  const tamed = members.map(([name, member]) => [name, tame(member, levels - 1)] as const)
  return Array.isArray(value) ? tamed.map(([, member]) => member) : Object.fromEntries(tamed)
}

/**
 * A value as a message may repeat it: tame, as JSON, with every character escaped that would break a line, move a cursor
 * or turn the direction of what follows. What a server sends cannot write into somebody's log or terminal.
 */
export function quote(value: unknown): string {
  // what has no JSON, such as undefined, becomes none, which the declared type forgets
  const text = JSON.stringify(tame(value)) as string | undefined
  return (text ?? 'nothing').slice(0, MAXIMUM.characters).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escape)
}

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
