// A client that proves itself by the certificate of its connection, and gets a token that is bound to it (RFC 8705).
import * as countersign from 'countersign'
import { type Certificates, fetchBy, withClientCertificate } from './undici-fetch.ts'

export interface Context {
  readonly issuer: URL
  /** With `use_mtls_endpoint_aliases`, where the server has endpoints that ask for a certificate (§5). */
  readonly client: countersign.Client
  readonly certificates: Certificates
}

export async function run({ issuer, client, certificates }: Context, scope: string): Promise<string> {
  const options = { [countersign.customFetch]: fetchBy(withClientCertificate(certificates)) }
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
  const clientAuth = countersign.TlsClientAuth()
  const response = await countersign.clientCredentialsGrantRequest(as, client, clientAuth, { scope }, options)
  const { access_token } = await countersign.processClientCredentialsResponse(as, client, response)
  // calls with it go through the same options: an API compares the certificate with the one of the token
  return access_token
}
