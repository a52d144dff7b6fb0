import type { ErrorCode } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/**
 * An answer, a token or a server's metadata was refused: `code` says in which way, `rule` and `spec` by which check,
 * `expected` and `actual` what was compared.
 */
export class OperationProcessingError extends EvidencedError {
  override name = 'OperationProcessingError'
  code?: ErrorCode

  /**
   * @param message What happened, for a person.
   * @param options `cause` and `code`; the library itself only uses codes of {@link ErrorCode}. `evidence` is what to keep
   *   with the error, safe to log.
   */
  constructor(message: string, options?: { cause?: unknown; code?: string; evidence?: Evidence }) {
    super(message, options)
    // a caller who makes this error with a code of their own knows that it is none of ours
    this.code = options?.code as ErrorCode
  }
}
