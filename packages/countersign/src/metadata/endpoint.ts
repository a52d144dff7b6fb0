import {
  HTTP_REQUEST_FORBIDDEN,
  INVALID_SERVER_METADATA,
  MISSING_SERVER_METADATA,
  REQUEST_PROTOCOL_FORBIDDEN,
} from '../errors/codes.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_6749, RFC_8414, RFC_8705, RFC_9110 } from '../rules/specifications.ts'
import type { Trace } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import { parseUrl } from '../values/url.ts'
import type { AuthorizationServer } from './authorization-server.ts'

/**
 * The server's metadata name the endpoint that the operation needs.
 *
 * Remedy: use metadata from discovery, or write the endpoint into them; a server without it cannot do the operation.
 */
export const ENDPOINT_PRESENT: Rule = rule('server-metadata.endpoint', RFC_8414, '2', MISSING_SERVER_METADATA)

/**
 * The endpoint in the server's metadata is an absolute URL.
 *
 * Remedy: correct the metadata; an endpoint is written with its scheme and host.
 */
export const ENDPOINT_URL: Rule = rule('server-metadata.endpoint-url', RFC_8414, '2', INVALID_SERVER_METADATA)

/**
 * The server's mTLS endpoint aliases, where they are wanted, are an object.
 *
 * Remedy: correct the metadata, or leave `mtls_endpoint_aliases` out of them.
 */
export const ENDPOINT_ALIASES: Rule = rule(
  'server-metadata.mtls_endpoint_aliases',
  RFC_8705,
  '5',
  INVALID_SERVER_METADATA,
)

/**
 * A request leaves by HTTP.
 *
 * Remedy: correct the URL; only `https:` (and in development `http:`) can be requested.
 */
export const REQUEST_HTTP: Rule = rule('request.scheme', RFC_9110, '4.2', REQUEST_PROTOCOL_FORBIDDEN)

/**
 * A request leaves over TLS.
 *
 * Remedy: use the `https:` URL. Against a server of your own on this machine, `allowInsecureRequests` lifts the rule.
 */
export const REQUEST_TLS: Rule = rule('request.tls', RFC_6749, '1.6', HTTP_REQUEST_FORBIDDEN)

/** The URLs in a server's metadata that requests are sent to. */
export type EndpointName =
  | 'backchannel_authentication_endpoint'
  | 'device_authorization_endpoint'
  | 'introspection_endpoint'
  | 'jwks_uri'
  | 'pushed_authorization_request_endpoint'
  | 'registration_endpoint'
  | 'revocation_endpoint'
  | 'token_endpoint'
  | 'userinfo_endpoint'

/**
 * Refuses URLs that no request may go to.
 *
 * @internal
 */
export function checkProtocol(url: URL, enforceHttps: boolean | undefined, trace?: Trace): void {
  const context = { trace, cause: url }
  const secure = url.protocol === 'https:'
  check(context, REQUEST_TLS, secure || !enforceHttps, enforceHttps ? 'https:' : 'any protocol', url.protocol)
  check(context, REQUEST_HTTP, secure || url.protocol === 'http:', 'http: or https:', url.protocol)
}

/**
 * The URL of an endpoint: its mTLS alias where one is published and wanted.
 *
 * @internal
 */
export function resolveEndpoint(
  as: AuthorizationServer,
  endpoint: EndpointName,
  useMtlsAlias: boolean | undefined,
  enforceHttps: boolean | undefined,
  trace?: Trace,
): URL {
  const aliases = useMtlsAlias ? aliasesOf(as, trace) : {}
  const value: unknown = Object.hasOwn(aliases, endpoint) ? Reflect.get(aliases, endpoint) : as[endpoint]
  const context = { trace, cause: { attribute: useMtlsAlias ? `mtls_endpoint_aliases.${endpoint}` : endpoint } }
  check(context, ENDPOINT_PRESENT, value !== undefined, endpoint, 'missing')
  const url = typeof value === 'string' ? parseUrl(value) : undefined
  check(context, ENDPOINT_URL, url !== undefined, `${endpoint} as an absolute URL`, describe(value))
  checkProtocol(url, enforceHttps, trace)
  return url
}

function aliasesOf({ mtls_endpoint_aliases: aliases }: AuthorizationServer, trace: Trace | undefined): object {
  // against the declared type: what a server publishes has not been looked at before, and says nothing where it is empty
  if (!aliases) return {}
  const context = { trace, cause: { attribute: 'mtls_endpoint_aliases' } }
  check(context, ENDPOINT_ALIASES, Object(aliases) === aliases, 'an object', describe(aliases))
  return aliases
}
