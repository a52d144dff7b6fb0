/**
 * Option of the functions that may meet an encrypted JWT (ID Token, UserInfo, introspection, JARM): decrypts it. Without
 * it an encrypted JWT is refused.
 *
 * The function gets the compact JWE and gives back the text inside, a signed JWT. It decides which key management and
 * content encryption algorithms it accepts; only those that the client registered should be.
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare function decrypt(jwe: string, algorithms: { alg: string; enc: string }): Promise<string>
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const response: Response
 *
 * await countersign.processBackchannelAuthenticationGrantResponse(as, client, response, {
 *   [countersign.jweDecrypt]: (jwe) => decrypt(jwe, { alg: 'ECDH-ES', enc: 'A256GCM' }),
 * })
 * ```
 */
export const jweDecrypt: unique symbol = Symbol('jweDecrypt')

/** Decrypts a compact JWE; see {@link jweDecrypt}. */
export type JweDecryptFunction = (jwe: string) => Promise<string>

/** What carries a {@link jweDecrypt}. */
export interface JWEDecryptOptions {
  /** See {@link jweDecrypt}. */
  [jweDecrypt]?: JweDecryptFunction
}
