import { type Comparable, comparable, type Names } from './comparable.ts'
import type { Library } from './library.ts'

/** What came of one call: what a caller of either library can see of it. */
export type Outcome = { [how in 'returns' | 'resolves' | 'throws' | 'rejects']?: Comparable }

export interface Attempt<Value> {
  readonly outcome: Outcome
  /** What refused: see {@link reasonOf}. Absent when nothing did. */
  readonly reason?: string | undefined
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
    return { outcome: { throws: refusal(thrown, library, names) }, reason: reasonOf(thrown) }
  }
  if (!(started instanceof Promise))
    return { outcome: { returns: comparable(started, library, names) }, value: started }
  try {
    const value = await started
    return { outcome: { resolves: comparable(value, library, names) }, value }
  } catch (thrown) {
    return { outcome: { rejects: refusal(thrown, library, names) }, reason: reasonOf(thrown) }
  }
}

/** The class, the code, the cause and, where the class has them, what the server said. Never the message. */
function refusal(thrown: unknown, library: Library, names: Names): Comparable {
  if (!(thrown instanceof Error) || names.has(thrown)) return comparable(thrown, library, names)
  const compare = (value: unknown): Comparable => comparable(value, library, names)
  const seen: { [member: string]: Comparable } = { class: thrown.constructor.name, name: thrown.name }
  if ('code' in thrown && thrown.code !== undefined) seen.code = compare(thrown.code)
  seen.cause = thrown.cause === undefined ? 'absent' : compare(thrown.cause)
  if (!bearsServerWords(thrown)) return seen
  for (const member of ['error', 'error_description', 'status', 'response']) {
    if (member in thrown) seen[member] = compare(Reflect.get(thrown, member))
  }
  return seen
}

/**
 * The rule that refused, such as `jwt.exp`, or the argument, such as `"maxAge"`: only our errors say so. It is not compared,
 * and tells which of our decisions a difference comes from.
 */
function reasonOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  if ('rule' in thrown && typeof thrown.rule === 'string') return thrown.rule
  return 'code' in thrown ? /^"[\w.]+"/.exec(thrown.message)?.[0] : undefined
}

/** Classes whose cause is what the server said: it is the same in both. */
export const SERVER_WORDS: readonly string[] = [
  'ResponseBodyError',
  'WWWAuthenticateChallengeError',
  'AuthorizationResponseError',
]

function bearsServerWords(thrown: Error): boolean {
  return SERVER_WORDS.includes(thrown.name)
}
