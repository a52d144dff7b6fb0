import { invalidArgument } from '../errors/invalid-argument.ts'
import type { IDToken } from './claims.ts'
import type { TokenEndpointResponse } from './token-endpoint-response.ts'

// by the very object that a process function resolved with: nothing else can have claims
const claimsOf = new WeakMap<TokenEndpointResponse, IDToken>()

/** Keeps the claims of the ID Token that a token response held, once they were found valid. */
export function rememberClaims(tokens: TokenEndpointResponse, claims: IDToken): void {
  claimsOf.set(tokens, claims)
}

/**
 * The claims of the ID Token that came with a token response. They were validated when the response was processed.
 *
 * @param ref The very object that a process function resolved with, not a copy of it.
 * @returns The claims; `undefined` when the response held no ID Token.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE`: `ref` has an ID Token, and was not made by a process function.
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const response: Response
 *
 * const tokens = await countersign.processDeviceCodeResponse(as, client, response)
 * const claims = countersign.getValidatedIdTokenClaims(tokens)
 * if (claims === undefined) throw new Error('the server sent no ID Token')
 * console.log(claims.sub)
 * ```
 */
export function getValidatedIdTokenClaims(ref: TokenEndpointResponse): IDToken | undefined {
  if (!ref.id_token) return undefined
  const claims = claimsOf.get(ref)
  if (claims === undefined) {
    throw invalidArgument('"ref" is not what a process function resolved with', 'ERR_INVALID_ARG_VALUE')
  }
  return claims
}
