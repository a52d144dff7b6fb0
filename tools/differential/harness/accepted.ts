import type { Difference } from './difference.ts'
import type { Reasons, Record } from './scene.ts'

/** A difference from oauth4webapi that is intended. Each has its paragraph in docs/differences.md. */
export interface Accepted {
  /** The heading in docs/differences.md. */
  readonly id: string
  readonly reason: string
  /** The paragraph that asks for it, or that leaves the choice. */
  readonly spec: string
  readonly covers: (found: Difference, all: Case) => boolean
}

/** Everything about the case that shows a difference. */
export interface Case {
  readonly topic: string
  readonly input: unknown
  readonly theirs: Record
  readonly ours: Record
  /** Why we refused. */
  readonly reasons: Reasons
}
