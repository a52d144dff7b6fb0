/**
 * Option of the functions that may meet an encrypted JWT (ID Token, UserInfo, introspection, JARM): decrypts it.
 * Without it an encrypted JWT is refused.
 *
 * The function gets the compact JWE and gives back the text inside, a signed JWT. It decides which key management and
 * content encryption algorithms it accepts; only those that the client registered should be.
 *
 * @see RFC 7516, section 5.2; OpenID Connect Core 1.0, section 10.2
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

/**
 * Decrypts a compact JWE; see {@link jweDecrypt}.
 *
 * @param jwe The encrypted JWT, as it came.
 * @returns The JWT inside, signed. What the function rejects with is passed on to the caller as it is.
 */
export type JweDecryptFunction = (jwe: string) => Promise<string>

/** What carries a {@link jweDecrypt}. */
export interface JWEDecryptOptions {
  /** See {@link jweDecrypt}. */
  [jweDecrypt]?: JweDecryptFunction
}
