import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'

const USE_DPOP_NONCE = 'use_dpop_nonce'

/**
 * Tells whether a server refused a request only because its DPoP proof lacked the server's present nonce. The handle has
 * learned that nonce when the answer came: send the same request again, once.
 *
 * @param err What a process function rejected with.
 * @see RFC 9449, sections 8 and 9
 */
export function isDPoPNonceError(err: unknown): boolean {
  if (err instanceof ResponseBodyError) return err.error === USE_DPOP_NONCE
  if (!(err instanceof WWWAuthenticateChallengeError)) return false
  return err.cause.some(({ scheme, parameters }) => scheme === 'dpop' && parameters.error === USE_DPOP_NONCE)
}
