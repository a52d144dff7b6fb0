import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { processTokenResponse, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { tokenRequest, type TokenEndpointRequestOptions } from './token-request.ts'

/**
 * Exchanges a refresh token for new tokens.
 *
 * Where the server rotates refresh tokens, the one that was sent is spent by the answer: keep the new one before doing
 * anything else, and never send one refresh token twice at the same time.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param refreshToken The refresh token.
 * @param options Headers, signal, `customFetch`, `DPoP`, `additionalParameters` such as a narrower `scope`.
 * @returns The answer, for {@link processRefreshTokenResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 6; OpenID Connect Core 1.0, section 12.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const refreshToken: string
 *
 * const response = await countersign.refreshTokenGrantRequest(as, client, clientAuth, refreshToken)
 * const tokens = await countersign.processRefreshTokenResponse(as, client, response)
 * // a server that rotates has spent the old one
 * const next = tokens.refresh_token ?? refreshToken
 * ```
 */
export async function refreshTokenGrantRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  refreshToken: string,
  options?: TokenEndpointRequestOptions,
): Promise<Response> {
  const parameters = { refresh_token: refreshToken }
  return await tokenRequest(as, client, clientAuthentication, 'refresh_token', parameters, options)
}

/**
 * Validates the token endpoint's answer to a refresh token. An ID Token in it is validated like every other.
 *
 * Not checked: that its `sub` is the one of the first ID Token (OpenID Connect Core 1.0, section 12.2), which is for
 * the caller to see to; its signature, which TLS stands in for and {@link validateApplicationLevelSignature} verifies.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link refreshTokenGrantRequest} resolved with.
 * @param options `jweDecrypt` for encrypted ID Tokens, `recognizedTokenTypes` for uncommon access tokens.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error; with `invalid_grant` the refresh
 *   token is spent, revoked or another client's, and the person has to sign in again.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or a claim is missing
 *   or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud` or `azp` of an ID Token is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token
 *   without `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 6; OpenID Connect Core 1.0, section 12.2
 */
export async function processRefreshTokenResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessTokenResponseOptions,
): Promise<TokenEndpointResponse> {
  return await processTokenResponse(as, client, response, options)
}
