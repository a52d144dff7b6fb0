import type { Trace } from './trace.ts'

/** What is being validated, for the evidence of a refusal. */
export interface Context {
  /** The caller's trace, where one was asked for. */
  readonly trace: Trace | undefined
  /** The answer: its endpoint, status and content type become evidence. */
  readonly response?: Response
  /** The parsed document that a rule looks at; it is reachable from the error's `cause`, and kept out of logs. */
  readonly document?: ValidatedDocument
  /** What else the error's `cause` is to be: the failure underneath, or what users of oauth4webapi find there. */
  readonly cause?: unknown
}

/** A document under validation, by the name that `cause` has for it. */
export interface ValidatedDocument {
  readonly kind: 'body' | 'claims' | 'header' | 'headers' | 'parameters'
  readonly value: unknown
}
