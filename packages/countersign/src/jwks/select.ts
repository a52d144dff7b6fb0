import { KEY_SELECTION, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { type Algorithm, algorithmOf } from '../jose/algorithms.ts'
import type { JWK, JWKS } from '../jose/jwk.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_CORE, RFC_7518 } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { parseUrl } from '../values/url.ts'
import { refetchServerKeys, serverKeys } from './cache.ts'
import type { ValidateSignatureOptions } from './options.ts'

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

/** The algorithm of a JWT's signature. */
export function signatureAlgorithm(context: Context, header: JsonObject): Algorithm {
  const algorithm = algorithmOf(header.alg)
  const about = algorithm === undefined ? { ...context, cause: { alg: nameOf(header.alg) } } : context
  check(about, SIGNATURE_ALGORITHM, algorithm !== undefined, 'a digital signature', nameOf(header.alg))
  return algorithm
}

function nameOf(alg: unknown): string {
  return typeof alg === 'string' ? alg : describe(alg)
}

/**
 * The one key of the server's that a JWT with this header can be signed under; `undefined` where the server must be asked for
 * its keys.
 */
export function selectKeyInMemory(
  context: Context,
  as: AuthorizationServer,
  header: JsonObject,
  algorithm: Algorithm,
  options: ValidateSignatureOptions,
): JWK | undefined {
  const keys = serverKeys(as, options)
  if (keys === undefined) return undefined
  const candidates = fittingKeys(keys.jwks, header, algorithm)
  return candidates.length === 0 && keys.refetchable ? undefined : onlyOne(context, as, header, candidates)
}

/** The one key of the server's that a JWT with this header can be signed under, of keys that are fetched now. */
export async function selectFetchedKey(
  context: Context,
  as: AuthorizationServer,
  header: JsonObject,
  algorithm: Algorithm,
  options: ValidateSignatureOptions,
): Promise<JWK> {
  const jwks = await refetchServerKeys(as, options)
  return onlyOne(context, as, header, fittingKeys(jwks, header, algorithm))
}

function onlyOne(context: Context, as: AuthorizationServer, header: JsonObject, candidates: readonly JWK[]): JWK {
  const [jwk] = candidates
  const about = candidates.length === 1 ? context : { ...context, cause: ambiguityOf(as, header, candidates) }
  check(about, SIGNATURE_KEY, jwk !== undefined, { kid: header.kid, alg: header.alg }, 'no such key')
  check(about, SIGNATURE_KEY_UNIQUE, candidates.length === 1, 'one key', `${candidates.length} keys`)
  return jwk
}

/** What an error's `cause` tells about a selection of no key, or of several. */
function ambiguityOf(as: AuthorizationServer, header: JsonObject, candidates: readonly JWK[]): object {
  // a header is as large as its sender likes, and may tell what is no log's to know
  const hidden = { value: header, enumerable: false }
  return Object.defineProperty({ candidates, jwks_uri: parseUrl(String(as.jwks_uri)) }, 'header', hidden)
}

// by the key set, and gone with it: its keys by their key ID, so that a large one is not searched for each JWT
const indexes = new WeakMap<JWKS, Map<unknown, JWK[]>>()

/** The keys of a key set that a JWT with this header can be signed under. */
function fittingKeys(jwks: JWKS, header: JsonObject, algorithm: Algorithm): JWK[] {
  const named = header.kid === undefined ? jwks.keys : (indexOf(jwks).get(header.kid) ?? [])
  return named.filter((jwk) => fits(jwk, header, algorithm))
}

function indexOf(jwks: JWKS): Map<unknown, JWK[]> {
  let index = indexes.get(jwks)
  if (index === undefined) {
    indexes.set(jwks, (index = new Map<unknown, JWK[]>()))
    for (const jwk of jwks.keys) {
      const namesakes = index.get(jwk.kid)
      if (namesakes === undefined) index.set(jwk.kid, [jwk])
      else namesakes.push(jwk)
    }
  }
  return index
}

function fits(jwk: JWK, header: JsonObject, { kty, crv }: Algorithm): boolean {
  return (
    jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (jwk.alg === undefined || jwk.alg === header.alg) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    isForVerification(jwk.key_ops)
  )
}

/** As oauth4webapi has it, a text is searched as a list is, and `null` says nothing. */
function isForVerification(operations: unknown): boolean {
  if (operations === undefined || operations === null) return true
  return (Array.isArray(operations) || typeof operations === 'string') && operations.includes('verify')
}
