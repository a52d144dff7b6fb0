import type { Difference } from './harness/difference.ts'

/** A difference from oauth4webapi that is intended. Each has its paragraph in docs/differences.md. */
export interface Accepted {
  /** The heading in docs/differences.md. */
  readonly id: string
  readonly reason: string
  /** The paragraph that asks for it, or that leaves the choice. */
  readonly spec: string
  covers(found: Difference, all: readonly Difference[], topic: string, input: unknown): boolean
}

export const accepted: readonly Accepted[] = []

/** The ids that together cover every difference of a case, or nothing when one of them is not covered. */
export function acceptance(topic: string, found: readonly Difference[], input: unknown): string | undefined {
  const ids = new Set<string>()
  for (const difference of found) {
    const reason = accepted.find(({ covers }) => covers(difference, found, topic, input))
    if (reason === undefined) return undefined
    ids.add(reason.id)
  }
  return [...ids].sort().join(', ')
}
