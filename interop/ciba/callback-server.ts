// The client's notification endpoint, served by TLS as CIBA Core §9 demands, with a certificate of an authority of its own.
import { createServer } from 'node:https'
import { createCertificateAuthority, fetchTrusting } from '@countersign/cli/tls'
import { type Handler, listenerOf } from '../../examples/node-http.ts'
import { close, portOf } from './bare-provider.ts'

/** One callback, and how it was answered. */
export interface Exchange {
  readonly method: string
  readonly headers: Headers
  readonly status: number
}

export interface CallbackServer {
  readonly url: string
  /** The authority's certificate, in PEM. */
  readonly ca: string
  /** What came, in the order in which it was answered. */
  readonly exchanges: readonly Exchange[]
  /** Sends as one who trusts the authority. */
  readonly fetch: typeof fetch
  close(): Promise<void>
}

export async function serveCallbacks(handler: Handler): Promise<CallbackServer> {
  const authority = await createCertificateAuthority('authority of the client')
  const exchanges: Exchange[] = []
  const listener = listenerOf(async (request) => {
    const response = await handler(request)
    exchanges.push({ method: request.method, headers: request.headers, status: response.status })
    return response
  })
  const server = createServer(await authority.issue('CN=localhost', 'localhost'), listener)
  const url = `https://localhost:${await portOf(server)}/notifications`
  const trusting = fetchTrusting(authority.certificate)
  return {
    url,
    ca: authority.certificate,
    exchanges,
    fetch: trusting.fetch,
    async close() {
      await close(server)
      await trusting.close()
    },
  }
}
