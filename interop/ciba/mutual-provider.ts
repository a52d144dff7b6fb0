// A provider that knows its client by a certificate, at endpoints of their own, which ask for one (RFC 8705).
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { ClientMetadata } from 'oidc-provider'
import { Agent, fetch as undiciFetch } from 'undici'
import { customFetch } from 'countersign'
import { type BareProvider, type CibaHandlers, close, createBareProvider, portOf } from './bare-provider.ts'
import { type CertificateAuthority, createCertificateAuthority, type Identity } from '@countersign/cli/tls'
import { forFetch } from './outgoing.ts'
import type { Transport } from './relationship.ts'

export interface MutualProvider {
  /** Issued the provider's certificate, and issues those that it trusts. */
  readonly ca: CertificateAuthority
  readonly provider: BareProvider
  readonly issuer: string
  /** The origin of the endpoints that ask for a certificate. */
  readonly aliases: string
  /** How requests leave with this certificate to show; their URLs are added to the list. */
  transportWith(identity: Identity, sent?: string[]): Transport
  stop(): Promise<unknown>
}

export async function startMutualProvider(client: ClientMetadata, ciba?: CibaHandlers): Promise<MutualProvider> {
  const ca = await createCertificateAuthority('authority of the tests')
  const server = await ca.issue('CN=localhost', 'localhost')
  const ordinary = createServer(server)
  const mutual = createServer({ ...server, ca: ca.certificate, requestCert: true, rejectUnauthorized: false })
  const issuer = `https://localhost:${await portOf(ordinary)}`
  const aliases = `https://localhost:${await portOf(mutual)}`
  const configuration = {
    clientAuthMethods: ['tls_client_auth' as const],
    clients: [client],
    features: {
      requestObjects: { enabled: true },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        certificateBoundAccessTokens: true,
        getCertificate: (ctx: { socket: unknown }) => tls(ctx.socket).getPeerX509Certificate(),
        certificateAuthorized: (ctx: { socket: unknown }) => tls(ctx.socket).authorized,
        certificateSubjectMatches: (ctx: { socket: unknown }, _property: string, expected: string) =>
          tls(ctx.socket).getPeerX509Certificate()?.subject === expected,
      },
    },
    discovery: {
      mtls_endpoint_aliases: {
        token_endpoint: `${aliases}/token`,
        backchannel_authentication_endpoint: `${aliases}/backchannel`,
        userinfo_endpoint: `${aliases}/me`,
      },
    },
  }
  const provider = await createBareProvider(issuer, configuration, ciba)
  ordinary.on('request', provider.answer)
  mutual.on('request', provider.answer)
  return {
    ca,
    provider,
    issuer,
    aliases,
    transportWith({ cert, key }, sent = []) {
      const dispatcher = new Agent({ connect: { ca: ca.certificate, cert, key } })
      return {
        async [customFetch](url, init) {
          sent.push(url)
          // undici's declarations differ from the DOM's in names only
          return (await undiciFetch(url, { ...forFetch(init), dispatcher })) as unknown as Response
        },
      }
    },
    stop: () => Promise.all([close(ordinary), close(mutual)]),
  }
}

/** Both servers speak TLS. */
function tls(socket: unknown): TLSSocket {
  return socket as TLSSocket
}
