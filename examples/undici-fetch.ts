// Requests through another fetch than the global one: through a proxy, with a private certificate authority, with a
// client certificate (mutual TLS, RFC 8705). undici's own fetch takes a dispatcher that knows all three.
import * as countersign from 'countersign'
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici'

export function throughProxy(proxy: URL): Dispatcher {
  return new ProxyAgent(proxy.href)
}

/** In PEM: the authority that issued the server's certificate, and this client's own certificate with its key. */
export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/**
 * For `TlsClientAuth`, and for access tokens that are bound to the certificate. Where the server publishes
 * `mtls_endpoint_aliases`, set `use_mtls_endpoint_aliases` in the client's metadata.
 */
export function withClientCertificate({ ca, cert, key }: Certificates): Dispatcher {
  return new Agent({ connect: { ca, cert, key } })
}

/** A `customFetch` for every function of the library that sends a request. */
export function fetchBy(dispatcher: Dispatcher) {
  return async (
    url: string,
    { body, ...rest }: countersign.CustomFetchOptions<string, URLSearchParams | undefined>,
  ): Promise<Response> => {
    const response = await fetch(url, { ...rest, body: body ?? null, dispatcher })
    // undici declares its Response in words of its own; it is the same standard's, and the library takes it as such
    return response as unknown as Response
  }
}

export interface Context {
  readonly issuer: URL
  readonly dispatcher: Dispatcher
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export async function run({ issuer, dispatcher, options }: Context): Promise<countersign.AuthorizationServer> {
  const response = await countersign.discoveryRequest(issuer, {
    ...options,
    [countersign.customFetch]: fetchBy(dispatcher),
  })
  return await countersign.processDiscoveryResponse(issuer, response)
}
