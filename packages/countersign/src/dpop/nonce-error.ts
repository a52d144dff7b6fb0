import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'

const USE_DPOP_NONCE = 'use_dpop_nonce'

/**
 * Tells whether a server refused a request only because its DPoP proof lacked the server's present nonce. The handle
 * has learned that nonce when the answer came: send the same request again, once.
 *
 * @param err What a process function or {@link protectedResourceRequest} rejected with; anything else is no such error.
 * @returns True where the same request, sent again, can succeed.
 * @see RFC 9449, sections 8 and 9
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const client: countersign.Client
 * declare const accessToken: string
 *
 * const DPoP = countersign.DPoP(client, await countersign.generateKeyPair('ES256'))
 * const url = new URL('https://api.example.com/items')
 * const request = () => countersign.protectedResourceRequest(accessToken, 'GET', url, undefined, undefined, { DPoP })
 *
 * const response = await request().catch((error: unknown) => {
 *   if (countersign.isDPoPNonceError(error)) return request()
 *   throw error
 * })
 * console.log(response.status)
 * ```
 */
export function isDPoPNonceError(err: unknown): boolean {
  if (err instanceof ResponseBodyError) return err.error === USE_DPOP_NONCE
  if (!(err instanceof WWWAuthenticateChallengeError)) return false
  return err.cause.some(({ scheme, parameters }) => scheme === 'dpop' && parameters.error === USE_DPOP_NONCE)
}
