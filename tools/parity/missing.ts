import { readFileSync } from 'node:fs'

/** What oauth4webapi has and we do not have yet. The list only shrinks; an empty one is the end of it. */
export interface Missing {
  /** Names that exist when the package is imported. */
  readonly values: readonly string[]
  /** Names that exist only in the declarations: interfaces and type aliases. */
  readonly types: readonly string[]
}

export const missing: Missing = read('missing.json')

/** What we export beyond oauth4webapi. */
export const added: Missing = read('added.json')

function read(name: string): Missing {
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
  return { values: names(parsed, 'values', name), types: names(parsed, 'types', name) }
}

function names(parsed: unknown, member: string, file: string): string[] {
  const list: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, member) : undefined
  if (!Array.isArray(list)) throw new Error(`${file}: "${member}" must be an array of names`)
  return list.map((name: unknown) => {
    if (typeof name !== 'string') throw new Error(`${file}: "${member}" holds something that is not a name`)
    return name
  })
}

/**
 * Compares what is absent with what is listed, as sentences that say what to do.
 *
 * @returns no sentence when both agree
 */
export function disagreements(found: readonly string[], listed: readonly string[], words: ListWords): string[] {
  const unlisted = found.filter((name) => !listed.includes(name)).map(words.unlisted)
  const stale = listed.filter((name) => !found.includes(name)).map(words.stale)
  const sorted = [...listed].sort()
  const unsorted = listed.every((name, index) => name === sorted[index]) ? [] : [words.unsorted]
  return [...unlisted, ...stale, ...unsorted]
}

export interface ListWords {
  readonly unlisted: (name: string) => string
  readonly stale: (name: string) => string
  readonly unsorted: string
}

export const MISSING_WORDS: ListWords = {
  unlisted: (name) =>
    `${name} is exported by oauth4webapi and not by us: export it again (missing.json only shrinks, so do not add it)`,
  stale: (name) => `${name} is there now: remove it from tools/parity/missing.json and use it in a program`,
  unsorted: 'tools/parity/missing.json is not in the order of sort()',
}

export const ADDED_WORDS: ListWords = {
  unlisted: (name) => `${name} is exported by us alone: stop exporting it, or add it to tools/parity/added.json`,
  stale: (name) => `${name} is no longer exported by us alone: remove it from tools/parity/added.json`,
  unsorted: 'tools/parity/added.json is not in the order of sort()',
}
