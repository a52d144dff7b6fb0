import { randomText } from '../jose/random.ts'

/**
 * Makes a `state`: 256 random bits as 43 characters of base64url. Keep it with the browser's session, and compare it
 * when the browser comes back. It is for one authorization request, and for no other.
 *
 * @returns The state.
 * @see RFC 6749, sections 4.1.1 and 10.12
 */
export function generateRandomState(): string {
  return randomText()
}
