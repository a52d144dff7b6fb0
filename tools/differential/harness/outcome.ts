import { type Comparable, comparable, type Names } from './comparable.ts'
import type { Library } from './library.ts'

/** What came of one call: what a caller of either library can see of it. */
export type Outcome = { [how in 'returns' | 'resolves' | 'throws' | 'rejects']?: Comparable }

export interface Attempt<Value> {
  readonly outcome: Outcome
  /** Absent when the call was refused. */
  readonly value?: Value
}

export async function attempt<Value>(
  action: () => Value | Promise<Value>,
  library: Library,
  names: Names,
): Promise<Attempt<Value>> {
  let started: Value | Promise<Value>
  try {
    started = action()
  } catch (thrown) {
    return { outcome: { throws: refusal(thrown, library, names) } }
  }
  if (!(started instanceof Promise))
    return { outcome: { returns: comparable(started, library, names) }, value: started }
  try {
    const value = await started
    return { outcome: { resolves: comparable(value, library, names) }, value }
  } catch (thrown) {
    return { outcome: { rejects: refusal(thrown, library, names) } }
  }
}

/** The class, the code and, where the class has them, what the server said. Never the message. */
function refusal(thrown: unknown, library: Library, names: Names): Comparable {
  if (!(thrown instanceof Error) || names.has(thrown)) return comparable(thrown, library, names)
  const compare = (value: unknown): Comparable => comparable(value, library, names)
  const seen: { [member: string]: Comparable } = { class: thrown.constructor.name, name: thrown.name }
  if ('code' in thrown && thrown.code !== undefined) seen.code = compare(thrown.code)
  if (!bearsServerWords(thrown)) return { ...seen, cause: causeKind(thrown, names) }
  for (const member of ['cause', 'error', 'error_description', 'status', 'response']) {
    if (member in thrown) seen[member] = compare(Reflect.get(thrown, member))
  }
  return seen
}

const SERVER_WORDS = ['ResponseBodyError', 'WWWAuthenticateChallengeError', 'AuthorizationResponseError']

function bearsServerWords(thrown: Error): boolean {
  return SERVER_WORDS.includes(thrown.name)
}

/** Elsewhere a cause is evidence for a person: only its kind is compared, and whether it is the caller's own object. */
function causeKind(thrown: Error, names: Names): Comparable {
  if (thrown.cause === undefined) return 'absent'
  const name = names.get(thrown.cause)
  if (name !== undefined) return `‹${name}›`
  if (thrown.cause instanceof Error) return `‹error ${thrown.cause.constructor.name}›`
  return typeof thrown.cause
}
