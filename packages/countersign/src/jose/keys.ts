import type { CryptoKey } from '../engine/crypto-key.ts'
import { assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7518 } from '../rules/specifications.ts'
import { type Algorithm, algorithmName, algorithmOf } from './algorithms.ts'
import type { PrivateKey } from './private-key.ts'

/**
 * A key is for a signature algorithm that this library supports.
 *
 * Remedy: make the key with `generateKeyPair`, or import it for one of the algorithms of `JWSAlgorithm`.
 */
export const KEY_ALGORITHM: Rule = rule('key.algorithm', RFC_7518, '3.1', UNSUPPORTED_OPERATION)

/**
 * An RSA key has 2048 bits or more.
 *
 * Remedy: make a larger key, or use an elliptic curve.
 */
export const KEY_SIZE: Rule = rule('key.modulus', RFC_7518, '3.3', UNSUPPORTED_OPERATION)

/**
 * An RSA key has a public exponent that makes signatures, not 1.
 *
 * Remedy: do not use the key: anybody can sign for it.
 */
export const KEY_EXPONENT: Rule = rule('key.exponent', RFC_7518, '6.3.1.2', UNSUPPORTED_OPERATION)

// by the key, which stays what it is
const signingAlgorithms = new WeakMap<CryptoKey, { alg: string; algorithm: Algorithm }>()

/** The algorithm that a private key signs by, with its name. */
export function signingAlgorithm(context: Context, key: CryptoKey): { alg: string; algorithm: Algorithm } {
  const known = signingAlgorithms.get(key)
  const alg = known?.alg ?? algorithmName(key)
  const algorithm = known?.algorithm ?? algorithmOf(alg)
  check(aboutKey(context, key), KEY_ALGORITHM, algorithm !== undefined, 'a key for a supported JWS algorithm', alg)
  assertKeyStrength(context, key)
  if (known !== undefined) return known
  const found = { alg, algorithm }
  signingAlgorithms.set(key, found)
  return found
}

/** The context of rules about a key. */
function aboutKey({ trace, response, maxBodySize }: Context, key: CryptoKey): Context {
  // member by member, which is several times as fast as a spread
  return { trace, response, maxBodySize, cause: key }
}

/** Refuses weak RSA keys, of ours and of others. */
export function assertKeyStrength(context: Context, key: CryptoKey): void {
  const { modulusLength, publicExponent }: Partial<RsaKeyAlgorithm> = key.algorithm
  // most keys are of an elliptic curve, which has neither
  if (modulusLength === undefined && publicExponent === undefined) return
  const about = aboutKey(context, key)
  if (modulusLength !== undefined) {
    check(about, KEY_SIZE, modulusLength >= 2048, '2048 bits or more', `${modulusLength} bits`)
  }
  if (publicExponent !== undefined) check(about, KEY_EXPONENT, !isOne(publicExponent), '3 or more', 1)
}

/** Whether bytes are the number 1, with zeros before it or not. */
function isOne(bytes: Uint8Array): boolean {
  return bytes.indexOf(1) === bytes.length - 1 && bytes.subarray(0, -1).every((byte) => byte === 0)
}

/** The length of an RSA key's modulus in bytes, which its signatures have too; `undefined` for keys of other types. */
export function modulusBytes(key: CryptoKey): number | undefined {
  const { modulusLength }: Partial<RsaKeyAlgorithm> = key.algorithm
  return modulusLength && Math.ceil(modulusLength / 8)
}

/** The argument is a key of the type given. */
export function assertKey(key: unknown, type: 'private' | 'public', name: string): asserts key is CryptoKey {
  if (!isCryptoKey(key)) throw invalidArgument(`"${name}" must be a CryptoKey`, 'ERR_INVALID_ARG_TYPE')
  if (key.type !== type) {
    throw invalidArgument(`"${name}" must be a ${type} CryptoKey, it is a ${key.type} one`, 'ERR_INVALID_ARG_VALUE')
  }
}

/** A private key as callers give it, alone or with its key ID, after a look at both. */
export function privateKeyOf(input: CryptoKey | PrivateKey, name: string): PrivateKey {
  const { key, kid }: PrivateKey = isCryptoKey(input) ? { key: input } : { ...input }
  if (kid !== undefined) assertString(kid, 'kid')
  assertKey(key, 'private', `${name}.key`)
  return kid === undefined ? { key } : { key, kid }
}

function isCryptoKey(value: unknown): value is CryptoKey {
  return Object.prototype.toString.call(value) === '[object CryptoKey]'
}
