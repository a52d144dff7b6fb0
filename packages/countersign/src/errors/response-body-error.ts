import type { JsonValue } from '../values/json.ts'
import { RESPONSE_BODY_ERROR } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/** The members of an OAuth error answer (RFC 6749, section 5.2). */
export interface OAuth2Error {
  readonly error: string
  readonly error_description?: string
  readonly error_uri?: string
  /** Signature algorithms that the server takes for DPoP proofs (RFC 9449, section 5). */
  readonly algs?: string
  readonly scope?: string
  readonly [parameter: string]: JsonValue | undefined
}

/**
 * The server answered with an OAuth error document. Its `error` is the server's own word (`authorization_pending`,
 * `access_denied`, …): see the specification of the request for what each asks of the client.
 *
 * @see RFC 6749, section 5.2
 */
export class ResponseBodyError extends EvidencedError {
  override name = 'ResponseBodyError'
  /** The parsed error document. */
  declare cause: Record<string, JsonValue | undefined>
  code: typeof RESPONSE_BODY_ERROR = RESPONSE_BODY_ERROR
  error: string
  declare status: number
  error_description?: string
  /** The answer; its body has been read. */
  declare response: Response

  /**
   * @param message What happened, for a person.
   * @param options `cause`, the parsed error document, and the `response` that it came in; `evidence` is what to keep with
   *   the error, safe to log.
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
