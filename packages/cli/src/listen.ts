import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Identity } from './tls/certificates.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

export interface LoopbackServer {
  /** Scheme, address and port, without a trailing slash. */
  readonly origin: string
  readonly answerWith: (listener: Listener) => void
  /** Stops listening and ends every open connection. */
  readonly close: () => Promise<void>
}

/**
 * Listens on a free loopback port, before it is known what answers there: an issuer's identifier holds its port.
 *
 * This is the one place that makes a server.
 *
 * @param identity Makes it one that speaks TLS, as `localhost`.
 */
export async function listen(identity?: Identity): Promise<LoopbackServer> {
  const server = identity ? createSecureServer(identity) : createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('the server listens on no port')
  }
  const { port } = address
  return {
    origin: identity ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    answerWith(listener) {
      server.on('request', (request, response) => void listener(request, response))
    },
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      })
    },
  }
}
