import { readFileSync } from 'node:fs'

/** What a specification asks of a client, and this library leaves to its caller. */
export interface LeftToTheCaller {
  readonly document: string
  readonly section: string
  /** What is asked, in one sentence. */
  readonly asked: string
  /** Why the library does not do it, and what the caller does. */
  readonly reason: string
}

/** Reads what is written down in left-to-the-caller.json. */
export function readLeftToTheCaller(): LeftToTheCaller[] {
  const read: unknown = JSON.parse(readFileSync(new URL('left-to-the-caller.json', import.meta.url), 'utf8'))
  if (!Array.isArray(read) || !read.every(isEntry)) throw new Error('left-to-the-caller.json: an entry lacks a member')
  return read
}

function isEntry(value: unknown): value is LeftToTheCaller {
  if (typeof value !== 'object' || value === null) return false
  const members = new Map<string, unknown>(Object.entries(value))
  return ['document', 'section', 'asked', 'reason'].every((member) => typeof members.get(member) === 'string')
}
