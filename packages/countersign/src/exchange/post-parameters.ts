import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { DPoPRequestOptions } from '../dpop/handle.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { EndpointName } from '../metadata/endpoint.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { authenticatedPost } from './authenticated-post.ts'
import { endpointUrl } from './endpoint.ts'

/**
 * Posts a caller's parameters to an endpoint that starts something for this client: an authentication, an
 * authorization. The client is named in the body whatever the method of its authentication.
 */
export async function postParameters(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  endpoint: EndpointName,
  parameters: URLSearchParams | Record<string, string> | string[][],
  options: (HttpRequestOptions<'POST', URLSearchParams> & DPoPRequestOptions) | undefined,
  withProof: boolean,
): Promise<Response> {
  assertServer(as)
  assertClient(client)
  const url = endpointUrl(as, client, endpoint, options ?? {})
  const body = new URLSearchParams(parameters)
  body.set('client_id', client.client_id)
  return await authenticatedPost(
    as,
    client,
    clientAuthentication,
    url,
    body,
    options ?? {},
    'application/json',
    withProof,
  )
}
