import { hashText } from '#engine'
import { assertString } from '../errors/invalid-argument.ts'
import { randomText } from '../jose/random.ts'

/**
 * Makes a `code_verifier`: 256 random bits as 43 characters of base64url. Keep it with the browser's session; it is for
 * one authorization request, and for no other.
 *
 * @returns The verifier.
 * @see RFC 7636, section 4.1
 */
export function generateRandomCodeVerifier(): string {
  return randomText()
}

/**
 * Calculates the `code_challenge` of a `code_verifier`, by the method `S256`.
 *
 * @param codeVerifier The verifier, such as {@link generateRandomCodeVerifier} makes; not empty.
 * @returns The challenge: base64url of the verifier's SHA-256.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no verifier.
 * @see RFC 7636, section 4.2
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 *
 * // all three are kept with this browser's session
 * const codeVerifier = countersign.generateRandomCodeVerifier()
 * const state = countersign.generateRandomState()
 * const nonce = countersign.generateRandomNonce()
 *
 * const url = new URL(as.authorization_endpoint ?? '')
 * url.search = new URLSearchParams({
 *   client_id: 'shop',
 *   redirect_uri: 'https://shop.example.com/callback',
 *   response_type: 'code',
 *   scope: 'openid',
 *   state,
 *   nonce,
 *   code_challenge: await countersign.calculatePKCECodeChallenge(codeVerifier),
 *   code_challenge_method: 'S256',
 * }).toString()
 * console.log('send the browser to', url.href)
 * ```
 */
export async function calculatePKCECodeChallenge(codeVerifier: string): Promise<string> {
  assertString(codeVerifier, 'codeVerifier')
  return hashText(codeVerifier)
}
