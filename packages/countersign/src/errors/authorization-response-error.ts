import { AUTHORIZATION_RESPONSE_ERROR } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/**
 * The authorization endpoint answered with an error. Its `error` is the server's own word, such as `access_denied`.
 *
 * @see RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6
 */
export class AuthorizationResponseError extends EvidencedError {
  /** The name of the class. */
  override name = 'AuthorizationResponseError'
  /** The parameters of the response. */
  declare cause: URLSearchParams
  /** Always {@link AUTHORIZATION_RESPONSE_ERROR}. */
  code: typeof AUTHORIZATION_RESPONSE_ERROR = AUTHORIZATION_RESPONSE_ERROR
  /** The server's error code, such as `access_denied` or `login_required`. */
  declare error: string
  /** The error in words, for the developer of the client. */
  error_description?: string

  /**
   * Makes the error; the library does so by itself.
   *
   * @param message What happened, for a person.
   * @param options `cause`, the parameters of the response; `evidence` is what to keep with the error, safe to log.
   */
  constructor(message: string, options: { cause: URLSearchParams; evidence?: Evidence }) {
    const { cause, evidence } = options
    super(message, evidence && { evidence })
    // who prints the error prints its cause, which can have a code or a token in it; an accessor is not followed
    Object.defineProperty(this, 'cause', { get: () => cause, enumerable: true })
    // as in oauth4webapi: of parameters without one, which only a caller makes an error of, it is null
    Object.assign(this, { error: cause.get('error') })
    const description = cause.get('error_description')
    if (description !== null) this.error_description = description
  }
}
