import { randomBytes } from '../engine/random.ts'
import { encodeBase64url } from '../values/base64url.ts'

/** 256 random bits as 43 characters of base64url, for values that nobody may guess. */
export function randomText(): string {
  return encodeBase64url(randomBytes(32))
}
