import type { DPoPRequestOptions } from '../dpop/handle.ts'
import { RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { resourceRequest } from '../exchange/resource-request.ts'
import { aboutAnswer, readJsonObject } from '../http/body.ts'
import { assertStatus } from '../http/error-answer.ts'
import { requestHeaders } from '../http/headers.ts'
import { allowInsecureRequests, type HttpRequestOptions } from '../http/options.ts'
import type { BodySizeOptions } from '../metadata/body-size.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { resolveEndpoint } from '../metadata/endpoint.ts'
import { assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { aboutDocument } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7591 } from '../rules/specifications.ts'
import { trace, type TraceOptions } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { isSeconds } from '../values/seconds.ts'
import { isText } from '../values/text.ts'

/**
 * A registration is answered with status 201.
 *
 * Remedy: look at the answer's body, in the error's `cause`; with status 200 the server breaks RFC 7591.
 */
export const REGISTRATION_STATUS: Rule = rule('registration.status', RFC_7591, '3.2.1', RESPONSE_IS_NOT_CONFORM)

/**
 * A registration response has `client_id`, a text.
 *
 * Remedy: report it to the server's operator.
 */
export const CLIENT_ID: Rule = rule('registration.client_id', RFC_7591, '3.2.1')

/**
 * `client_secret` is a text.
 *
 * Remedy: report it to the server's operator.
 */
export const CLIENT_SECRET: Rule = rule('registration.client_secret', RFC_7591, '3.2.1')

/**
 * A registration response with `client_secret` says until when it is good: `client_secret_expires_at`, in seconds since
 * the epoch, 0 for ever.
 *
 * Remedy: report it to the server's operator.
 */
export const CLIENT_SECRET_EXPIRES_AT: Rule = rule('registration.client_secret_expires_at', RFC_7591, '3.2.1')

/**
 * A type without its members that are keyed by symbols: what of it can be sent.
 *
 * @typeParam T The type, such as {@link Client}.
 */
export type OmitSymbolProperties<T> = { [K in keyof T as K extends symbol ? never : K]: T[K] }

/** Options of {@link dynamicClientRegistrationRequest}. */
export interface DynamicClientRegistrationRequestOptions
  extends HttpRequestOptions<'POST', string>, DPoPRequestOptions {
  /** The access token by which the server lets somebody register clients. */
  initialAccessToken?: string
}

/**
 * Registers a client at the server. The metadata are sent as they are given; which of them the server takes, its answer
 * says.
 *
 * @param as Metadata of the server.
 * @param metadata The metadata that the client asks for.
 * @param options Headers, signal, `customFetch`, `initialAccessToken`, `DPoP`.
 * @returns The answer, for {@link processDynamicClientRegistrationResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `registration_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 7591, section 3.1; OpenID Connect Dynamic Client Registration 1.0, section 3.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 *
 * const response = await countersign.dynamicClientRegistrationRequest(
 *   as,
 *   { client_name: 'Shop', redirect_uris: ['https://shop.example.com/callback'] },
 *   { initialAccessToken: 'given by the operator' },
 * )
 * const client = await countersign.processDynamicClientRegistrationResponse(response)
 * console.log(client.client_id)
 * ```
 */
export async function dynamicClientRegistrationRequest(
  as: AuthorizationServer,
  metadata: Partial<OmitSymbolProperties<Client>>,
  options?: DynamicClientRegistrationRequestOptions,
): Promise<Response> {
  assertServer(as)
  assertGiven(metadata)
  const { use_mtls_endpoint_aliases: useMtlsAlias } = metadata
  const enforceHttps = options?.[allowInsecureRequests] !== true
  const url = resolveEndpoint(as, 'registration_endpoint', useMtlsAlias, enforceHttps, options?.[trace])
  const headers = requestHeaders(options?.headers, 'application/json')
  headers.set('content-type', 'application/json')
  return await resourceRequest(tokenOf(options), url, 'POST', headers, JSON.stringify(metadata), options ?? {})
}

/** The initial access token; an empty one, `null` and the like, as from a setting that is not set, count as none. */
function tokenOf(options: DynamicClientRegistrationRequestOptions | undefined): string | undefined {
  const { initialAccessToken: token } = options ?? {}
  if (!token) return undefined
  assertString(token, 'options.initialAccessToken')
  return token
}

/**
 * Validates the answer to a registration: that there is a `client_id`, and a time with a `client_secret`. What else the
 * server registered, other than what was asked for, is for the caller to look at.
 *
 * @param response What {@link dynamicClientRegistrationRequest} resolved with.
 * @param options A `trace`, `maxBodySize`.
 * @returns The client as it is registered now, with what the server added or changed.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `invalid_client_metadata`.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the initial access token is not accepted.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member is missing or
 *   malformed.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 7591, section 3.2; OpenID Connect Dynamic Client Registration 1.0, section 3.2
 */
export async function processDynamicClientRegistrationResponse(
  response: Response,
  options?: TraceOptions & BodySizeOptions,
): Promise<OmitSymbolProperties<Client>> {
  const context = aboutAnswer(response, options)
  await assertStatus(context, response, 201, REGISTRATION_STATUS)
  const body = await readJsonObject(context, response)
  const about = aboutDocument(context, 'body', body)
  const { client_id, client_secret: secret, client_secret_expires_at: expiresAt } = body
  check(about, CLIENT_ID, isText(client_id), 'a text', describe(client_id))
  check(about, CLIENT_SECRET, secret === undefined || isText(secret), 'a text', describe(secret))
  const validExpiry = secret === undefined || isSeconds(expiresAt)
  check(about, CLIENT_SECRET_EXPIRES_AT, validExpiry, 'a number, 0 or more', describe(expiresAt))
  // client_id, the one member that the type demands, was looked at
  return body as JsonObject & OmitSymbolProperties<Client>
}

/** What the metadata are is for the server to say, as long as there are any. */
function assertGiven(metadata: unknown): void {
  if (metadata !== undefined && metadata !== null) return
  throw invalidArgument('"metadata" must be given', 'ERR_INVALID_ARG_TYPE')
}
