import { createHash } from 'node:crypto'
import type { JsonValue } from '../values/json.ts'
import { idTokenClaims } from './answers.ts'
import { type SigningKey, signedJwt } from './signed.ts'

/** A valid response of `response_type=code id_token`; each test changes one member of it. */

type Members = Record<string, JsonValue | undefined>

export const CODE = 'SplxlOBeZQQYbYS6WxSbIA'
export const STATE = 'af0ifjsldkj'
export const NONCE = 'n-0S6_WzA2Mj'

/** base64url of the left half of a text's hash: made with node:crypto, not with what is tested. */
export function leftHalfOf(hash: 'sha256' | 'sha384' | 'sha512', text: string): string {
  const bytes = createHash(hash).update(text).digest()
  return bytes.subarray(0, bytes.length / 2).toString('base64url')
}

/** The claims of its ID Token, under an algorithm that hashes with SHA-256. */
export function hybridClaims(changes: Members = {}): Members {
  const hashes = { c_hash: leftHalfOf('sha256', CODE), s_hash: leftHalfOf('sha256', STATE) }
  return idTokenClaims({ nonce: NONCE, ...hashes, ...changes })
}

/** Its parameters, the ID Token signed by a key. */
export function hybridParameters(key: SigningKey, claims: Members = {}): URLSearchParams {
  return new URLSearchParams({ code: CODE, state: STATE, id_token: signedJwt(key, hybridClaims(claims)) })
}
