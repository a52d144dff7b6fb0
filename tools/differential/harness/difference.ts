import type { Comparable } from './comparable.ts'

/** One place in which the records of the two libraries differ; `undefined` where one has nothing there. */
export interface Difference {
  /** The label of the call or note, then members: `['processX', 'rejects', 'code']`. */
  readonly path: readonly string[]
  readonly theirs: Comparable | undefined
  readonly ours: Comparable | undefined
}

export function differences(
  theirs: Comparable | undefined,
  ours: Comparable | undefined,
  path: readonly string[] = [],
): Difference[] {
  if (isBranch(theirs) && isBranch(ours) && Array.isArray(theirs) === Array.isArray(ours)) {
    const [left, right] = [new Map(Object.entries(theirs)), new Map(Object.entries(ours))]
    const members = [...new Set([...left.keys(), ...right.keys()])]
    return members.flatMap((member) => differences(left.get(member), right.get(member), [...path, member]))
  }
  return theirs === ours ? [] : [{ path, theirs, ours }]
}

function isBranch(value: Comparable | undefined): value is Comparable[] | { [member: string]: Comparable } {
  return typeof value === 'object' && value !== null
}

/** The same cause usually shows in the same place with the same outcomes: this groups findings by it. */
export function signature(found: readonly Difference[]): string {
  const first = found[0]
  if (first === undefined) return 'no difference'
  // The number of a repetition is no cause of its own.
  const path = first.path.join('.').replaceAll(/ #?\d+/g, '')
  return `${path}: ${outline(first.theirs)} / ${outline(first.ours)}`
}

function outline(value: Comparable | undefined): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number') return 'a number'
  if (typeof value === 'string') return /^[A-Z][\w ]*$|^OAUTH_|^ERR_|^‹/.test(value) ? value : 'a string'
  if (!isBranch(value) || Array.isArray(value)) return Array.isArray(value) ? 'a list' : String(value)
  const code = value.code ?? value.name
  return typeof code === 'string' && typeof value.class === 'string' ? `${value.class} ${code}` : 'an object'
}
