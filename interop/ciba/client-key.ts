import { generateKeyPair, type PrivateKey } from '../library.ts'

export interface ClientKey {
  /** For the client's registration at the server. */
  readonly publicJwk: JsonWebKey & { readonly kid: string; readonly alg: string; readonly use: 'sig' }
  /** For `PrivateKeyJwt`. */
  readonly privateKey: PrivateKey
  readonly privateJwk: JsonWebKey & { readonly kid: string }
}

/** A key pair of the library's own making, as it is registered and as it is used. */
export async function generateClientKey(alg: string): Promise<ClientKey> {
  const pair = await generateKeyPair(alg, { extractable: true })
  const kid = `client-${alg}`
  const publicJwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid, alg, use: 'sig' as const }
  const privateJwk = { ...(await crypto.subtle.exportKey('jwk', pair.privateKey)), kid }
  return { publicJwk, privateKey: { key: pair.privateKey, kid }, privateJwk }
}
