import { generateKeys } from '../engine/keys.ts'
import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { assertString } from '../errors/invalid-argument.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7518 } from '../rules/specifications.ts'
import { algorithmOf } from './algorithms.ts'
import type { CryptoKeyPair } from '../engine/crypto-key.ts'

/**
 * A pair of keys is made for a signature algorithm that this library supports.
 *
 * Remedy: name one of `JWSAlgorithm`.
 */
export const GENERATED_ALGORITHM: Rule = rule('generate-key-pair.alg', RFC_7518, '3.1', UNSUPPORTED_OPERATION)

/** Options of {@link generateKeyPair}. */
export interface GenerateKeyPairOptions {
  /** The private key may be exported. Default false. */
  extractable?: boolean
  /** Bits of an RSA modulus; keys of fewer than 2048 are made, but nothing signs with them. Default 2048. */
  modulusLength?: number
}

/**
 * Makes a pair of keys for client authentication, DPoP proofs or request objects. The public key can always be
 * exported.
 *
 * @param alg One of {@link JWSAlgorithm}. `EdDSA` makes the same keys as `Ed25519`.
 * @param options Whether the private key may be exported, and the size of RSA keys.
 * @returns The private and the public key.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: no such algorithm.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: `alg` is no text.
 * @throws {DOMException} `NotSupportedError`: the runtime does not have the algorithm.
 * @see RFC 7518, section 3.1; RFC 8037, section 3.1
 *
 * @example
 *
 * ```ts
 * import { generateKeyPair } from 'countersign'
 *
 * const { privateKey, publicKey } = await generateKeyPair('ES256')
 * console.log(await crypto.subtle.exportKey('jwk', publicKey))
 * ```
 */
export async function generateKeyPair(alg: string, options?: GenerateKeyPairOptions): Promise<CryptoKeyPair> {
  assertString(alg, 'alg')
  const algorithm = algorithmOf(alg)
  check({ trace: undefined, cause: { alg } }, GENERATED_ALGORITHM, algorithm !== undefined, 'a JWS algorithm', alg)
  return await generateKeys(algorithm, options?.extractable ?? false, options?.modulusLength ?? 2048)
}
