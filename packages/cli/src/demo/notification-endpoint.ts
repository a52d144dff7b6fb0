import { createRequestListener } from '@remix-run/node-fetch-server'
import { listen } from '../listen.ts'
import { createCertificateAuthority, fetchTrusting, type TrustingFetch } from '../tls/index.ts'

/** Where the server calls the client in ping and push mode. */
export interface NotificationEndpoint {
  /** `backchannel_client_notification_endpoint`, by TLS (CIBA Core §4, §9). */
  readonly url: string
  /** Calls it as one who trusts its certificate, which nobody else does. */
  readonly fetch: typeof fetch
  answerWith(handler: (request: Request) => Promise<Response>): void
  close(): Promise<void>
}

/** Listens on loopback, with a certificate that an authority issues which is made for this run. */
export async function openNotificationEndpoint(): Promise<NotificationEndpoint> {
  const authority = await createCertificateAuthority('countersign demo')
  const server = await listen(await authority.issue('CN=localhost', 'localhost'))
  const trusting: TrustingFetch = fetchTrusting(authority.certificate)
  return {
    url: `${server.origin}/notifications`,
    fetch: trusting.fetch,
    answerWith: (handler) => server.answerWith(createRequestListener(handler)),
    async close() {
      await trusting.close()
      await server.close()
    },
  }
}
