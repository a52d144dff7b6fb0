import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { processTokenResponse, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { tokenRequest, type TokenEndpointRequestOptions } from './token-request.ts'

/**
 * Asks the token endpoint for the outcome of a CIBA transaction, in poll mode and after a ping. Until the person has
 * answered, the server's answer is the error `authorization_pending`; see CIBA Core 1.0, section 11 for that and the
 * other errors, and wait for `interval` seconds between two requests.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param authReqId The `auth_req_id` of the acknowledgement.
 * @param options Headers, signal, `customFetch`, `DPoP`, `additionalParameters`.
 * @returns The answer, for {@link processBackchannelAuthenticationGrantResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, section 10.1; RFC 9449, section 5
 */
export async function backchannelAuthenticationGrantRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  authReqId: string,
  options?: TokenEndpointRequestOptions,
): Promise<Response> {
  const parameters = { auth_req_id: authReqId }
  return await tokenRequest(as, client, clientAuthentication, 'urn:openid:params:grant-type:ciba', parameters, options)
}

/**
 * Validates the token endpoint's answer for a CIBA transaction: the tokens, and the ID Token's claims by every rule of
 * OpenID Connect Core 1.0, section 3.1.3.7 that can be applied without knowing the request.
 *
 * Not checked: the signature of the ID Token, which TLS stands in for and {@link validateApplicationLevelSignature}
 * verifies; its `nonce` and `acr`; that there is an ID Token at all, which is for the caller to see by
 * {@link getValidatedIdTokenClaims}.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link backchannelAuthenticationGrantRequest} resolved with.
 * @param options `jweDecrypt` for encrypted ID Tokens, `recognizedTokenTypes` for uncommon access tokens.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `authorization_pending`,
 *   `slow_down`, `expired_token`, `access_denied` (CIBA Core 1.0, section 11).
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token
 *   without `jweDecrypt`; `crit` in its header.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or a claim is missing or
 *   malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud` or `azp` is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, sections 10.1.1 and 11; OpenID Connect Core 1.0, section 3.1.3.7
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
 * try {
 *   const tokens = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
 *   console.log(countersign.getValidatedIdTokenClaims(tokens)?.sub)
 * } catch (error) {
 *   if (!(error instanceof countersign.ResponseBodyError)) throw error
 *   if (error.error === 'authorization_pending') console.log('ask again after the interval')
 * }
 * ```
 */
export async function processBackchannelAuthenticationGrantResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessTokenResponseOptions,
): Promise<TokenEndpointResponse> {
  return await processTokenResponse(as, client, response, options)
}
