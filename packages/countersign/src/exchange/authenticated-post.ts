import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { type DPoPRequestOptions, proverOf } from '../dpop/handle.ts'
import { send } from '../http/fetch.ts'
import { requestHeaders } from '../http/headers.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'

/**
 * Posts a form to an endpoint of the server, as a client that proves who it is, and which key it holds.
 *
 * @param withProof Whether `options.DPoP` counts: only what is bound to a key, a token or a code, is asked for with a proof
 *   (RFC 9449 §5 and §10.1). Callers share one options object between endpoints.
 */
export async function authenticatedPost(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  url: URL,
  body: URLSearchParams,
  options: HttpRequestOptions<'POST', URLSearchParams> & DPoPRequestOptions,
  accept: string | null = 'application/json',
  withProof = true,
): Promise<Response> {
  const prover = withProof ? proverOf(options) : undefined
  const headers = requestHeaders(options.headers, accept)
  await prover?.setProof(headers, { url, method: 'POST' })
  await clientAuthentication(as, client, body, headers)
  headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
  const response = await send(url, 'POST', headers, body, options)
  prover?.learnNonce(url, response)
  return response
}
