import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { processTokenResponse, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { tokenRequest, type TokenEndpointRequestOptions } from './token-request.ts'

/**
 * Asks the token endpoint for the outcome of a device authorization. Until the person has answered, the server's answer
 * is the error `authorization_pending`; see RFC 8628, section 3.5 for that and the other errors, and wait for
 * `interval` seconds between two requests.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param deviceCode The `device_code` of the device authorization response.
 * @param options Headers, signal, `customFetch`, `DPoP`, `additionalParameters`.
 * @returns The answer, for {@link processDeviceCodeResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 8628, section 3.4
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const deviceCode: string // of the device authorization response
 *
 * const response = await countersign.deviceCodeGrantRequest(as, client, clientAuth, deviceCode)
 * try {
 *   const tokens = await countersign.processDeviceCodeResponse(as, client, response)
 *   console.log(countersign.getValidatedIdTokenClaims(tokens)?.sub)
 * } catch (error) {
 *   if (!(error instanceof countersign.ResponseBodyError)) throw error
 *   if (error.error === 'authorization_pending') console.log('ask again after the interval')
 *   if (error.error === 'slow_down') console.log('ask again, 5 seconds later than before from now on')
 * }
 * ```
 */
export async function deviceCodeGrantRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  deviceCode: string,
  options?: TokenEndpointRequestOptions,
): Promise<Response> {
  const parameters = { device_code: deviceCode }
  return await tokenRequest(
    as,
    client,
    clientAuthentication,
    'urn:ietf:params:oauth:grant-type:device_code',
    parameters,
    options,
  )
}

/**
 * Validates the token endpoint's answer for a device authorization.
 *
 * Not checked: the signature of the ID Token, which TLS stands in for and {@link validateApplicationLevelSignature}
 * verifies; that there is one at all, which is for the caller to see by {@link getValidatedIdTokenClaims}.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link deviceCodeGrantRequest} resolved with.
 * @param options `jweDecrypt` for encrypted ID Tokens, `recognizedTokenTypes` for uncommon access tokens.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `authorization_pending`,
 *   `slow_down`, `expired_token`, `access_denied` (RFC 8628, section 3.5).
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or a claim is missing
 *   or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud` or `azp` of an ID Token is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token
 *   without `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 8628, section 3.5
 */
export async function processDeviceCodeResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessTokenResponseOptions,
): Promise<TokenEndpointResponse> {
  return await processTokenResponse(as, client, response, options)
}
