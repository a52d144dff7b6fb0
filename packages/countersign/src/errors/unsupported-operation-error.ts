import { UNSUPPORTED_OPERATION } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/** An answer, a key or a request needs something that this library does not support. */
export class UnsupportedOperationError extends EvidencedError {
  override name = 'UnsupportedOperationError'
  code: typeof UNSUPPORTED_OPERATION = UNSUPPORTED_OPERATION

  /**
   * @param message What is not supported, for a person.
   * @param options `cause`, what needs it, and `evidence`, what to keep with the error, safe to log.
   */
  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- narrows what the base class takes
  constructor(message: string, options?: { cause?: unknown; evidence?: Evidence }) {
    super(message, options)
  }
}
