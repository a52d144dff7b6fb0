import type { JWKS } from '../jose/jwk.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { epochSeconds } from '../values/time.ts'
import { isJsonObject } from '../values/json.ts'
import { type ExportedJWKSCache, jwksCache, type ValidateSignatureOptions } from './options.ts'
import { areKeys } from './request.ts'
import { fetchShared } from './shared-fetch.ts'

/** Seconds that fetched keys serve at most. */
const LIFETIME = 300

/** Seconds after which keys are fetched anew for a signature that none of them fits. */
const COOLDOWN = 60

// keyed by the caller's own metadata object: gone when the caller lets go of it
const caches = new WeakMap<AuthorizationServer, ExportedJWKSCache>()

interface ServerKeys {
  readonly jwks: JWKS
  /** They may be fetched anew, for a signature that none of them fits. */
  readonly refetchable: boolean
}

/** A server's keys, from memory or from the caller's cache; `undefined` where they must be fetched. */
export function serverKeys(as: AuthorizationServer, options: ValidateSignatureOptions): ServerKeys | undefined {
  const kept = caches.get(as)
  const known = kept ?? importedCache(options[jwksCache])
  if (known === undefined) return undefined
  const age = epochSeconds() - known.uat
  if (age >= LIFETIME) return undefined
  if (kept === undefined) caches.set(as, known)
  return { jwks: known.jwks, refetchable: age >= COOLDOWN }
}

/** A server's keys, fetched now. */
export async function refetchServerKeys(as: AuthorizationServer, options: ValidateSignatureOptions): Promise<JWKS> {
  const jwks = await fetchShared(as, options)
  const uat = epochSeconds()
  caches.set(as, { jwks, uat })
  const exported = options[jwksCache]
  // copies, so that what the caller does with them does not reach the keys in memory
  const copy = { ...jwks, keys: jwks.keys.map((jwk) => ({ ...jwk })) }
  if (isJsonObject(exported)) Object.assign(exported, { jwks: copy, uat })
  return jwks
}

/** What a caller gives as a cache counts only while it is whole and young; as a copy, as above. */
function importedCache(input: unknown): ExportedJWKSCache | undefined {
  if (!isJsonObject(input)) return undefined
  const { uat, jwks } = input
  if (typeof uat !== 'number' || !isJsonObject(jwks) || !areKeys(jwks.keys)) return undefined
  // a time to come would keep the keys for longer than their lifetime; a little is another machine's clock
  return uat - epochSeconds() < COOLDOWN
    ? { jwks: { ...jwks, keys: jwks.keys.map((jwk) => ({ ...jwk })) }, uat }
    : undefined
}
