import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { assertString } from '../errors/invalid-argument.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { EndpointName } from '../metadata/endpoint.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { authenticatedPost } from './authenticated-post.ts'
import { endpointUrl } from './endpoint.ts'

/** Options of the requests about one token. */
interface TokenOptions extends HttpRequestOptions<'POST', URLSearchParams> {
  additionalParameters?: URLSearchParams | Record<string, string> | string[][]
}

/** Posts a token to an endpoint that does something about it. */
export async function postToken(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  endpoint: EndpointName,
  token: string,
  options: TokenOptions | undefined,
  accept: string | null,
): Promise<Response> {
  assertServer(as)
  assertClient(client)
  assertString(token, 'token')
  const url = endpointUrl(as, client, endpoint, options ?? {})
  const body = new URLSearchParams(options?.additionalParameters)
  body.set('token', token)
  return await authenticatedPost(as, client, clientAuthentication, url, body, options ?? {}, accept, false)
}
