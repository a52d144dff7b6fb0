import { allowInsecureRequests, type HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { type EndpointName, resolveEndpoint } from '../metadata/endpoint.ts'
import { trace } from '../rules/trace.ts'

/** The URL of an endpoint for this client and this request. */
export function endpointUrl(
  as: AuthorizationServer,
  client: Pick<Client, 'use_mtls_endpoint_aliases' | typeof trace>,
  endpoint: EndpointName,
  options: Pick<HttpRequestOptions<string>, typeof allowInsecureRequests>,
): URL {
  const enforceHttps = options[allowInsecureRequests] !== true
  return resolveEndpoint(as, endpoint, client.use_mtls_endpoint_aliases, enforceHttps, client[trace])
}
