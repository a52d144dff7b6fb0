import { importPublicJwk, verify } from '#engine'
import type { CryptoKey } from '../engine/crypto-key.ts'
import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7515, RFC_7517, RFC_7518 } from '../rules/specifications.ts'
import { decodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { Algorithm } from './algorithms.ts'
import type { JWK } from './jwk.ts'
import type { Jwt } from './jwt.ts'
import { assertKeyStrength } from './keys.ts'

/**
 * The key that a signature is to be verified under is a well-formed public key.
 *
 * Remedy: report it to the server's operator.
 */
export const KEY_FORM: Rule = rule('signature.key', RFC_7517, '4')

/**
 * The runtime has the algorithm that a signature is to be verified by.
 *
 * Remedy: run on a version that has it: ML-DSA came with Node 24; or register the client for another algorithm.
 */
export const KEY_IN_RUNTIME: Rule = rule('signature.key-runtime', RFC_7518, '3.1', UNSUPPORTED_OPERATION)

/**
 * A signature is base64url, spelled without padding, blanks or stray bits.
 *
 * Remedy: report it to the server's operator.
 */
export const SIGNATURE_ENCODING: Rule = rule('signature.encoding', RFC_7515, '5.2 (7)')

/**
 * A JWT's signature is valid under the server's key.
 *
 * Remedy: do not use the token. Where every token is refused, see that `jwks_uri` is the one of the server that signed.
 */
export const SIGNATURE_VALID: Rule = rule('signature.value', RFC_7515, '5.2 (8)')

/** Makes a key for verification of a public JWK. */
export async function importVerificationKey(context: Context, algorithm: Algorithm, jwk: JWK): Promise<CryptoKey> {
  let key: CryptoKey | undefined
  let cause: unknown
  try {
    key = await importPublicJwk(algorithm, jwk)
  } catch (error) {
    cause = error
  }
  const inRuntime = !(cause instanceof Error && cause.name === 'NotSupportedError')
  check({ ...context, cause }, KEY_IN_RUNTIME, inRuntime, 'an algorithm of this runtime', algorithm.key.name)
  check(
    { ...context, cause },
    KEY_FORM,
    key !== undefined,
    `a public ${algorithm.kty} key`,
    'another or a malformed one',
  )
  assertKeyStrength(context, key)
  return key
}

/** Verifies the signature of a JWT under a key. */
export async function verifyJws(context: Context, jwt: Jwt, key: CryptoKey, algorithm: Algorithm): Promise<void> {
  const signature = decodeBase64url(jwt.signature)
  check(context, SIGNATURE_ENCODING, signature !== undefined, 'base64url', 'other text')
  const valid = await verify(algorithm, key, signature, encodeText(jwt.signingInput))
  check(context, SIGNATURE_VALID, valid, { kid: jwt.header.kid, alg: jwt.header.alg }, 'another signature')
}
