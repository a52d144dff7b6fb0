import type { CryptoKey } from '../engine/crypto-key.ts'
import type { JWK } from '../jose/jwk.ts'
import type { Jwt } from '../jose/jwt.ts'
import { acceptKey, importVerificationKey, verifyJws } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Context } from '../rules/context.ts'
import type { ValidateSignatureOptions } from './options.ts'
import { selectFetchedKey, selectKeyInMemory, signatureAlgorithm } from './select.ts'

// by the very key of the key set in memory, and gone with it: keys that are fetched anew are others, even if they look alike
const knownKeys = new WeakMap<JWK, Map<unknown, CryptoKey>>()

/** Verifies the signature of a JWT under a key that the server publishes. */
export async function verifySignature(
  context: Context,
  as: AuthorizationServer,
  jwt: Jwt,
  options: ValidateSignatureOptions,
): Promise<void> {
  const { header } = jwt
  const algorithm = signatureAlgorithm(context, header)
  const jwk =
    selectKeyInMemory(context, as, header, algorithm, options) ??
    (await selectFetchedKey(context, as, header, algorithm, options))
  const keys = knownKeys.get(jwk) ?? new Map<unknown, CryptoKey>()
  const known = keys.get(header.alg)
  const key = known ? acceptKey(context, algorithm, known) : await importVerificationKey(context, algorithm, jwk)
  await verifyJws(context, jwt, key, algorithm, options)
  if (known === undefined) knownKeys.set(jwk, keys.set(header.alg, key))
}
