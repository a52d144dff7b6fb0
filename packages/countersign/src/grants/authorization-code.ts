import { assertValidated, codeOf } from '../authorization/response.ts'
import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { assertSeconds, assertString } from '../errors/invalid-argument.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { trace } from '../rules/trace.ts'
import {
  checkAuthAge,
  checkNonce,
  type expectNoNonce,
  maxAgeOf,
  nonceOf,
  type skipAuthTimeCheck,
} from '../tokens/requested-claims.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { processTokenResponse, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { ID_TOKEN_EXPECTED } from '../tokens/token-response.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import { tokenRequest, type TokenEndpointRequestOptions } from './token-request.ts'

/**
 * Value of `codeVerifier`: the authorization request had no PKCE challenge.
 *
 * Safe only against a server that refuses the `code_challenge` parameter; every other one ignores it, so that PKCE can
 * always be used. Without it, a stolen code is as good as the person's own.
 *
 * @deprecated Not to be gone one day, but to stand out in an editor wherever it is used.
 * @see RFC 7636, section 1; RFC 9700, section 2.1.1
 */
export const nopkce: unique symbol = Symbol('nopkce')

/**
 * {@link nopkce}, for libraries built on this one that do not want to show it as deprecated.
 *
 * @alias
 * @internal
 */
export const _nopkce: typeof nopkce = nopkce

/**
 * Exchanges the code of an authorization response for tokens.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param callbackParameters The very object that {@link validateAuthResponse}, {@link validateJwtAuthResponse} or
 *   another function for authorization responses gave back.
 * @param redirectUri `redirect_uri` of the authorization request, to the letter; not the URL that the browser came back
 *   to.
 * @param codeVerifier The PKCE verifier of the request's `code_challenge`, or {@link nopkce}.
 * @param options Headers, signal, `customFetch`, `DPoP`, `additionalParameters`.
 * @returns The answer, for {@link processAuthorizationCodeResponse}.
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: no code; `OAUTH_MISSING_SERVER_METADATA`,
 *   `OAUTH_INVALID_SERVER_METADATA`: no `token_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`,
 *   `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 4.1.3; RFC 7636, section 4.5; RFC 9449, section 5
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const callbackUrl: URL
 * declare const state: string // of this browser's session
 * declare const nonce: string
 * declare const codeVerifier: string
 *
 * const response = await countersign.authorizationCodeGrantRequest(
 *   as,
 *   client,
 *   clientAuth,
 *   countersign.validateAuthResponse(as, client, callbackUrl, state),
 *   'https://shop.example.com/callback',
 *   codeVerifier,
 * )
 * const tokens = await countersign.processAuthorizationCodeResponse(as, client, response, {
 *   expectedNonce: nonce,
 *   requireIdToken: true,
 * })
 * console.log(countersign.getValidatedIdTokenClaims(tokens)?.sub)
 * ```
 */
export async function authorizationCodeGrantRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  callbackParameters: URLSearchParams,
  redirectUri: string,
  codeVerifier: string | typeof nopkce,
  options?: TokenEndpointRequestOptions,
): Promise<Response> {
  assertServer(as)
  assertClient(client)
  // the caller's mistakes come before what is wrong with the response
  assertValidated(callbackParameters)
  assertString(redirectUri, 'redirectUri')
  const code = codeOf(callbackParameters, { trace: client[trace] })
  const parameters: Record<string, string> = { redirect_uri: redirectUri, code }
  if (codeVerifier !== nopkce) parameters.code_verifier = codeVerifier
  return await tokenRequest(as, client, clientAuthentication, 'authorization_code', parameters, options)
}

/** Options of {@link processAuthorizationCodeResponse}. */
export interface ProcessAuthorizationCodeResponseOptions extends ProcessTokenResponseOptions {
  /** `nonce` of the authorization request; {@link expectNoNonce}, the default, where it had none. */
  expectedNonce?: string | typeof expectNoNonce
  /**
   * Seconds since the person was authenticated, at most, 0 or more: `max_age` of the authorization request. The default
   * is the client's `default_max_age`, and without it {@link skipAuthTimeCheck}.
   */
  maxAge?: number | typeof skipAuthTimeCheck
  /** An answer without ID Token is refused, also where neither of the others is given. Default false. */
  requireIdToken?: boolean
}

/**
 * Validates the token endpoint's answer for an authorization code, with the claims of the ID Token that answer to the
 * request: `nonce` and `auth_time`.
 *
 * Not checked: the signature of the ID Token, which TLS stands in for and {@link validateApplicationLevelSignature}
 * verifies; its `acr`, and its `at_hash`.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link authorizationCodeGrantRequest} resolved with.
 * @param options `expectedNonce`, `maxAge`, `requireIdToken`: with any of them an ID Token must be there. `jweDecrypt`,
 *   `recognizedTokenTypes`.
 * @returns The answer's members; `token_type` in lower case, `expires_in` as a number.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `invalid_grant`.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or a claim is missing
 *   or malformed; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud`, `azp` or `nonce` of the ID Token is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: it is not good now, or `auth_time` is too long ago.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token
 *   without `jweDecrypt`; `crit` in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 4.1.4; OpenID Connect Core 1.0, sections 3.1.3.5 and 3.1.3.7
 */
export async function processAuthorizationCodeResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: ProcessAuthorizationCodeResponseOptions,
): Promise<TokenEndpointResponse> {
  const { expectedNonce, maxAge, requireIdToken } = options ?? {}
  const nonce = nonceOf(expectedNonce)
  assertServer(as)
  assertClient(client)
  const age = maxAgeOf(client, maxAge)
  const wanted = nonce !== undefined || typeof maxAge === 'number' || Boolean(requireIdToken)
  if (wanted && age !== undefined) assertSeconds(age, 'client.default_max_age')
  const requested = { nonce: nonce !== undefined, authTime: (age ?? client.default_max_age) !== undefined }
  const tokens = await processTokenResponse(as, client, response, options, requested)

  const context: Context = { trace: client[trace], response }
  const claims = getValidatedIdTokenClaims(tokens)
  const aboutBody = aboutDocument(context, 'body', tokens)
  check(aboutBody, ID_TOKEN_EXPECTED, !wanted || claims !== undefined, 'an ID Token', 'none')
  if (claims !== undefined) {
    checkAuthAge(context, client, claims, age)
    checkNonce(context, claims, nonce)
  }
  return tokens
}
