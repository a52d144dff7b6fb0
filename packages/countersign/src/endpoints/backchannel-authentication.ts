import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { readJsonAnswer } from '../exchange/json-answer.ts'
import { postParameters } from '../exchange/post-parameters.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject, JsonValue } from '../values/json.ts'
import { isInterval, parseSeconds } from '../values/seconds.ts'
import { isText } from '../values/text.ts'

/**
 * An authentication request is acknowledged with status 200.
 *
 * Remedy: look at the answer's body, in the error's `cause`; see that the endpoint's URL is right.
 */
export const ACKNOWLEDGEMENT_STATUS: Rule = rule(
  'backchannel-authentication.status',
  CIBA_CORE,
  '7.3',
  RESPONSE_IS_NOT_CONFORM,
)

/**
 * An acknowledgement has `auth_req_id`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const AUTH_REQ_ID: Rule = rule('backchannel-authentication.auth_req_id', CIBA_CORE, '7.3')

/**
 * An acknowledgement has `expires_in`, a number of seconds, or a text that begins with one.
 *
 * Remedy: report it to the server's operator.
 */
export const ACKNOWLEDGEMENT_EXPIRES_IN: Rule = rule('backchannel-authentication.expires_in', CIBA_CORE, '7.3')

/**
 * `interval` is a number of seconds, more than 0.
 *
 * Remedy: report it to the server's operator.
 */
export const INTERVAL: Rule = rule('backchannel-authentication.interval', CIBA_CORE, '7.3')

/** Options of {@link backchannelAuthenticationRequest}. */
export interface BackchannelAuthenticationRequestOptions extends HttpRequestOptions<'POST', URLSearchParams> {}

/** The acknowledgement of an authentication request (CIBA Core 1.0, section 7.3). */
export interface BackchannelAuthenticationResponse {
  /** The name of the transaction, for the token requests and the callbacks. */
  readonly auth_req_id: string
  /** Seconds until the transaction ends by itself, from when the server received the request. */
  readonly expires_in: number
  /** Seconds to wait between two token requests at least; absent means 5. */
  readonly interval?: number
  readonly [parameter: string]: JsonValue | undefined
}

/**
 * Asks the server to authenticate a person on a device of theirs: the start of a CIBA transaction.
 *
 * The parameters are sent as they are given; that exactly one hint is among them, that `scope` has `openid`, and what
 * else CIBA Core 1.0, section 7.1 asks, is the caller's to see to.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client; its `client_id` is added to the parameters.
 * @param clientAuthentication How the client proves who it is.
 * @param parameters The request's parameters, such as `scope`, `login_hint`, `binding_message`.
 * @param options Headers, signal, `customFetch`.
 * @returns The answer, for {@link processBackchannelAuthenticationResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `backchannel_authentication_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no
 *   `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, section 7.1
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
 * const response = await countersign.backchannelAuthenticationRequest(as, client, clientAuth, {
 *   scope: 'openid',
 *   login_hint: 'anna@example.com',
 *   binding_message: 'W4-K7',
 * })
 * const { auth_req_id, expires_in, interval = 5 } = await countersign.processBackchannelAuthenticationResponse(
 *   as,
 *   client,
 *   response,
 * )
 * ```
 */
export async function backchannelAuthenticationRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  parameters: URLSearchParams | Record<string, string> | string[][],
  options?: BackchannelAuthenticationRequestOptions,
): Promise<Response> {
  return await postParameters(
    as,
    client,
    clientAuthentication,
    'backchannel_authentication_endpoint',
    parameters,
    options,
    false,
  )
}

/**
 * Validates the answer to an authentication request.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link backchannelAuthenticationRequest} resolved with.
 * @returns The acknowledgement. `expires_in` is a number also where the server sent its digits as a string.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `unknown_user_id` (CIBA Core
 *   1.0, section 13).
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member is missing or
 *   malformed.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, sections 7.3 and 13
 */
export async function processBackchannelAuthenticationResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
): Promise<BackchannelAuthenticationResponse> {
  const { aboutBody, body } = await readJsonAnswer(as, client, response, 200, ACKNOWLEDGEMENT_STATUS)
  return checkAcknowledgement(aboutBody, body)
}

/** Looks at what every acknowledgement has. */
export function checkAcknowledgement(context: Context, body: JsonObject): BackchannelAuthenticationResponse {
  const { auth_req_id, expires_in, interval } = body
  check(context, AUTH_REQ_ID, isText(auth_req_id), 'a text', describe(auth_req_id))
  const seconds = parseSeconds(expires_in)
  check(context, ACKNOWLEDGEMENT_EXPIRES_IN, seconds !== undefined, 'a number, 0 or more', describe(expires_in))
  body.expires_in = seconds
  check(context, INTERVAL, isInterval(interval), 'a number, more than 0', describe(interval))
  // the three members that the type declares were looked at
  return body as JsonObject & BackchannelAuthenticationResponse
}
