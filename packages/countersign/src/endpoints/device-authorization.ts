import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { readJsonAnswer } from '../exchange/json-answer.ts'
import { postParameters } from '../exchange/post-parameters.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_8628 } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject, JsonValue } from '../values/json.ts'
import { isInterval, parseSeconds } from '../values/seconds.ts'
import { isText } from '../values/text.ts'

/**
 * A device authorization is answered with status 200.
 *
 * Remedy: look at the answer's body, in the error's `cause`; see that the endpoint's URL is right.
 */
export const DEVICE_STATUS: Rule = rule('device-authorization.status', RFC_8628, '3.2', RESPONSE_IS_NOT_CONFORM)

/**
 * A device authorization response has `device_code`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const DEVICE_CODE: Rule = rule('device-authorization.device_code', RFC_8628, '3.2')

/**
 * A device authorization response has `user_code`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const USER_CODE: Rule = rule('device-authorization.user_code', RFC_8628, '3.2')

/**
 * A device authorization response has `verification_uri`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const VERIFICATION_URI: Rule = rule('device-authorization.verification_uri', RFC_8628, '3.2')

/**
 * A device authorization response has `expires_in`, a number of seconds, or a text that begins with one.
 *
 * Remedy: report it to the server's operator.
 */
export const DEVICE_EXPIRES_IN: Rule = rule('device-authorization.expires_in', RFC_8628, '3.2')

/**
 * `verification_uri_complete` is a text.
 *
 * Remedy: report it to the server's operator.
 */
export const VERIFICATION_URI_COMPLETE: Rule = rule('device-authorization.verification_uri_complete', RFC_8628, '3.2')

/**
 * `interval` is a number of seconds, more than 0.
 *
 * Remedy: report it to the server's operator.
 */
export const DEVICE_INTERVAL: Rule = rule('device-authorization.interval', RFC_8628, '3.2')

/** Options of {@link deviceAuthorizationRequest}. */
export interface DeviceAuthorizationRequestOptions extends HttpRequestOptions<'POST', URLSearchParams> {}

/** A device authorization response (RFC 8628, section 3.2). */
export interface DeviceAuthorizationResponse {
  /** The name of the transaction, for the token requests. */
  readonly device_code: string
  /** What the person types at {@link verification_uri}. Show it also beside a QR code. */
  readonly user_code: string
  /** Where the person types it. */
  readonly verification_uri: string
  /** Seconds until both codes expire. */
  readonly expires_in: number
  /** A URI that has the code in it, for a QR code or the like. */
  readonly verification_uri_complete?: string
  /** Seconds to wait between two token requests at least; absent means 5. */
  readonly interval?: number
  readonly [parameter: string]: JsonValue | undefined
}

/**
 * Starts a sign-in on a device without browser or keyboard: the person approves on another one.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client; its `client_id` is added to the parameters.
 * @param clientAuthentication How the client proves who it is.
 * @param parameters The request's parameters, such as `scope`.
 * @param options Headers, signal, `customFetch`.
 * @returns The answer, for {@link processDeviceAuthorizationResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `device_authorization_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no
 *   `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 8628, section 3.1
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
 * const sentAt = Date.now()
 * const response = await countersign.deviceAuthorizationRequest(as, client, clientAuth, { scope: 'openid' })
 * const device = await countersign.processDeviceAuthorizationResponse(as, client, response)
 * console.log('open', device.verification_uri, 'and type', device.user_code)
 *
 * const transaction = countersign.deviceTransaction(device, sentAt)
 * const { tokens } = await countersign.poll(as, client, transaction, { clientAuthentication: clientAuth })
 * ```
 */
export async function deviceAuthorizationRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  parameters: URLSearchParams | Record<string, string> | string[][],
  options?: DeviceAuthorizationRequestOptions,
): Promise<Response> {
  return await postParameters(
    as,
    client,
    clientAuthentication,
    'device_authorization_endpoint',
    parameters,
    options,
    false,
  )
}

/**
 * Validates the answer to a device authorization request.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link deviceAuthorizationRequest} resolved with.
 * @returns The answer's members. `expires_in` is a number also where the server sent its digits as a string.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member is missing or
 *   malformed.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 8628, section 3.2
 */
export async function processDeviceAuthorizationResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
): Promise<DeviceAuthorizationResponse> {
  const { aboutBody, body } = await readJsonAnswer(as, client, response, 200, DEVICE_STATUS)
  const { device_code, user_code, verification_uri, expires_in, verification_uri_complete: complete, interval } = body
  check(aboutBody, DEVICE_CODE, isText(device_code), 'a text', describe(device_code))
  check(aboutBody, USER_CODE, isText(user_code), 'a text', describe(user_code))
  check(aboutBody, VERIFICATION_URI, isText(verification_uri), 'a text', describe(verification_uri))
  const seconds = parseSeconds(expires_in)
  check(aboutBody, DEVICE_EXPIRES_IN, seconds !== undefined, 'a number, 0 or more', describe(expires_in))
  body.expires_in = seconds
  const validUri = complete === undefined || isText(complete)
  check(aboutBody, VERIFICATION_URI_COMPLETE, validUri, 'a text', describe(complete))
  check(aboutBody, DEVICE_INTERVAL, isInterval(interval), 'a number, more than 0', describe(interval))
  // the members that the type declares were looked at
  return body as JsonObject & DeviceAuthorizationResponse
}
