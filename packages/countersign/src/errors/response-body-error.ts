import type { JsonValue } from '../values/json.ts'
import { RESPONSE_BODY_ERROR } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/** The members of an OAuth error answer (RFC 6749, section 5.2). */
export interface OAuth2Error {
  /** The server's error code, such as `invalid_grant`. */
  readonly error: string
  /** The error in words, for the developer of the client. */
  readonly error_description?: string
  /** A page about the error, for the developer of the client. */
  readonly error_uri?: string
  /** Signature algorithms that the server takes for DPoP proofs (RFC 9449, section 5). */
  readonly algs?: string
  /** The scope that would be needed (RFC 6750, section 3). */
  readonly scope?: string
  readonly [parameter: string]: JsonValue | undefined
}

/**
 * The server answered with an OAuth error document. Its `error` is the server's own word (`authorization_pending`,
 * `access_denied`, …): see the specification of the request for what each asks of the client.
 *
 * @see RFC 6749, section 5.2; CIBA Core 1.0, sections 11 and 13; RFC 8628, section 3.5
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const response: Response
 *
 * try {
 *   await countersign.processRefreshTokenResponse(as, client, response)
 * } catch (error) {
 *   if (!(error instanceof countersign.ResponseBodyError)) throw error
 *   if (error.error === 'invalid_grant') console.log('the person has to sign in again')
 * }
 * ```
 */
export class ResponseBodyError extends EvidencedError {
  /** The name of the class. */
  override name = 'ResponseBodyError'
  /** The parsed error document. */
  declare cause: Record<string, JsonValue | undefined>
  /** Always {@link RESPONSE_BODY_ERROR}. */
  code: typeof RESPONSE_BODY_ERROR = RESPONSE_BODY_ERROR
  /** The server's error code, such as `invalid_grant` or `slow_down`. */
  error: string
  /** HTTP status of the answer, 400 to 499. */
  declare status: number
  /** The error in words, for the developer of the client. */
  error_description?: string
  /** The answer; its body has been read. */
  declare response: Response

  /**
   * Makes the error; the library does so by itself.
   *
   * @param message What happened, for a person.
   * @param options `cause`, the parsed error document, and the `response` that it came in; `evidence` is what to keep
   *   with the error, safe to log.
   */
  constructor(message: string, options: { cause: OAuth2Error; response: Response; evidence?: Evidence }) {
    const { cause, response, evidence } = options
    super(message, evidence && { evidence })
    this.cause = cause
    this.error = cause.error
    this.status = response.status
    if (cause.error_description !== undefined) this.error_description = cause.error_description
    // kept out of logs: an answer has headers such as Set-Cookie
    Object.defineProperty(this, 'response', { value: response })
  }
}
