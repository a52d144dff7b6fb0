import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { DPoPRequestOptions } from '../dpop/handle.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { processTokenResponse, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { tokenRequest } from './token-request.ts'

/** Options of {@link clientCredentialsGrantRequest}. */
export interface ClientCredentialsGrantRequestOptions
  extends HttpRequestOptions<'POST', URLSearchParams>, DPoPRequestOptions {}

/**
 * Asks for an access token for the client itself; no person is involved.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param parameters The request's parameters, such as `scope` and `resource`.
 * @param options Headers, signal, `customFetch`, `DPoP`.
 * @returns The answer, for {@link processClientCredentialsResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 4.4.2; RFC 9449, section 5
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 *
 * const parameters = { scope: 'read', resource: 'https://api.example.com' }
 * const response = await countersign.clientCredentialsGrantRequest(as, client, clientAuth, parameters)
 * const { access_token, expires_in } = await countersign.processClientCredentialsResponse(as, client, response)
 * ```
 */
export async function clientCredentialsGrantRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  parameters: URLSearchParams | Record<string, string> | string[][],
  options?: ClientCredentialsGrantRequestOptions,
): Promise<Response> {
  const tokenOptions = { ...options, additionalParameters: parameters }
  return await tokenRequest(as, client, clientAuthentication, 'client_credentials', {}, tokenOptions)
}

/**
 * Validates the token endpoint's answer to client credentials.
 *
 * Not checked: that the `scope` in it is the one that was asked for; a server may grant less.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link clientCredentialsGrantRequest} resolved with.
 * @param options `jweDecrypt` for encrypted ID Tokens, `recognizedTokenTypes` for uncommon access tokens.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `invalid_scope`.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or a claim is missing
 *   or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud` or `azp` of an ID Token is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token
 *   without `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 4.4.3
 */
export async function processClientCredentialsResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessTokenResponseOptions,
): Promise<TokenEndpointResponse> {
  return await processTokenResponse(as, client, response, options)
}
