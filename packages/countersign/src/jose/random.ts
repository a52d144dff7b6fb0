import { randomBytes } from '../engine/random.ts'
import { encodeBase64url } from '../values/base64url.ts'

/** Bytes of a random text: 256 bits. */
const LENGTH = 32

/** 256 random bits as 43 characters of base64url, for values that nobody may guess. */
export function randomText(): string {
  return encodeBase64url(randomBytes(LENGTH))
}

/** Names that are drawn at once, because to ask for random bytes takes far longer than to get them. */
const DRAWN = 32

let drawn = new Uint8Array()
let used = 0

/** 256 random bits as {@link randomText} gives them, for a name that nobody else has, and that is no secret: `jti`. */
export function uniqueName(): string {
  if (used === drawn.length) {
    drawn = randomBytes(DRAWN * LENGTH)
    used = 0
  }
  const name = encodeBase64url(drawn.subarray(used, used + LENGTH))
  used += LENGTH
  return name
}
