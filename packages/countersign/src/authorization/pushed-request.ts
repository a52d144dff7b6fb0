import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { DPoPRequestOptions } from '../dpop/handle.ts'
import { RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { readJsonAnswer } from '../exchange/json-answer.ts'
import { postParameters } from '../exchange/post-parameters.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_9126 } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject, JsonValue } from '../values/json.ts'
import { parseSeconds } from '../values/seconds.ts'
import { isText } from '../values/text.ts'

/**
 * A pushed authorization request is answered with status 201.
 *
 * Remedy: look at the answer's body, in the error's `cause`; see that the endpoint's URL is right.
 */
export const PUSHED_STATUS: Rule = rule('pushed-authorization.status', RFC_9126, '2.2', RESPONSE_IS_NOT_CONFORM)

/**
 * A pushed authorization response has `request_uri`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const REQUEST_URI: Rule = rule('pushed-authorization.request_uri', RFC_9126, '2.2')

/**
 * A pushed authorization response has `expires_in`, a number of seconds, or a text that begins with one.
 *
 * Remedy: report it to the server's operator.
 */
export const PUSHED_EXPIRES_IN: Rule = rule('pushed-authorization.expires_in', RFC_9126, '2.2')

/** Options of {@link pushedAuthorizationRequest}. */
export interface PushedAuthorizationRequestOptions
  extends HttpRequestOptions<'POST', URLSearchParams>, DPoPRequestOptions {}

/** A pushed authorization response (RFC 9126, section 2.2). */
export interface PushedAuthorizationResponse {
  /** What the browser takes to the authorization endpoint, with `client_id` and nothing else. */
  readonly request_uri: string
  /** Seconds for which it can be used. */
  readonly expires_in: number
  readonly [parameter: string]: JsonValue | undefined
}

/**
 * Gives the server an authorization request behind the browser's back: what the browser carries afterwards is a name
 * for it.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client; its `client_id` is added to the parameters.
 * @param clientAuthentication How the client proves who it is.
 * @param parameters The parameters of the authorization request, or `request` alone (see {@link issueRequestObject}).
 * @param options Headers, signal, `customFetch`, and `DPoP`, which binds the code to the key (RFC 9449, section 10.1).
 * @returns The answer, for {@link processPushedAuthorizationResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `pushed_authorization_request_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is
 *   no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 9126, section 2.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const parameters: URLSearchParams // of the authorization request
 *
 * const response = await countersign.pushedAuthorizationRequest(as, client, clientAuth, parameters)
 * const { request_uri } = await countersign.processPushedAuthorizationResponse(as, client, response)
 * const url = new URL(as.authorization_endpoint ?? '')
 * url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString()
 * console.log('send the browser to', url.href)
 * ```
 */
export async function pushedAuthorizationRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  parameters: URLSearchParams | Record<string, string> | string[][],
  options?: PushedAuthorizationRequestOptions,
): Promise<Response> {
  return await postParameters(
    as,
    client,
    clientAuthentication,
    'pushed_authorization_request_endpoint',
    parameters,
    options,
    true,
  )
}

/**
 * Validates the answer to a pushed authorization request.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link pushedAuthorizationRequest} resolved with.
 * @returns The answer's members. `expires_in` is a number also where the server sent its digits as a string.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member is missing or
 *   malformed.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 9126, section 2.2
 */
export async function processPushedAuthorizationResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
): Promise<PushedAuthorizationResponse> {
  const { aboutBody, body } = await readJsonAnswer(as, client, response, 201, PUSHED_STATUS)
  const { request_uri, expires_in } = body
  check(aboutBody, REQUEST_URI, isText(request_uri), 'a text', describe(request_uri))
  const seconds = parseSeconds(expires_in)
  check(aboutBody, PUSHED_EXPIRES_IN, seconds !== undefined, 'a number, 0 or more', describe(expires_in))
  body.expires_in = seconds
  // the two members that the type declares were looked at
  return body as JsonObject & PushedAuthorizationResponse
}
