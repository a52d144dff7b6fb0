import type { CryptoKey } from '../engine/crypto-key.ts'
import type { HashName, SignatureParameters } from '../engine/parameters.ts'

/**
 * The JWS algorithms that this library signs with and verifies. ML-DSA needs a runtime whose Web Cryptography has it.
 *
 * @see RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 9864
 */
export type JWSAlgorithm = (typeof JWS_ALGORITHMS)[number]

/** All of {@link JWSAlgorithm}. */
export const JWS_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const

/** An algorithm's parameters, and the keys of a JWK Set that can be meant by it. */
export interface Algorithm extends SignatureParameters {
  /** `kty` of its keys. */
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP'
  /** `crv` of its keys, where the key type has curves. */
  readonly crv?: string
}

/** The parameters of a JWS algorithm; `undefined` for every name that is not one of {@link JWSAlgorithm}. */
export function algorithmOf(alg: unknown): Algorithm | undefined {
  switch (alg) {
    case 'RS256':
      return rsa('RSASSA-PKCS1-v1_5', 'SHA-256')
    case 'RS384':
      return rsa('RSASSA-PKCS1-v1_5', 'SHA-384')
    case 'RS512':
      return rsa('RSASSA-PKCS1-v1_5', 'SHA-512')
    case 'PS256':
      return rsa('RSA-PSS', 'SHA-256', 32)
    case 'PS384':
      return rsa('RSA-PSS', 'SHA-384', 48)
    case 'PS512':
      return rsa('RSA-PSS', 'SHA-512', 64)
    case 'ES256':
      return ecdsa('P-256', 'SHA-256')
    case 'ES384':
      return ecdsa('P-384', 'SHA-384')
    case 'ES512':
      return ecdsa('P-521', 'SHA-512')
    case 'Ed25519':
    case 'EdDSA':
      return { kty: 'OKP', crv: 'Ed25519', key: { name: 'Ed25519' }, signature: { name: 'Ed25519' } }
    case 'ML-DSA-44':
    case 'ML-DSA-65':
    case 'ML-DSA-87':
      return { kty: 'AKP', key: { name: alg }, signature: { name: alg } }
  }
  return undefined
}

function rsa(name: string, hash: HashName, saltLength?: number): Algorithm {
  // RFC 7518 §3.5: the salt is as long as the hash
  return { kty: 'RSA', key: { name, hash }, signature: saltLength === undefined ? { name } : { name, saltLength } }
}

function ecdsa(namedCurve: string, hash: HashName): Algorithm {
  return { kty: 'EC', crv: namedCurve, key: { name: 'ECDSA', namedCurve }, signature: { name: 'ECDSA', hash } }
}

/** What the `algorithm` of a key tells beside its name, by the kind of key. */
interface KeyAlgorithmDetails extends KeyAlgorithm {
  hash?: KeyAlgorithm
  namedCurve?: string
}

/** The JWS algorithm that a key signs by. It may be none that {@link algorithmOf} knows. */
export function algorithmName(key: CryptoKey): string {
  const { name, hash, namedCurve }: KeyAlgorithmDetails = key.algorithm
  switch (name) {
    case 'RSASSA-PKCS1-v1_5':
      return `RS${hash?.name.slice(4) ?? ''}`
    case 'RSA-PSS':
      return `PS${hash?.name.slice(4) ?? ''}`
    case 'ECDSA':
      // RFC 7518 §3.4: the curve P-521 goes with SHA-512
      return `ES${namedCurve === 'P-521' ? '512' : (namedCurve?.slice(2) ?? '')}`
    default:
      return name
  }
}
