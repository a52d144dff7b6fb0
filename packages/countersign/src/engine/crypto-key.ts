/** What a key of Web Cryptography looks like where the host declares no type of its own. */
interface StructuralCryptoKey {
  readonly algorithm: { name: string }
  readonly extractable: boolean
  readonly type: string
  readonly usages: string[]
}

/**
 * A key of Web Cryptography, as the host's own types declare it: what its `SubtleCrypto.generateKey()` makes, and the
 * structure of one where a project has neither DOM nor runtime types.
 */
export type CryptoKey = typeof globalThis extends {
  crypto: { subtle: { generateKey(...parameters: never[]): Promise<infer Generated> } }
}
  ? Extract<Generated, { type: string }>
  : StructuralCryptoKey

/** A private key and its public key. */
export interface CryptoKeyPair {
  /** Signs; it need not be extractable. */
  privateKey: CryptoKey
  /** Verifies; for {@link DPoP} it must be extractable, since each proof shows it. */
  publicKey: CryptoKey
}
