import type { ErrorCode } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/**
 * An answer, a token or a server's metadata was refused: `code` says in which way, `rule` and `spec` by which check,
 * `expected` and `actual` what was compared. `cause` has what was looked at: the response, or the member.
 *
 * @see {@link Evidence}
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const issuer = new URL('https://op.example.com')
 * try {
 *   await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer))
 * } catch (error) {
 *   if (!(error instanceof countersign.OperationProcessingError)) throw error
 *   console.error(error.code, error.rule, error.spec, error.expected, error.actual)
 * }
 * ```
 */
export class OperationProcessingError extends EvidencedError {
  /** The name of the class. */
  override name = 'OperationProcessingError'
  /** In which way it was refused; always present on an error that the library throws. */
  code?: ErrorCode

  /**
   * Makes the error; the library does so by itself.
   *
   * @param message What happened, for a person.
   * @param options `cause` and `code`; the library itself only uses codes of {@link ErrorCode}. `evidence` is what to
   *   keep with the error, safe to log.
   */
  constructor(message: string, options?: { cause?: unknown; code?: string; evidence?: Evidence }) {
    super(message, options)
    // a caller who makes this error with a code of their own knows that it is none of ours
    this.code = options?.code as ErrorCode
  }
}
