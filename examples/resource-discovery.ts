// A client that knows an API, and finds out from it which authorization server gives tokens for it (RFC 9728).
import * as countersign from 'countersign'

export interface Context {
  readonly api: URL
  /** An API can name any server: the client decides whom it shows its credentials, and sends a person to. */
  readonly trusted: readonly string[]
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export async function run({ api, trusted, options }: Context): Promise<countersign.AuthorizationServer> {
  const resource = new URL(api.origin)
  const answer = await countersign.resourceDiscoveryRequest(resource, options)
  const { authorization_servers = [] } = await countersign.processResourceDiscoveryResponse(resource, answer)
  const known = authorization_servers.find((server) => trusted.includes(server))
  if (known === undefined) throw new Error('the API trusts none of the servers that we trust')

  const issuer = new URL(known)
  return await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
}
