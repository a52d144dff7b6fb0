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
 */
export async function refreshTokenGrantRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  refreshToken: string,
  options?: TokenEndpointRequestOptions,
): Promise<Response> {
  const parameters = { refresh_token: refreshToken }
  return tokenRequest(as, client, clientAuthentication, 'refresh_token', parameters, options)
}

/**
 * Validates the token endpoint's answer to a refresh token. An ID Token in it is validated like every other; that its
 * `sub` is the one of the first ID Token (OpenID Connect Core 1.0, section 12.2) is for the caller to see to.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link refreshTokenGrantRequest} resolved with.
 * @param options `jweDecrypt` for encrypted ID Tokens, `recognizedTokenTypes` for uncommon access tokens.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} {@link UnsupportedOperationError} What the answer or its ID Token is refused for;
 *   see {@link processBackchannelAuthenticationGrantResponse}.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 6; OpenID Connect Core 1.0, section 12.2
 */
export async function processRefreshTokenResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessTokenResponseOptions,
): Promise<TokenEndpointResponse> {
  return processTokenResponse(as, client, response, options)
}
