import { type Jwt, parsePart } from '../jose/jwt.ts'
import { boundedCache, type BoundedCache } from '../values/bounded-cache.ts'
import { freezeJson, isJsonObject, type JsonObject } from '../values/json.ts'

/**
 * Headers that were read, by their spelling: those of a server's tokens differ by its few keys, those of DPoP proofs by
 * client.
 */
export const knownHeaders: BoundedCache<string, JsonObject> = /* @__PURE__ */ boundedCache<string, JsonObject>(1000)

/** Characters of a header that is kept; the headers of keys of 4096 bits are shorter. */
const KEPT_HEADER = 2048

/** The header of a JWT, where its spelling is known. */
export function knownHeaderOf(token: string): JsonObject | undefined {
  return knownHeaders.get(token.slice(0, token.indexOf('.')))
}

/**
 * Keeps what a header stands for, once a signature that covers it was verified: only who has the key can fill the memory.
 * What is kept is made anew, and nobody can change it.
 */
export function rememberHeader({ header, signingInput }: Jwt): void {
  // frozen is only what is kept already
  if (Object.isFrozen(header)) return
  const encoded = signingInput.slice(0, signingInput.indexOf('.'))
  if (encoded.length > KEPT_HEADER) return
  const copy = parsePart(encoded)
  // a text that was cut out of a token keeps the token
  if (isJsonObject(copy)) knownHeaders.set(Array.from(encoded).join(''), freezeJson(copy))
}
