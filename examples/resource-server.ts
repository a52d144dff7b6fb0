// An API on node:http that validates its access tokens: JWTs (RFC 9068), as bearer tokens or bound to a key (DPoP).
import type { RequestListener } from 'node:http'
import * as countersign from 'countersign'
import { listenerOf } from './node-http.ts'

export interface Context {
  /** The server whose tokens are taken; kept, since its keys are kept with it. */
  readonly as: countersign.AuthorizationServer
  /** What `aud` of a token must be. A proof is for the URL that the client sees: behind a proxy, that is the proxy's. */
  readonly resource: URL
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** For `createServer()` of node:http. */
export function serve(context: Context): RequestListener {
  return listenerOf((request) => answer(context, request))
}

async function answer({ as, resource, options }: Context, received: Request): Promise<Response> {
  const { pathname, search } = new URL(received.url)
  // what came says the path, and nothing of the host
  const url = Object.assign(new URL(resource), { pathname, search })
  if (pathname === METADATA) return Response.json(describe(as, resource))
  const request = new Request(url, { method: received.method, headers: received.headers })
  try {
    const claims = await countersign.validateJwtAccessToken(as, request, resource.origin, options)
    if (!claims.scope?.split(' ').includes('read')) return challenge(resource, 403, 'insufficient_scope')
    return Response.json({ orders: [], for: claims.sub })
  } catch (error) {
    if (!isRefusal(error)) throw error
    return challenge(resource, 401, WITHOUT_TOKEN.includes(error.rule) ? undefined : 'invalid_token')
  }
}

/** RFC 6750 §3.1: who sent no token is told of no error. */
const WITHOUT_TOKEN: readonly unknown[] = ['resource-request.authorization', 'resource-request.authorization-scheme']

/** What has a `status` is about an answer, the one with the server's keys, and no fault of the request. */
function isRefusal(error: unknown): error is countersign.Evidence {
  const refused =
    error instanceof countersign.OperationProcessingError || error instanceof countersign.UnsupportedOperationError
  return refused && error.status === undefined
}

/** RFC 9728 §3: where clients find out which server to ask for a token. */
const METADATA = '/.well-known/oauth-protected-resource'

function describe({ issuer }: countersign.AuthorizationServer, { origin }: URL): countersign.ResourceServer {
  return { resource: origin, authorization_servers: [issuer], scopes_supported: ['read'] }
}

function challenge({ origin }: URL, status: number, error?: string): Response {
  const parameters = [`resource_metadata="${origin}${METADATA}"`, ...(error === undefined ? [] : [`error="${error}"`])]
  const headers = new Headers()
  for (const scheme of ['Bearer', 'DPoP']) headers.append('www-authenticate', `${scheme} ${parameters.join(', ')}`)
  return new Response(null, { status, headers })
}
