import { INVALID_RESPONSE, JSON_ATTRIBUTE_COMPARISON, RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { invalidArgument } from '../errors/invalid-argument.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { BodySizeOptions } from '../metadata/body-size.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_DISCOVERY, RFC_8414 } from '../rules/specifications.ts'
import type { TraceOptions } from '../rules/trace.ts'
import type { JsonObject } from '../values/json.ts'
import { type _nodiscoverycheck, processMetadata, requestMetadata } from './metadata-document.ts'

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
  return await requestMetadata(
    issuerIdentifier,
    'issuerIdentifier',
    (url) => appendWellKnown(url, options?.algorithm),
    options,
  )
}

function appendWellKnown(url: URL, algorithm: unknown = 'oidc'): void {
  const path = url.pathname.replace(/\/$/, '')
  if (algorithm === 'oidc') url.pathname = `${path}/.well-known/openid-configuration`
  else if (algorithm === 'oauth2') url.pathname = `/.well-known/oauth-authorization-server${path}`
  else throw invalidArgument('"options.algorithm" must be "oidc" or "oauth2"', 'ERR_INVALID_ARG_VALUE')
}

/**
 * Validates a server's metadata: that they are those of the issuer that was asked for. Their other members are passed on
 * as they came; each is looked at when it is used.
 *
 * @param expectedIssuerIdentifier The issuer that was asked for.
 * @param response What {@link discoveryRequest} resolved with.
 * @param options A `trace`, `maxBodySize`.
 * @returns The metadata, for all other functions. Keep the very object: the server's keys are kept with it.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is no metadata; `OAUTH_INVALID_RESPONSE`: no `issuer`;
 *   `OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED`: another issuer's.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see OpenID Connect Discovery 1.0, section 4.3; RFC 8414, section 3.3
 */
export async function processDiscoveryResponse(
  expectedIssuerIdentifier: URL | typeof _nodiscoverycheck,
  response: Response,
  options?: TraceOptions & BodySizeOptions,
): Promise<AuthorizationServer> {
  const name = 'expectedIssuerIdentifier'
  const rules = { status: DISCOVERY_STATUS, form: DISCOVERY_ISSUER_PRESENT, value: DISCOVERY_ISSUER }
  const body = await processMetadata(expectedIssuerIdentifier, name, response, 'issuer', rules, options)
  // issuer, the one member that the type demands, was looked at
  return body as JsonObject & AuthorizationServer
}
