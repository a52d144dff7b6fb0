import { WWW_AUTHENTICATE_CHALLENGE } from './codes.ts'
import { type Evidence, EvidencedError } from './evidence.ts'

/** The parameters of one challenge; names are lower-cased, because they are case-insensitive. */
export interface WWWAuthenticateChallengeParameters {
  /** The protection space. */
  readonly realm?: string
  /** The error's code, such as `invalid_token` or `use_dpop_nonce`. */
  readonly error?: string
  /** The error in words, for the developer of the client. */
  readonly error_description?: string
  /** A page about the error, for the developer of the client. */
  readonly error_uri?: string
  /** Signature algorithms, separated by spaces, that the server takes for DPoP proofs (RFC 9449, section 7.1). */
  readonly algs?: string
  /** The scope that the resource asks for (RFC 6750, section 3). */
  readonly scope?: string
  /** URL of the protected resource's metadata (RFC 9728, section 5.1). */
  readonly resource_metadata?: string
  readonly [parameter: Lowercase<string>]: string | undefined
}

/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1). */
export interface WWWAuthenticateChallenge {
  /** The authentication scheme, lower-cased, because it is case-insensitive. */
  readonly scheme: Lowercase<string>
  /** The parameters; empty when there were none. */
  readonly parameters: WWWAuthenticateChallengeParameters
  /** The one value that a scheme may have in place of parameters. */
  readonly token68?: string
}

/**
 * The server answered with challenges: the credentials, the access token or its DPoP proof are missing, spent or not
 * enough. Each challenge is parsed, in the order of the header.
 *
 * @see RFC 9110, section 11.6.1; RFC 6750, section 3; RFC 9449, section 7.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const accessToken: string
 *
 * const url = new URL('https://api.example.com/items')
 * await countersign.protectedResourceRequest(accessToken, 'GET', url).catch((error: unknown) => {
 *   if (!(error instanceof countersign.WWWAuthenticateChallengeError)) throw error
 *   for (const { scheme, parameters } of error.cause) console.log(scheme, parameters.error ?? 'no error code')
 * })
 * ```
 */
export class WWWAuthenticateChallengeError extends EvidencedError {
  /** The name of the class. */
  override name = 'WWWAuthenticateChallengeError'
  /** The parsed challenges. */
  declare cause: WWWAuthenticateChallenge[]
  /** Always {@link WWW_AUTHENTICATE_CHALLENGE}. */
  code: typeof WWW_AUTHENTICATE_CHALLENGE = WWW_AUTHENTICATE_CHALLENGE
  /** The answer; its body has not been read. */
  declare response: Response
  /** HTTP status of the answer, mostly 401. */
  declare status: number

  /**
   * Makes the error; the library does so by itself.
   *
   * @param message What happened, for a person.
   * @param options `cause`, the parsed challenges, and the `response` that they came in; `evidence` is what to keep
   *   with the error, safe to log.
   */
  constructor(
    message: string,
    options: { cause: WWWAuthenticateChallenge[]; response: Response; evidence?: Evidence },
  ) {
    const { cause, response, evidence } = options
    super(message, evidence && { evidence })
    this.cause = cause
    this.status = response.status
    // kept out of logs: an answer has headers such as Set-Cookie
    Object.defineProperty(this, 'response', { value: response })
  }
}
