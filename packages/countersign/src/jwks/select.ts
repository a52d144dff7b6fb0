import type { CryptoKey } from '../engine/crypto-key.ts'
import { KEY_SELECTION, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import { type Algorithm, algorithmOf } from '../jose/algorithms.ts'
import type { JWK } from '../jose/jwk.ts'
import { importVerificationKey } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_CORE, RFC_7518 } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { refetchServerKeys, serverKeys } from './cache.ts'
import type { JWKSCacheOptions } from './options.ts'

/**
 * A signature's algorithm is one that this library verifies: a digital signature, neither `none` nor an HMAC.
 *
 * Remedy: register the client for another algorithm, such as `ES256`.
 */
export const SIGNATURE_ALGORITHM: Rule = rule('signature.alg', RFC_7518, '3.1', UNSUPPORTED_OPERATION)

/**
 * A key of the server's key set fits the signature: by key type, curve, `kid`, `alg`, `use` and `key_ops`.
 *
 * Remedy: see that `jwks_uri` is the one of the server that signed; a server that rotates its keys must publish a new
 * one before it signs with it.
 */
export const SIGNATURE_KEY: Rule = rule('signature.kid', OIDC_CORE, '10.1', KEY_SELECTION)

/**
 * Only one key of the server's key set fits the signature.
 *
 * Remedy: ask the server's operator for a `kid` in the tokens' headers that is unique in the key set.
 */
export const SIGNATURE_KEY_UNIQUE: Rule = rule('signature.kid-unique', OIDC_CORE, '10.1', KEY_SELECTION)

/** The server's public key that a JWT with this header is signed under, and its algorithm. */
export async function verificationKey(
  context: Context,
  as: AuthorizationServer,
  header: JsonObject,
  options: HttpRequestOptions<'GET'> & JWKSCacheOptions,
): Promise<{ key: CryptoKey; algorithm: Algorithm }> {
  const algorithm = algorithmOf(header.alg)
  const alg = typeof header.alg === 'string' ? header.alg : describe(header.alg)
  check({ ...context, cause: { alg } }, SIGNATURE_ALGORITHM, algorithm !== undefined, 'a digital signature', alg)

  const { jwks, refetchable } = await serverKeys(as, options)
  let candidates = jwks.keys.filter((jwk) => fits(jwk, header, algorithm))
  if (candidates.length === 0 && refetchable) {
    const { keys } = await refetchServerKeys(as, options)
    candidates = keys.filter((jwk) => fits(jwk, header, algorithm))
  }
  // a header is as large as its sender likes, and may tell what is no log's to know
  const cause = Object.defineProperty({ candidates, jwks_uri: as.jwks_uri }, 'header', { value: header })
  const about = { ...context, cause }
  const wanted = { kid: header.kid, alg }
  const [jwk] = candidates
  check(about, SIGNATURE_KEY, jwk !== undefined, wanted, 'no such key')
  check(about, SIGNATURE_KEY_UNIQUE, candidates.length === 1, 'one key', `${candidates.length} keys`)
  return { key: await importVerificationKey(context, algorithm, jwk), algorithm }
}

function fits(jwk: JWK, header: JsonObject, { kty, crv }: Algorithm): boolean {
  return (
    jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (header.kid === undefined || jwk.kid === header.kid) &&
    (jwk.alg === undefined || jwk.alg === header.alg) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (jwk.key_ops === undefined || (Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify')))
  )
}
