import type { webcrypto } from 'node:crypto'

const rsa = (name: string, bits: number): webcrypto.RsaHashedKeyGenParams => ({
  name,
  hash: `SHA-${bits}`,
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
})
const ec = (namedCurve: string): webcrypto.EcKeyGenParams => ({ name: 'ECDSA', namedCurve })
const named = (name: string): webcrypto.Algorithm => ({ name })

/** What WebCrypto needs to know to make or to import a key for a JWS `alg`. */
export const KEY_PARAMETERS = {
  RS256: rsa('RSASSA-PKCS1-v1_5', 256),
  RS384: rsa('RSASSA-PKCS1-v1_5', 384),
  RS512: rsa('RSASSA-PKCS1-v1_5', 512),
  PS256: rsa('RSA-PSS', 256),
  PS384: rsa('RSA-PSS', 384),
  PS512: rsa('RSA-PSS', 512),
  ES256: ec('P-256'),
  ES384: ec('P-384'),
  ES512: ec('P-521'),
  EdDSA: named('Ed25519'),
  Ed25519: named('Ed25519'),
  // Node.js 24 and later
  'ML-DSA-44': named('ML-DSA-44'),
  'ML-DSA-65': named('ML-DSA-65'),
  'ML-DSA-87': named('ML-DSA-87'),
}

/** JWS `alg` values for which a key can be made here. */
export type SigningAlgorithm = keyof typeof KEY_PARAMETERS
