/**
 * Option of what verifies a signature and of what signs: on Node, signatures are verified and, but for RSA, made on the
 * thread that calls, and not in the thread pool. Default false; on other runtimes it changes nothing.
 *
 * One validation is then over up to twice as soon, since nothing waits for another thread. Nothing else happens in that
 * time, which is what it costs: leave it out where a process serves many requests at once, and more so with RSA keys.
 * Checks, results and errors are the same.
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const request: Request
 *
 * const claims = await countersign.validateJwtAccessToken(as, request, 'https://api.example.com', {
 *   [countersign.syncCrypto]: true,
 * })
 * console.log(claims.client_id)
 * ```
 */
export const syncCrypto: unique symbol = Symbol('syncCrypto')

/** What carries a {@link syncCrypto}. */
export interface SyncCryptoOptions {
  /** See {@link syncCrypto}. */
  [syncCrypto]?: boolean
}
