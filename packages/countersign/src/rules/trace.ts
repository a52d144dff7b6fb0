import type { SpecReference } from '../errors/evidence.ts'

/** One check as it was applied. Like an error's evidence it is safe to log. */
export interface CheckEvent {
  /** The rule's id, such as `id-token.iss`. */
  readonly rule: string
  /** The paragraph that asks for it. */
  readonly spec: SpecReference
  /** False for the check that refused, which is the last one. */
  readonly passed: boolean
  /** What is accepted. */
  readonly expected?: unknown
  /** What came. */
  readonly actual?: unknown
}

/**
 * Receives every check, passed ones too, in the order in which they were applied.
 *
 * @param event The check. What the function throws is thrown to the caller.
 */
export type Trace = (event: CheckEvent) => void

/**
 * Option of {@link Client}, and of the functions that take no client: a function that receives every check which is
 * applied. For finding out at night why a login is refused, and for showing an auditor what was checked.
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const client: countersign.Client = {
 *   client_id: 'shop',
 *   [countersign.trace]: ({ rule, spec, passed }) => {
 *     console.log(passed ? 'pass' : 'FAIL', rule, spec.document, spec.section)
 *   },
 * }
 * ```
 */
export const trace: unique symbol = Symbol('trace')

/** What carries a {@link trace}. */
export interface TraceOptions {
  /** See {@link trace}. */
  [trace]?: Trace
}
