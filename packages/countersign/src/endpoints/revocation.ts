import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { postToken } from '../exchange/post-token.ts'
import { aboutAnswer } from '../http/body.ts'
import { assertStatus } from '../http/error-answer.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { BodySizeOptions } from '../metadata/body-size.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7009 } from '../rules/specifications.ts'
import type { TraceOptions } from '../rules/trace.ts'

/**
 * A revocation is answered with status 200, also for a token that the server does not know.
 *
 * Remedy: the token may still be good; with status 503, try again after a while.
 */
export const REVOCATION_STATUS: Rule = rule('revocation.status', RFC_7009, '2.2', RESPONSE_IS_NOT_CONFORM)

/** Options of {@link revocationRequest}. */
export interface RevocationRequestOptions extends HttpRequestOptions<'POST', URLSearchParams> {
  /** Parameters to send beside `token`, such as `token_type_hint`. */
  additionalParameters?: URLSearchParams | Record<string, string> | string[][]
}

/**
 * Revokes a token. With a refresh token, most servers revoke the access tokens that came from it as well.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param clientAuthentication How the client proves who it is.
 * @param token The refresh or access token.
 * @param options Headers, signal, `customFetch`, `additionalParameters`.
 * @returns The answer, for {@link processRevocationResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `revocation_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 7009, section 2.1
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
 * const additionalParameters = { token_type_hint: 'refresh_token' }
 * const response = await countersign.revocationRequest(as, client, clientAuth, refreshToken, { additionalParameters })
 * await countersign.processRevocationResponse(response)
 * ```
 */
export async function revocationRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  token: string,
  options?: RevocationRequestOptions,
): Promise<Response> {
  return await postToken(as, client, clientAuthentication, 'revocation_endpoint', token, options, null)
}

/**
 * Validates the answer to a revocation request. The body of a success does not matter, and stays unread.
 *
 * @param response What {@link revocationRequest} resolved with.
 * @param options A `trace`, `maxBodySize`.
 * @returns Nothing, when the token is revoked, or was not known to the server.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `unsupported_token_type`.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`: another answer;
 *   `OAUTH_PARSE_ERROR`, `OAUTH_INVALID_RESPONSE`: one whose body breaks off, or is larger than 1 MiB.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 7009, sections 2.2 and 2.2.1
 */
export async function processRevocationResponse(
  response: Response,
  options?: TraceOptions & BodySizeOptions,
): Promise<undefined> {
  await assertStatus(aboutAnswer(response, options), response, 200, REVOCATION_STATUS)
  return undefined
}
