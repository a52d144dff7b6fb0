import { digest } from '../engine/hash.ts'
import type { HashName } from '../engine/parameters.ts'
import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_CORE } from '../rules/specifications.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'

/**
 * An algorithm has a hash function, for the claims that are halves of hashes. ML-DSA has none that is specified.
 *
 * Remedy: register the client for another algorithm, such as `ES256`.
 */
export const HALF_HASH: Rule = rule('id-token.half-hash', OIDC_CORE, '3.3.2.11', UNSUPPORTED_OPERATION)

/**
 * The value of `c_hash`, `s_hash` and the like: base64url of the left half of a value's hash, by the hash function of the
 * ID Token's algorithm.
 */
export async function halfHash(context: Context, alg: string, value: string): Promise<string> {
  const hash = hashOf(alg)
  check(context, HALF_HASH, hash !== undefined, 'an algorithm with a hash function', alg)
  const bytes = await digest(hash, encodeText(value))
  return encodeBase64url(bytes.subarray(0, bytes.length / 2))
}

function hashOf(alg: string): HashName | undefined {
  if (alg.endsWith('256')) return 'SHA-256'
  if (alg.endsWith('384')) return 'SHA-384'
  // RFC 8032 §5.1: Ed25519 hashes with SHA-512
  if (alg.endsWith('512') || alg === 'EdDSA' || alg === 'Ed25519') return 'SHA-512'
  return undefined
}
