import type { CryptoKey, CryptoKeyPair } from './crypto-key.ts'
import type { HashName, SignatureParameters } from './parameters.ts'

/** Everything that this library asks of a cryptography implementation, over Web Cryptography. */

/** A new array of random bytes. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** The hash of some bytes. */
export async function digest(hash: HashName, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes))
}

/** The signature of some bytes under a private key. */
export async function sign(
  { signature }: SignatureParameters,
  privateKey: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign(signature, privateKey, bytes))
}

/** Whether a signature of some bytes is one under a public key. */
export function verify(
  parameters: SignatureParameters,
  publicKey: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return crypto.subtle.verify(parameters.signature, publicKey, signature, bytes)
}

/** The HMAC of some bytes under a secret. */
export async function hmac(
  hash: HashName,
  secret: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))
}

/** A public key for verification, from its JWK. */
export function importPublicJwk({ key }: SignatureParameters, jwk: JsonWebKey): Promise<CryptoKey> {
  // some runtimes know the algorithm of an OKP key by only one of its two names, EdDSA and Ed25519 (RFC 8037, RFC 9864)
  const { alg: _, ...unnamed } = jwk
  // `ext` is about exporting, which a key that is public anyway need not be asked about
  const importable: JsonWebKey = { ...(jwk.kty === 'OKP' ? unnamed : jwk), ext: true }
  // it is imported to verify, which `sig` says once more; WebKitGTK refuses Ed25519 keys that do
  if (importable.use === 'sig') delete importable.use
  return crypto.subtle.importKey('jwk', importable, key, true, ['verify'])
}

/** The JWK of an extractable key. */
export function exportJwk(key: CryptoKey): Promise<JsonWebKey> {
  return crypto.subtle.exportKey('jwk', key)
}

/** A new pair of keys; `modulusLength`, in bits, counts for RSA only. */
export async function generateKeys(
  { key }: SignatureParameters,
  extractable: boolean,
  modulusLength: number,
): Promise<CryptoKeyPair> {
  const parameters = { ...key, modulusLength, publicExponent: new Uint8Array([1, 0, 1]) }
  // an asymmetric algorithm makes a pair
  return (await crypto.subtle.generateKey(parameters, extractable, ['sign', 'verify'])) as CryptoKeyPair
}
