import type { CryptoKey } from '../engine/crypto-key.ts'

/**
 * A private key with the key ID that names it to the server.
 *
 * @see RFC 7517, section 4.5
 */
export interface PrivateKey {
  /** A private key whose algorithm is one of {@link JWSAlgorithm}. */
  key: CryptoKey
  /** The `kid` for the header of what the key signs; absent, the header has none. */
  kid?: string
}
