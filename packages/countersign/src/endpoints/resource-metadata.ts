import { JSON_ATTRIBUTE_COMPARISON, RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { BodySizeOptions } from '../metadata/body-size.ts'
import type { ResourceServer } from '../metadata/resource-server.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_9728 } from '../rules/specifications.ts'
import type { TraceOptions } from '../rules/trace.ts'
import type { JsonObject } from '../values/json.ts'
import { type _nodiscoverycheck, processMetadata, requestMetadata } from './metadata-document.ts'

/**
 * A resource's metadata are answered with status 200.
 *
 * Remedy: open the URL in the error's `endpoint`; see that the resource identifier is right.
 */
export const RESOURCE_STATUS: Rule = rule('resource-metadata.status', RFC_9728, '3.2', RESPONSE_IS_NOT_CONFORM)

/**
 * A resource's metadata name the resource, by a URL.
 *
 * Remedy: report it to the resource's operator.
 */
export const RESOURCE_PRESENT: Rule = rule('resource-metadata.resource-form', RFC_9728, '2')

/**
 * A resource's metadata are those of the resource that was asked for.
 *
 * Remedy: do not use them: a resource that describes another one may be out for its tokens.
 */
export const RESOURCE: Rule = rule('resource-metadata.resource', RFC_9728, '3.3', JSON_ATTRIBUTE_COMPARISON)

/**
 * Asks a protected resource for its metadata: which authorization servers it trusts, which scopes it knows.
 *
 * @param resourceIdentifier The resource identifier, with its path where it has one.
 * @param options Headers, signal, `customFetch`.
 * @returns The answer, for {@link processResourceDiscoveryResponse}.
 * @throws {OperationProcessingError} `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: the identifier
 *   is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 9728, section 3.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const resource = new URL('https://api.example.com')
 * const metadata = await countersign.processResourceDiscoveryResponse(
 *   resource,
 *   await countersign.resourceDiscoveryRequest(resource),
 * )
 * console.log(metadata.authorization_servers)
 * ```
 */
export async function resourceDiscoveryRequest(
  resourceIdentifier: URL,
  options?: HttpRequestOptions<'GET'>,
): Promise<Response> {
  return await requestMetadata(resourceIdentifier, 'resourceIdentifier', prependWellKnown, options)
}

function prependWellKnown(url: URL): void {
  url.pathname = `/.well-known/oauth-protected-resource${url.pathname === '/' ? '' : url.pathname}`
}

/**
 * Validates a protected resource's metadata: that they are those of the resource that was asked for. That an
 * authorization server among them is one to be trusted with a person's sign-in is for the caller to say.
 *
 * @param expectedResourceIdentifier The resource that was asked for, or that a request was refused by with a challenge
 *   that names its metadata (RFC 9728, section 5.1).
 * @param response What {@link resourceDiscoveryRequest} resolved with, or the answer of the URL in the challenge.
 * @param options A `trace`, `maxBodySize`.
 * @returns The metadata.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is no metadata; `OAUTH_INVALID_RESPONSE`: no `resource`;
 *   `OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED`: another resource's.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 9728, section 3.3
 */
export async function processResourceDiscoveryResponse(
  expectedResourceIdentifier: URL | typeof _nodiscoverycheck,
  response: Response,
  options?: TraceOptions & BodySizeOptions,
): Promise<ResourceServer> {
  const name = 'expectedResourceIdentifier'
  const rules = { status: RESOURCE_STATUS, form: RESOURCE_PRESENT, value: RESOURCE }
  const body = await processMetadata(expectedResourceIdentifier, name, response, 'resource', rules, options)
  // resource, the one member that the type demands, was looked at
  return body as JsonObject & ResourceServer
}
