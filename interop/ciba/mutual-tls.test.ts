import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customFetch, TlsClientAuth } from 'countersign'
import { type BareProvider, close, createBareProvider, portOf } from './bare-provider.ts'
import { type CertificateAuthority, createCertificateAuthority, type Identity } from './certificates.ts'
import { forFetch } from './outgoing.ts'
import { expectChallenge, expectErrorAnswer } from './refusal.ts'
import { authenticate, discover, poll, type Relationship, type SignedIn, userInfo } from './relationship.ts'

const SUBJECT = 'CN=shop'

describe('mutual TLS (RFC 8705)', () => {
  let ca: CertificateAuthority
  let provider: BareProvider
  let issuer: string
  let aliases: string
  let stop: () => Promise<unknown>

  beforeAll(async () => {
    ca = await createCertificateAuthority('authority of the tests')
    const server = await ca.issue('CN=localhost', 'localhost')
    const ordinary = createServer(server)
    const mutual = createServer({ ...server, ca: ca.certificate, requestCert: true, rejectUnauthorized: false })
    issuer = `https://localhost:${await portOf(ordinary)}`
    aliases = `https://localhost:${await portOf(mutual)}`
    stop = () => Promise.all([close(ordinary), close(mutual)])

    provider = await createBareProvider(issuer, {
      clientAuthMethods: ['tls_client_auth'],
      clients: [
        {
          client_id: 'shop',
          token_endpoint_auth_method: 'tls_client_auth',
          tls_client_auth_subject_dn: SUBJECT,
          tls_client_certificate_bound_access_tokens: true,
        },
      ],
      features: {
        mTLS: {
          enabled: true,
          tlsClientAuth: true,
          certificateBoundAccessTokens: true,
          getCertificate: (ctx) => tls(ctx.socket).getPeerX509Certificate(),
          certificateAuthorized: (ctx) => tls(ctx.socket).authorized,
          certificateSubjectMatches: (ctx, _property, expected) =>
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
    })
    ordinary.on('request', provider.answer)
    mutual.on('request', provider.answer)
  })

  afterAll(() => stop())

  /** The client, with this certificate to show to a server that asks for one. */
  async function shopWith({ cert, key }: Identity, sent: string[] = []): Promise<Relationship> {
    const dispatcher = new Agent({ connect: { ca: ca.certificate, cert, key } })
    const transport: Relationship['transport'] = {
      async [customFetch](url, init) {
        sent.push(url)
        // undici's declarations differ from the DOM's in names only
        return (await undiciFetch(url, { ...forFetch(init), dispatcher })) as unknown as Response
      },
    }
    return {
      as: await discover(issuer, transport),
      client: { client_id: 'shop', id_token_signed_response_alg: 'ES256', use_mtls_endpoint_aliases: true },
      authentication: TlsClientAuth(),
      transport,
    }
  }

  async function signIn(relationship: Relationship): Promise<SignedIn> {
    const { auth_req_id } = await authenticate(relationship)
    await provider.approve(auth_req_id)
    return await poll(relationship, auth_req_id)
  }

  it('signs in with a certificate, at the aliases, and uses the token that is bound to it (2.1, 3, 5)', async () => {
    const sent: string[] = []
    const shop = await shopWith(await ca.issue(SUBJECT), sent)
    const signedIn = await signIn(shop)
    expect(signedIn.claims).toMatchObject({ iss: issuer, sub: 'anna', aud: 'shop' })
    expect(signedIn.tokens.token_type).toBe('bearer')
    expect(await userInfo(shop, signedIn)).toEqual({ sub: 'anna' })
    expect(sent).toEqual([
      `${issuer}/.well-known/openid-configuration`,
      `${aliases}/backchannel`,
      `${aliases}/token`,
      `${issuer}/jwks`,
      `${aliases}/me`,
    ])
  })

  it("is refused with the access token of another's certificate (3)", async () => {
    const signedIn = await signIn(await shopWith(await ca.issue(SUBJECT)))
    const thief = await shopWith(await ca.issue('CN=thief'))
    await expectChallenge(userInfo(thief, signedIn), 'bearer', 'invalid_token')
  })

  it('is refused at the ordinary endpoints, which ask for no certificate (5)', async () => {
    const shop = await shopWith(await ca.issue(SUBJECT))
    const ordinary = { ...shop, client: { ...shop.client, use_mtls_endpoint_aliases: false } }
    await expectErrorAnswer(authenticate(ordinary), 'invalid_client', 401)
  })

  it('is refused with a certificate for another subject (2.1)', async () => {
    await expectErrorAnswer(authenticate(await shopWith(await ca.issue('CN=somebody'))), 'invalid_client', 401)
  })

  it('is refused with a certificate of an authority that the server does not trust (2.1)', async () => {
    const stranger = await createCertificateAuthority('another authority')
    await expectErrorAnswer(authenticate(await shopWith(await stranger.issue(SUBJECT))), 'invalid_client', 401)
  })
})

/** Both servers of this test speak TLS. */
function tls(socket: unknown): TLSSocket {
  return socket as TLSSocket
}
