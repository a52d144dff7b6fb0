import { INVALID_RESPONSE, JSON_ATTRIBUTE_COMPARISON, RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { assertTagged, invalidArgument } from '../errors/invalid-argument.ts'
import { assertResponse, readJsonObject } from '../http/body.ts'
import { send } from '../http/fetch.ts'
import { requestHeaders } from '../http/headers.ts'
import { allowInsecureRequests, type HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { checkProtocol } from '../metadata/endpoint.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_DISCOVERY, RFC_8414 } from '../rules/specifications.ts'
import { trace, type TraceOptions } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { isText } from '../values/text.ts'
import { parseUrl } from '../values/url.ts'

/**
 * Metadata are answered with status 200.
 *
 * Remedy: open the URL in the error's `endpoint`; see that the issuer is right, and try the other `algorithm`.
 */
export const DISCOVERY_STATUS: Rule = rule('discovery.status', RFC_8414, '3.2', RESPONSE_IS_NOT_CONFORM)

/**
 * Metadata name their issuer, by a URL.
 *
 * Remedy: report it to the server's operator.
 */
export const DISCOVERY_ISSUER_PRESENT: Rule = rule('discovery.issuer-form', OIDC_DISCOVERY, '3', INVALID_RESPONSE)

/**
 * Metadata are those of the issuer that was asked for.
 *
 * Remedy: ask for the issuer that the server calls itself by, where you trust it: `actual` of the error.
 */
export const DISCOVERY_ISSUER: Rule = rule('discovery.issuer', OIDC_DISCOVERY, '4.3', JSON_ATTRIBUTE_COMPARISON)

/** Options of {@link discoveryRequest}. */
export interface DiscoveryRequestOptions extends HttpRequestOptions<'GET'> {
  /**
   * Where the metadata are: `oidc`, behind the issuer (OpenID Connect Discovery 1.0, section 4), or `oauth2`, with the
   * issuer's path behind the well-known part (RFC 8414, section 3). Default `oidc`.
   */
  algorithm?: 'oidc' | 'oauth2'
}

/**
 * Asks an authorization server for its metadata.
 *
 * @param issuerIdentifier The issuer, with its path where it has one.
 * @param options `algorithm`, headers, signal, `customFetch`.
 * @returns The answer, for {@link processDiscoveryResponse}.
 * @throws {OperationProcessingError} `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: the issuer is no
 *   `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see OpenID Connect Discovery 1.0, section 4.1; RFC 8414, section 3.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const issuer = new URL('https://op.example.com')
 * const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer))
 * ```
 */
export async function discoveryRequest(issuerIdentifier: URL, options?: DiscoveryRequestOptions): Promise<Response> {
  assertTagged(issuerIdentifier, 'URL', 'issuerIdentifier')
  checkProtocol(issuerIdentifier, options?.[allowInsecureRequests] !== true, options?.[trace])
  const url = wellKnownUrl(issuerIdentifier, options?.algorithm)
  return send(url, 'GET', requestHeaders(options?.headers, 'application/json'), undefined, options ?? {})
}

function wellKnownUrl(issuer: URL, algorithm: unknown = 'oidc'): URL {
  const url = new URL(issuer)
  const path = url.pathname.replace(/\/$/, '')
  switch (algorithm) {
    case 'oidc':
      url.pathname = `${path}/.well-known/openid-configuration`
      return url
    case 'oauth2':
      url.pathname = `/.well-known/oauth-authorization-server${path}`
      return url
    default:
      throw invalidArgument('"options.algorithm" must be "oidc" or "oauth2"', 'ERR_INVALID_ARG_VALUE')
  }
}

/**
 * Validates a server's metadata: that they are those of the issuer that was asked for. Their other members are passed on
 * as they came; each is looked at when it is used.
 *
 * @param expectedIssuerIdentifier The issuer that was asked for.
 * @param response What {@link discoveryRequest} resolved with.
 * @param options A `trace`.
 * @returns The metadata, for all other functions. Keep the very object: the server's keys are kept with it.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is no metadata; `OAUTH_INVALID_RESPONSE`: no `issuer`;
 *   `OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED`: another issuer's.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see OpenID Connect Discovery 1.0, section 4.3; RFC 8414, section 3.3
 */
export async function processDiscoveryResponse(
  expectedIssuerIdentifier: URL,
  response: Response,
  options?: TraceOptions,
): Promise<AuthorizationServer> {
  assertTagged(expectedIssuerIdentifier, 'URL', 'expectedIssuerIdentifier')
  assertResponse(response)
  const context: Context = { trace: options?.[trace], response }
  check(context, DISCOVERY_STATUS, response.status === 200, 200, response.status)
  const body = await readJsonObject(context, response)
  const about: Context = { ...context, document: { kind: 'body', value: body } }
  const { issuer } = body
  const url = isText(issuer) ? parseUrl(issuer) : undefined
  check(about, DISCOVERY_ISSUER_PRESENT, url !== undefined, 'a URL', describe(issuer))
  check(about, DISCOVERY_ISSUER, url.href === expectedIssuerIdentifier.href, expectedIssuerIdentifier.href, issuer)
  // issuer, the one member that the type demands, was looked at
  return body as JsonObject & AuthorizationServer
}
