/** No transaction with this id is kept: it never was, or it was deleted with its outcome. */
export const UNKNOWN_TRANSACTION = 'BACKCHANNEL_UNKNOWN_TRANSACTION'

/** The outcome was taken before; it is given out once. */
export const OUTCOME_TAKEN = 'BACKCHANNEL_OUTCOME_TAKEN'

/** The transaction has no outcome yet. */
export const NO_OUTCOME = 'BACKCHANNEL_NO_OUTCOME'

/** The idempotency key began another authentication, with other parameters. */
export const IDEMPOTENCY_KEY_REUSED = 'BACKCHANNEL_IDEMPOTENCY_KEY_REUSED'

/** Another process has the folder open. */
export const STORE_IN_USE = 'BACKCHANNEL_STORE_IN_USE'

/** A record was sealed with a key that is not in the ring, or was changed since. */
export const CANNOT_UNSEAL = 'BACKCHANNEL_CANNOT_UNSEAL'

/** The object was closed. */
export const CLOSED = 'BACKCHANNEL_CLOSED'

/** The codes of {@link BackchannelError}. */
export type BackchannelErrorCode =
  | typeof CANNOT_UNSEAL
  | typeof CLOSED
  | typeof IDEMPOTENCY_KEY_REUSED
  | typeof NO_OUTCOME
  | typeof OUTCOME_TAKEN
  | typeof STORE_IN_USE
  | typeof UNKNOWN_TRANSACTION

/**
 * What was asked of a backchannel cannot be done: `code` says why. Refusals of the server, and of the server's answers,
 * are no such errors; they are outcomes, or errors of `countersign`.
 */
export class BackchannelError extends Error {
  /** The name of the class. */
  override name = 'BackchannelError'
  /** Why, for a program. */
  readonly code: BackchannelErrorCode

  /**
   * Tells what cannot be done.
   *
   * @param code Why, for a program.
   * @param message What happened, for a person; it holds no token, key or claim.
   * @param options `cause`, what went wrong below.
   */
  constructor(code: BackchannelErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** A caller's own mistake, like those of `countersign`: a `TypeError` with a code, before anything was stored or sent. */
export function invalidArgument(
  message: string,
  code: 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE' = 'ERR_INVALID_ARG_VALUE',
): TypeError {
  return Object.assign(new TypeError(message), { code })
}
