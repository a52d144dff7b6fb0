import { randomText } from '../jose/random.ts'

/**
 * Makes a `nonce`: 256 random bits as 43 characters of base64url. Keep it with the browser's session; the ID Token must
 * bring it back. It is for one authorization request, and for no other.
 *
 * @returns The nonce.
 * @see OpenID Connect Core 1.0, sections 3.1.2.1 and 15.5.2
 */
export function generateRandomNonce(): string {
  return randomText()
}
