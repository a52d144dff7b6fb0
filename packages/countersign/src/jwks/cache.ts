import type { HttpRequestOptions } from '../http/options.ts'
import type { JWKS } from '../jose/jwk.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { epochSeconds } from '../values/time.ts'
import { isJsonObject } from '../values/json.ts'
import { type ExportedJWKSCache, jwksCache, type JWKSCacheOptions } from './options.ts'
import { areKeys } from './request.ts'
import { fetchShared } from './shared-fetch.ts'

/** Seconds that fetched keys serve at most. */
const LIFETIME = 300

/** Seconds after which keys are fetched anew for a signature that none of them fits. */
const COOLDOWN = 60

// keyed by the caller's own metadata object: gone when the caller lets go of it
const caches = new WeakMap<AuthorizationServer, ExportedJWKSCache>()

/** A server's keys, from memory, from the caller's cache, or fetched. */
export async function serverKeys(
  as: AuthorizationServer,
  options: HttpRequestOptions<'GET'> & JWKSCacheOptions,
): Promise<{ jwks: JWKS; refetchable: boolean }> {
  const known = caches.get(as) ?? importCache(as, options[jwksCache])
  const age = known === undefined ? Infinity : epochSeconds() - known.uat
  if (known !== undefined && age < LIFETIME) return { jwks: known.jwks, refetchable: age >= COOLDOWN }
  return { jwks: await refetchServerKeys(as, options), refetchable: false }
}

/** A server's keys, fetched now. */
export async function refetchServerKeys(
  as: AuthorizationServer,
  options: HttpRequestOptions<'GET'> & JWKSCacheOptions,
): Promise<JWKS> {
  const jwks = await fetchShared(as, options)
  const uat = epochSeconds()
  caches.set(as, { jwks, uat })
  const exported = options[jwksCache]
  // copies, so that what the caller does with them does not reach the keys in memory
  const copy = { ...jwks, keys: jwks.keys.map((jwk) => ({ ...jwk })) }
  if (isJsonObject(exported)) Object.assign(exported, { jwks: copy, uat })
  return jwks
}

/** What a caller gives as a cache counts only while it is whole and young. */
function importCache(as: AuthorizationServer, input: unknown): ExportedJWKSCache | undefined {
  if (!isJsonObject(input)) return undefined
  const { uat, jwks } = input
  // a time to come would keep the keys for longer than their lifetime; a little is another machine's clock
  const age = typeof uat === 'number' ? epochSeconds() - uat : NaN
  if (typeof uat !== 'number' || !(age < LIFETIME && age > -COOLDOWN)) return undefined
  if (!isJsonObject(jwks) || !areKeys(jwks.keys)) return undefined
  const imported = { jwks: { ...jwks, keys: jwks.keys }, uat }
  caches.set(as, imported)
  return imported
}
