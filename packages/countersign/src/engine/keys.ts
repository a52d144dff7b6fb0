import type { CryptoKey, CryptoKeyPair } from './crypto-key.ts'
import type { SignatureParameters } from './parameters.ts'

/** A public key for verification, from its JWK. */
export async function importPublicJwk({ key }: SignatureParameters, jwk: JsonWebKey): Promise<CryptoKey> {
  // some runtimes know the algorithm of an OKP key by only one of its two names, EdDSA and Ed25519 (RFC 8037, RFC 9864)
  const { alg: _, ...unnamed } = jwk
  // `ext` is about exporting, which a key that is public anyway need not be asked about
  const importable: JsonWebKey = { ...(jwk.kty === 'OKP' ? unnamed : jwk), ext: true }
  // it is imported to verify, which `sig` says once more; WebKitGTK refuses Ed25519 keys that do
  if (importable.use === 'sig') delete importable.use
  // whoever chose the key has judged its operations; as anything but a list, no runtime reads them
  if (!Array.isArray(importable.key_ops)) delete importable.key_ops
  return await crypto.subtle.importKey('jwk', importable, key, true, ['verify'])
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
