import { digest } from '#engine'
import { assertString } from '../errors/invalid-argument.ts'
import { randomText } from '../jose/random.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'

/**
 * Makes a `code_verifier`: 256 random bits as 43 characters of base64url.
 *
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
 */
export async function calculatePKCECodeChallenge(codeVerifier: string): Promise<string> {
  assertString(codeVerifier, 'codeVerifier')
  return encodeBase64url(await digest('SHA-256', encodeText(codeVerifier)))
}
