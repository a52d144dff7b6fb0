import type { CryptoKey } from '../engine/crypto-key.ts'
import { algorithmOf } from '../jose/algorithms.ts'
import type { JWK } from '../jose/jwk.ts'
import type { Jwt } from '../jose/jwt.ts'
import { beginVerification, type BegunVerification, importVerificationKey, verifyJws } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Context } from '../rules/context.ts'
import type { ValidateSignatureOptions } from './options.ts'
import type { JsonObject } from '../values/json.ts'
import { keysInMemory } from './cache.ts'
import { fittingKeys, selectKey } from './select.ts'

// by the very key of the key set in memory, and gone with it: keys that are fetched anew are others, even if they look alike
const knownKeys = new WeakMap<JWK, Map<unknown, CryptoKey>>()

/**
 * Begins to verify the signature of a JWT with this header, where the server's key for it is in memory and was used before.
 * It is for {@link verifySignature} to say whether the key was the right one.
 */
export function beginVerificationUnderKnownKey(
  as: AuthorizationServer,
  token: string,
  header: JsonObject,
): BegunVerification | undefined {
  const algorithm = algorithmOf(header.alg)
  const jwks = keysInMemory(as)
  if (algorithm === undefined || jwks === undefined) return undefined
  const [jwk] = fittingKeys(jwks, header, algorithm)
  const key = jwk && knownKeys.get(jwk)?.get(header.alg)
  return key && beginVerification(token, key, algorithm)
}

/** Verifies the signature of a JWT under a key that the server publishes. */
export async function verifySignature(
  context: Context,
  as: AuthorizationServer,
  jwt: Jwt,
  options: ValidateSignatureOptions,
  begun?: BegunVerification,
): Promise<void> {
  const { alg } = jwt.header
  const { jwk, algorithm } = await selectKey(context, as, jwt.header, options)
  const known = knownKeys.get(jwk)?.get(alg)
  const key = await importVerificationKey(context, algorithm, jwk, known)
  await verifyJws(context, jwt, key, algorithm, options, begun)
  if (known === undefined) knownKeys.set(jwk, (knownKeys.get(jwk) ?? new Map<unknown, CryptoKey>()).set(alg, key))
}
