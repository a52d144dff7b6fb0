import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { CryptoKeyPair } from '../engine/crypto-key.ts'
import { algorithmOf } from '../jose/algorithms.ts'
import type { JWK } from '../jose/jwk.ts'
import type { Jwt } from '../jose/jwt.ts'
import type { JsonObject, JsonValue } from '../values/json.ts'
import { encodePart, idTokenClaims } from './answers.ts'

/*
 * Signed JWTs, made with node:crypto: another implementation than the one that verifies them, so that the same mistake
 * cannot hide on both sides.
 */

/** A key that signs by one algorithm, and the JWK that a server publishes for it. */
export interface SigningKey {
  readonly alg: string
  readonly privateKey: KeyObject
  readonly jwk: JWK
}

/** The algorithms that every supported runtime has. */
export const COMMON_ALGORITHMS = [
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
] as const

const CURVES: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/** The key for an algorithm with a key ID, always another than with another ID; `modulusLength` counts for RSA only. */
export function signingKey(alg: string, kid?: string, modulusLength = 2048): SigningKey {
  const privateKey = CURVES[alg] === undefined && !alg.startsWith('Ed') ? rsaKey(modulusLength, kid) : newKey(alg)
  return { alg, privateKey, jwk: publicJwkOf(privateKey, kid) }
}

// RSA keys take long to make
const rsaKeys = new Map<string, KeyObject>()

function rsaKey(modulusLength: number, kid: string | undefined): KeyObject {
  const name = `${modulusLength} ${kid}`
  const key = rsaKeys.get(name) ?? read(generateKeyPairSync('rsa', { modulusLength, ...AS_BYTES }))
  rsaKeys.set(name, key)
  return key
}

function newKey(alg: string): KeyObject {
  const namedCurve = CURVES[alg]
  return read(
    namedCurve === undefined
      ? generateKeyPairSync('ed25519', AS_BYTES)
      : generateKeyPairSync('ec', { namedCurve, ...AS_BYTES }),
  )
}

// Keys are made as bytes and read from them. Node 20 stops for ever where it exports a key while the garbage collector takes
// the job away that has made it: both want the lock of that key.
const AS_BYTES = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const

function read({ privateKey }: { privateKey: unknown }): KeyObject {
  if (!Buffer.isBuffer(privateKey)) throw new Error('no bytes')
  return createPrivateKey({ key: privateKey, type: 'pkcs8', format: 'der' })
}

/** The JWK of a private key's public half. */
function publicJwkOf(privateKey: KeyObject, kid?: string): JWK {
  const { kty, crv, x, y, n, e } = createPublicKey(privateKey).export({ format: 'jwk' })
  const members = Object.entries({ kty, crv, x, y, n, e, kid }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(members)
}

/** The pair of a key's two halves in Web Cryptography. */
export async function cryptoKeys({ alg, privateKey }: SigningKey): Promise<CryptoKeyPair> {
  const parameters = algorithmOf(alg)?.key
  if (parameters === undefined) throw new Error(`no algorithm ${alg}`)
  const [pkcs8, spki] = [
    privateKey.export({ type: 'pkcs8', format: 'der' }),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  ]
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), parameters, true, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', new Uint8Array(spki), parameters, true, ['verify']),
  }
}

/** The signature of some text, base64url. */
export function signatureOf(alg: string, key: KeyObject, text: string): string {
  const input = Buffer.from(text)
  const hash = `sha${alg.slice(2)}`
  switch (alg.slice(0, 2)) {
    case 'RS':
      return sign(hash, input, key).toString('base64url')
    case 'PS': {
      const padding = constants.RSA_PKCS1_PSS_PADDING
      return sign(hash, input, { key, padding, saltLength: Number(alg.slice(2)) / 8 }).toString('base64url')
    }
    case 'ES':
      return sign(hash, input, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
    default:
      return sign(null, input, key).toString('base64url')
  }
}

/** A JWT that a key signed; its header has the key's `alg` and `kid` but for what is changed. */
export function signedJwt(
  { alg, privateKey, jwk }: SigningKey,
  claims: Record<string, JsonValue | undefined> = idTokenClaims(),
  header: Record<string, JsonValue | undefined> = {},
): string {
  const input = `${encodePart({ alg, kid: jwk.kid, ...header })}.${encodePart(claims)}`
  return `${input}.${signatureOf(alg, privateKey, input)}`
}

/** Takes a well-formed JWT apart without a look at what is in it; a payload that is no JSON counts as no claims. */
export function takeApart(token: string): Jwt {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const text = decode(payload)
  return {
    header: parse(decode(header)),
    claims: text.startsWith('{') ? parse(text) : {},
    token,
    signingInput: `${header}.${payload}`,
    signature,
  }
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

function parse(text: string): JsonObject {
  const value: JsonObject = JSON.parse(text)
  return value
}
