import type { SyncCryptoOptions } from '../engine/sync-crypto.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { JWKS } from '../jose/jwk.ts'
import type { BodySizeOptions } from '../metadata/body-size.ts'

/**
 * Option of the functions that verify signatures: an object of the caller's in which the server's keys come and go, for
 * runtimes without memory between two requests. The object is read when the library does not have the keys in memory,
 * and written when it has fetched them.
 *
 * Whoever can write into that object decides which signatures are good: keep it where only this application writes.
 * Keys serve for 300 seconds after they were fetched, from there as from memory.
 *
 * @see OpenID Connect Core 1.0, section 10.1.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const store: {
 *   get(): Promise<countersign.JWKSCacheInput | undefined>
 *   set(value: countersign.JWKSCacheInput): Promise<void>
 * }
 * declare const as: countersign.AuthorizationServer
 * declare const processed: Response // what was given to a process function
 *
 * const jwksCache: countersign.JWKSCacheInput = (await store.get()) ?? {}
 * const { uat } = jwksCache
 * await countersign.validateApplicationLevelSignature(as, processed, { [countersign.jwksCache]: jwksCache })
 * if (jwksCache.uat !== uat) await store.set(jwksCache)
 * ```
 */
export const jwksCache: unique symbol = Symbol('jwksCache')

/** A server's keys, and when they were fetched. */
export interface ExportedJWKSCache {
  /** The key set, as the server published it. */
  jwks: JWKS
  /** Updated at, in seconds since the epoch. */
  uat: number
}

/** A cache that was exported earlier, or an empty object to export into. */
export type JWKSCacheInput = ExportedJWKSCache | Record<string, never>

/** What carries a {@link jwksCache}. */
export interface JWKSCacheOptions {
  /** See {@link jwksCache}. */
  [jwksCache]?: JWKSCacheInput
}

/** Options of the functions that verify a signature under a server's key: those of the request for the keys. */
export interface ValidateSignatureOptions
  extends HttpRequestOptions<'GET'>, JWKSCacheOptions, BodySizeOptions, SyncCryptoOptions {}
