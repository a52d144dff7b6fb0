import { type ErrorCode, INVALID_RESPONSE } from '../errors/codes.ts'

/**
 * One check of this library, as data. It is declared once, beside the code that applies it; the error, the trace, the
 * proof in the tests and the list in `docs/rules.md` come from the declaration. Its docstring says what holds when the
 * rule is kept, and after `Remedy:` what to do when it refuses.
 */
export interface Rule {
  /**
   * The thing and its member, such as `id-token.iss`, and behind a hyphen the aspect where one member has several
   * rules, such as `jwt.exp-time`.
   */
  readonly id: string
  /** The document that asks for it, one of `specifications.ts`. */
  readonly document: string
  /** The section, with the item of its list in parentheses, such as `3.1.3.7 (2)`. */
  readonly section: string
  /** The code of the error, compatible with oauth4webapi. */
  readonly code: ErrorCode
}

/**
 * Declares a check.
 *
 * @__NO_SIDE_EFFECTS__
 */
export function rule(id: string, document: string, section: string, code: ErrorCode = INVALID_RESPONSE): Rule {
  return { id, document, section, code }
}
