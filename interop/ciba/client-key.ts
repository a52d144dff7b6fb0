import { generateKeyPair, type PrivateKey } from 'countersign'

export interface ClientKey {
  /** For the client's registration at the server. */
  readonly publicJwk: JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: 'sig' }
  /** For `PrivateKeyJwt`. */
  readonly privateKey: PrivateKey
  readonly privateJwk: JsonWebKey & { readonly kid: string }
  /** What WebCrypto must be told to import `privateJwk`, as plain JSON. */
  readonly importAlgorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string }
}

/** A key pair of the library's own making, as it is registered and as it is used. */
export async function generateClientKey(alg: string): Promise<ClientKey> {
  const pair = await generateKeyPair(alg, { extractable: true })
  const kid = `client-${alg}`
  const publicJwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid, alg, use: 'sig' as const }
  // workerd does not import a key whose alg is Ed25519, only the older EdDSA; importAlgorithm says enough without
  const { alg: _alg, ...exported } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const privateJwk = { ...exported, kid }
  // WebCrypto: an RSA key's algorithm has a hash, an elliptic curve key's a namedCurve, an Ed25519 key's neither
  const { name, hash, namedCurve } = pair.privateKey.algorithm as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>
  const importAlgorithm = { name: String(name), ...(hash && { hash: hash.name }), ...(namedCurve && { namedCurve }) }
  return { publicJwk, privateKey: { key: pair.privateKey, kid }, privateJwk, importAlgorithm }
}
