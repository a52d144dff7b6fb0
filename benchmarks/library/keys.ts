import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'countersign'
import { json } from '../../packages/countersign/src/testing/answers.ts'
import { signingKey, type SigningKey } from '../../packages/countersign/src/testing/signed.ts'
import type { Library } from './libraries.ts'

/** The algorithms that targets are set for. */
export type Algorithm = 'RS256' | 'ES256' | 'EdDSA'

const keys = new Map<string, SigningKey>()

/** The server's key for an algorithm. */
export function serverKey(alg: Algorithm): SigningKey {
  const key = keys.get(alg) ?? signingKey(alg, `server ${alg}`)
  keys.set(alg, key)
  return key
}

/** Options that have the server's keys come without network. */
export function keysOf({ api, settings }: Library, jwk: JWK) {
  return { ...settings, [api.customFetch]: () => Promise.resolve(json({ keys: [jwk] })) }
}

/** A JWT, as what verifies nothing but a signature takes it. */
export interface Signed {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Takes a JWT apart. */
export function signedPart(token: string): Signed {
  const end = token.lastIndexOf('.')
  return {
    bytes: new Uint8Array(Buffer.from(token.slice(0, end))),
    signature: new Uint8Array(Buffer.from(token.slice(end + 1), 'base64url')),
  }
}

/** The same JWT with another signature. */
export function forged(token: string): string {
  const middle = token.lastIndexOf('.') + 20
  return `${token.slice(0, middle)}${token[middle] === 'A' ? 'B' : 'A'}${token.slice(middle + 1)}`
}

/** What Web Cryptography calls an algorithm: for keys, and for signatures. */
export const WEB = {
  RS256: {
    key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    signature: { name: 'RSASSA-PKCS1-v1_5' },
  },
  ES256: { key: { name: 'ECDSA', namedCurve: 'P-256' }, signature: { name: 'ECDSA', hash: 'SHA-256' } },
  EdDSA: { key: { name: 'Ed25519' }, signature: { name: 'Ed25519' } },
} as const

/** What node:crypto takes in place of an algorithm and a key. */
export function nodeForm(alg: Algorithm, key: KeyObject) {
  const digest = alg === 'EdDSA' ? null : 'sha256'
  return [digest, { key, dsaEncoding: 'ieee-p1363' }] as const
}

/** The public half. */
export function publicKeyOf({ privateKey }: SigningKey): KeyObject {
  return createPublicKey(privateKey)
}
