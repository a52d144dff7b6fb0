import { UNSUPPORTED_OPERATION } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/**
 * An answer, a key or a request needs something that this library does not support, or for which the caller has given
 * no function, such as {@link jweDecrypt}. `rule` and `spec` say what.
 */
export class UnsupportedOperationError extends EvidencedError {
  /** The name of the class. */
  override name = 'UnsupportedOperationError'
  /** Always {@link UNSUPPORTED_OPERATION}. */
  code: typeof UNSUPPORTED_OPERATION = UNSUPPORTED_OPERATION

  /**
   * Makes the error; the library does so by itself.
   *
   * @param message What is not supported, for a person.
   * @param options `cause`, what needs it, and `evidence`, what to keep with the error, safe to log.
   */
  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- narrows what the base class takes
  constructor(message: string, options?: { cause?: unknown; evidence?: Evidence }) {
    super(message, options)
  }
}
