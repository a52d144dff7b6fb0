import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { assertString } from '../errors/invalid-argument.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { processTokenResponse, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { tokenRequest, type TokenEndpointRequestOptions } from './token-request.ts'

/**
 * Sends a grant that has no function of its own to the token endpoint, such as token exchange (RFC 8693) or a JWT as
 * authorization grant (RFC 7523).
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param grantType The value of `grant_type`.
 * @param parameters The grant's parameters.
 * @param options Headers, signal, `customFetch`, `DPoP`.
 * @returns The answer, for {@link processGenericTokenEndpointResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 4.5; RFC 8693, section 2.1; RFC 7523, section 2.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const accessToken: string
 *
 * const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
 * const response = await countersign.genericTokenEndpointRequest(as, client, clientAuth, grantType, {
 *   subject_token: accessToken,
 *   subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
 *   audience: 'https://billing.example.com',
 * })
 * const tokens = await countersign.processGenericTokenEndpointResponse(as, client, response)
 * ```
 */
export async function genericTokenEndpointRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  grantType: string,
  parameters: URLSearchParams | Record<string, string> | string[][],
  options?: Omit<TokenEndpointRequestOptions, 'additionalParameters'>,
): Promise<Response> {
  // both are looked at again; here the order of two mistakes is decided
  assertServer(as)
  assertClient(client)
  assertString(grantType, 'grantType')
  const tokenOptions = { ...options, additionalParameters: parameters }
  return await tokenRequest(as, client, clientAuthentication, grantType, {}, tokenOptions)
}

/**
 * Validates the token endpoint's answer to a grant that has no function of its own.
 *
 * Not checked: members that only this grant defines, such as `issued_token_type`; and the signature of an ID Token,
 * which TLS stands in for and {@link validateApplicationLevelSignature} verifies.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link genericTokenEndpointRequest} resolved with.
 * @param options `jweDecrypt` for encrypted ID Tokens, `recognizedTokenTypes` for uncommon access tokens.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `unsupported_grant_type`.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or a claim is missing
 *   or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud` or `azp` of an ID Token is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token
 *   without `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 5.1; RFC 8693, section 2.2
 */
export async function processGenericTokenEndpointResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessTokenResponseOptions,
): Promise<TokenEndpointResponse> {
  return await processTokenResponse(as, client, response, options)
}
