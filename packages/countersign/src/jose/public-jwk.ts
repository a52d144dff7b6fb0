import type { CryptoKey } from '../engine/crypto-key.ts'
import { hashText } from '#engine'
import { exportJwk } from '../engine/keys.ts'
import type { JWK } from './jwk.ts'

/** A public key as a JWK that has what its kind needs and nothing else, in the order in which a thumbprint wants it. */
export type PublicJwk = {
  readonly [Member in 'alg' | 'crv' | 'e' | 'kty' | 'n' | 'pub' | 'x' | 'y']?: string | undefined
}

/** The JWK of an extractable public key. */
export async function publicJwk(key: CryptoKey): Promise<PublicJwk> {
  return requiredMembers(await exportJwk(key))
}

/** What a key's kind needs of a JWK; what it has beside that is left out. */
export function requiredMembers(jwk: JWK): PublicJwk {
  const { alg, crv, e, kty, n, pub, x, y } = jwk
  // RFC 7638 §3.2; RFC 8037 §2; RFC 9964 §6
  switch (kty) {
    case 'RSA':
      return { e, kty, n }
    case 'EC':
      return { crv, kty, x, y }
    case 'OKP':
      return { crv, kty, x }
    default:
      return { alg, kty, pub }
  }
}

/** The SHA-256 thumbprint of a public key (RFC 7638, section 3). */
export function thumbprint(jwk: PublicJwk): string {
  return hashText(JSON.stringify(jwk))
}
