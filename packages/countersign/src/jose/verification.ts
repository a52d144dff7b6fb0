import { verify } from '#engine'
import { importPublicJwk } from '../engine/keys.ts'
import { syncCrypto, type SyncCryptoOptions } from '../engine/sync-crypto.ts'
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
import { assertKeyStrength, modulusBytes } from './keys.ts'

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
  return await importPublicJwk(algorithm, jwk).then(
    (key) => acceptKey(context, algorithm, key),
    (cause: unknown) => {
      const inRuntime = !(cause instanceof Error && cause.name === 'NotSupportedError')
      return acceptKey({ ...context, cause }, algorithm, undefined, inRuntime)
    },
  )
}

/** Judges what was made of a public JWK, now or for a JWT before, whose signature was valid. */
export function acceptKey(
  about: Context,
  algorithm: Algorithm,
  key: CryptoKey | undefined,
  inRuntime = true,
): CryptoKey {
  check(about, KEY_IN_RUNTIME, inRuntime, 'an algorithm of this runtime', algorithm.key.name)
  check(about, KEY_FORM, key !== undefined, `a public ${algorithm.kty} key`, 'another or a malformed one')
  assertKeyStrength(about, key)
  return key
}

/** A verification that has begun, under a key of the signature of this JWT. */
export interface BegunVerification {
  readonly key: CryptoKey
  readonly token: string
  /** What the signature stands for. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly valid: Promise<boolean>
}

/**
 * Begins to verify the signature of a JWT under a key, for the {@link verifyJws} to come, and judges nothing: `undefined`
 * where there is nothing to begin with.
 */
export function beginVerification(token: string, key: CryptoKey, algorithm: Algorithm): BegunVerification | undefined {
  const end = token.lastIndexOf('.')
  const bytes = decodeBase64url(token.slice(end + 1))
  if (bytes === undefined) return undefined
  const valid = Promise.resolve(verify(algorithm, key, bytes, encodeText(token.slice(0, end))))
  // who is refused for another reason never asks for it
  valid.catch(() => undefined)
  return { key, token, bytes, valid }
}

/** Verifies the signature of a JWT under a key, or awaits what has begun, if it is of just this. */
export async function verifyJws(
  context: Context,
  jwt: Jwt,
  key: CryptoKey,
  algorithm: Algorithm,
  options: SyncCryptoOptions = {},
  begun?: BegunVerification,
): Promise<void> {
  const answered = isOf(begun, jwt, key) ? begun : undefined
  const signature = answered?.bytes ?? decodeBase64url(jwt.signature)
  check(context, SIGNATURE_ENCODING, signature !== undefined, 'base64url', 'other text')
  // RFC 8017, 8.1.2 (1): where OpenSSL takes a shorter one, a signature with leading zeros has several spellings
  const whole = signature.length === (modulusBytes(key) ?? signature.length)
  const valid =
    whole &&
    (await (answered?.valid ?? verify(algorithm, key, signature, encodeText(jwt.signingInput), options[syncCrypto])))
  check(context, SIGNATURE_VALID, valid, { kid: jwt.header.kid, alg: jwt.header.alg }, 'another signature')
}

/** A key is for one algorithm, so that whoever has begun under the same key has begun by the same algorithm. */
function isOf(begun: BegunVerification | undefined, { token }: Jwt, key: CryptoKey): begun is BegunVerification {
  return begun?.key === key && begun.token === token
}
