import { readFileSync } from 'node:fs'

/** A mutant that no test notices: what stood where, and what stood there instead. Its line number would soon be wrong. */
export interface Survivor {
  /** From the library's sources. */
  readonly file: string
  /** The whole line, or the first of several, without what it is indented by. */
  readonly line: string
  /** The part of it that was replaced; several lines are one here. */
  readonly original: string
  readonly replacement: string
}

/** A survivor, and why no test can notice it. */
export interface ExplainedSurvivor extends Survivor {
  readonly argument: string
}

const MEMBERS = ['file', 'line', 'original', 'replacement', 'argument']

/** Reads what is written down in survivors.json. */
export function readExplained(): ExplainedSurvivor[] {
  const read: unknown = JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8'))
  if (!Array.isArray(read) || !read.every(isExplained)) throw new Error('survivors.json: an entry lacks a member')
  return read
}

function isExplained(value: unknown): value is ExplainedSurvivor {
  if (typeof value !== 'object' || value === null) return false
  const members = new Map<string, unknown>(Object.entries(value))
  return MEMBERS.every((member) => typeof members.get(member) === 'string' && members.get(member) !== '')
}

/**
 * Holds what survived against what is explained. An entry explains one mutant: where two lines of a file are the same, each
 * needs its own.
 *
 * @param explained The entries about the files that were mutated.
 */
export function compare<S extends Survivor, E extends Survivor>(
  survivors: readonly S[],
  explained: readonly E[],
): { unexplained: S[]; outdated: E[] } {
  const outdated = [...explained]
  const unexplained = survivors.filter((survivor) => {
    const index = outdated.findIndex((entry) => identityOf(entry) === identityOf(survivor))
    if (index !== -1) outdated.splice(index, 1)
    return index === -1
  })
  return { unexplained, outdated }
}

function identityOf({ file, line, original, replacement }: Survivor): string {
  return JSON.stringify([file, line, original, replacement])
}

/** A mutant's place in a text, as Stryker reports it: lines and columns count from 1. */
interface Location {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

/** Names a mutant by what it replaces. */
export function survivorOf(
  file: string,
  source: string,
  { start, end }: Location,
  replacement: string | undefined,
): Survivor {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const [line = ''] = lines
  // the end first: both may be in one line
  const last = lines.length - 1
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? ''
  lines[0] = lines[0]?.slice(start.column - 1) ?? ''
  return {
    file,
    line: line.trim(),
    original: inOneLine(lines.join('\n')),
    replacement: inOneLine(replacement ?? ''),
  }
}

function inOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
