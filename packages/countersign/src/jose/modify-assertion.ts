import type { JsonValue } from '../values/json.ts'

/**
 * Option of what signs a JWT (client assertions, DPoP proofs, request objects): a function that changes the JWT's
 * header and claims in place, just before it is signed. For servers that want another `aud` or another name of the
 * algorithm. What it makes of them is signed without another look.
 *
 * @see RFC 7523, section 3; RFC 9449, section 4.2; RFC 9101, section 4
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const keys = await countersign.generateKeyPair('ES256')
 * const clientAuth = countersign.PrivateKeyJwt(keys.privateKey, {
 *   [countersign.modifyAssertion](_header, payload) {
 *     payload.aud = 'https://op.example.com/token'
 *   },
 * })
 * ```
 */
export const modifyAssertion: unique symbol = Symbol('modifyAssertion')

/** What a {@link modifyAssertion} is. */
export interface ModifyAssertionFunction {
  /**
   * Changes a JWT's header and claims in place. What it throws is passed on, and nothing is sent.
   *
   * @param header The header: `alg`, and `kid`, `typ` or `jwk` where the JWT has them.
   * @param payload The claims; times are in seconds since the epoch.
   */
  // eslint-disable-next-line @typescript-eslint/prefer-function-type -- an interface, as in oauth4webapi, can be extended
  (header: Record<string, JsonValue | undefined>, payload: Record<string, JsonValue | undefined>): void
}

/** What carries a {@link modifyAssertion}. */
export interface ModifyAssertionOptions {
  /** See {@link modifyAssertion}. */
  [modifyAssertion]?: ModifyAssertionFunction
}
