// The client's side of ping and push: an endpoint that keeps what it is sent and answers 204.
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import { close, portOf } from '../ciba/bare-provider.ts'
import { createCertificateAuthority } from '@countersign/cli/tls'

export interface Notification {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface NotificationEndpoint {
  readonly url: string
  /** What came while somebody acted, in the order in which it came. */
  during(act: () => Promise<void>): Promise<readonly Notification[]>
  close(): Promise<void>
}

export async function startNotificationEndpoint(): Promise<NotificationEndpoint> {
  let received: Notification[] = []
  const authority = await createCertificateAuthority('authority that nobody trusts')
  const server = createServer(await authority.issue('CN=localhost', 'localhost'), (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(204).end()
    })
  })
  const url = `https://localhost:${await portOf(server)}/notifications`
  return {
    url,
    async during(act) {
      received = []
      await act()
      return received
    },
    close: () => close(server),
  }
}
