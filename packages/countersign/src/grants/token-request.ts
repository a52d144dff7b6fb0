import type { ClientAuth } from '../client-authentication/client-auth.ts'
import type { DPoPRequestOptions } from '../dpop/handle.ts'
import { authenticatedPost } from '../exchange/authenticated-post.ts'
import { endpointUrl } from '../exchange/endpoint.ts'
import { assertString } from '../errors/invalid-argument.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'

/** Options of the requests to the token endpoint. */
export interface TokenEndpointRequestOptions extends HttpRequestOptions<'POST', URLSearchParams>, DPoPRequestOptions {
  /** Parameters to send beside those of the grant, which they cannot replace. */
  additionalParameters?: URLSearchParams | Record<string, string> | string[][]
}

/**
 * Posts a grant to the token endpoint.
 *
 * @param parameters What the grant cannot do without, each not empty; they win over additional parameters.
 */
export async function tokenRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  grantType: string,
  parameters: Record<string, string>,
  options: TokenEndpointRequestOptions | undefined,
): Promise<Response> {
  assertServer(as)
  assertClient(client)
  for (const [name, value] of Object.entries(parameters)) assertString(value, name)
  const body = new URLSearchParams(options?.additionalParameters)
  for (const [name, value] of Object.entries(parameters)) body.set(name, value)
  body.set('grant_type', grantType)
  const url = endpointUrl(as, client, 'token_endpoint', options ?? {})
  return await authenticatedPost(as, client, clientAuthentication, url, body, options ?? {})
}
