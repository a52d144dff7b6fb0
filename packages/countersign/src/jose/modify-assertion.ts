import type { JsonValue } from '../values/json.ts'

/**
 * Option of what signs a JWT (client assertions, DPoP proofs, request objects): a function that changes the JWT's header
 * and claims in place, just before it is signed. For servers that want another `aud` or another name of the algorithm.
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

/** Changes a JWT's header and claims in place; see {@link modifyAssertion}. */
export interface ModifyAssertionFunction {
  // eslint-disable-next-line @typescript-eslint/prefer-function-type -- an interface, as in oauth4webapi, can be extended
  (header: Record<string, JsonValue | undefined>, payload: Record<string, JsonValue | undefined>): void
}

/** What carries a {@link modifyAssertion}. */
export interface ModifyAssertionOptions {
  /** See {@link modifyAssertion}. */
  [modifyAssertion]?: ModifyAssertionFunction
}
