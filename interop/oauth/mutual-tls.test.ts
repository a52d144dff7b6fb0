import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientCredentialsGrantRequest,
  customFetch,
  introspectionRequest,
  processClientCredentialsResponse,
  processIntrospectionResponse,
  processPushedAuthorizationResponse,
  processRefreshTokenResponse,
  pushedAuthorizationRequest,
  refreshTokenGrantRequest,
  TlsClientAuth,
  UNSUPPORTED_OPERATION,
  UnsupportedOperationError,
  validateAuthResponse,
  validateJwtAccessToken,
} from 'countersign'
import { close, portOf } from '../ciba/bare-provider.ts'
import { type CertificateAuthority, createCertificateAuthority, type Identity } from '@countersign/cli/tls'
import { forFetch } from '../ciba/outgoing.ts'
import { expectChallenge, expectErrorAnswer } from '../ciba/refusal.ts'
import { discover, type Relationship, userInfo } from '../ciba/relationship.ts'
import { comeBack, type Get } from './browser.ts'
import { authorizationUrl, begin, exchange, signIn, withClient } from './code-flow.ts'
import { createInteractiveProvider } from './interactive-provider.ts'

const SUBJECT = 'CN=shop'
const API = 'https://api.example'
const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' }

describe('authorization code with mutual TLS (RFC 8705)', () => {
  let ca: CertificateAuthority
  let issuer: string
  let aliases: string
  let get: Get
  let stop: () => Promise<unknown>

  beforeAll(async () => {
    ca = await createCertificateAuthority('authority of the tests')
    const server = await ca.issue('CN=localhost', 'localhost')
    const ordinary = createServer(server)
    const mutual = createServer({ ...server, ca: ca.certificate, requestCert: true, rejectUnauthorized: false })
    issuer = `https://localhost:${await portOf(ordinary)}`
    aliases = `https://localhost:${await portOf(mutual)}`
    stop = () => Promise.all([close(ordinary), close(mutual)])
    get = fetchWith(new Agent({ connect: { ca: ca.certificate } }))

    const answer = await createInteractiveProvider(issuer, {
      clientAuthMethods: ['tls_client_auth'],
      clients: [
        {
          client_id: 'shop',
          grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
          token_endpoint_auth_method: 'tls_client_auth',
          tls_client_auth_subject_dn: SUBJECT,
          tls_client_certificate_bound_access_tokens: true,
        },
      ],
      features: {
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_ctx, audience) => ({
            audience,
            scope: 'read',
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
        introspection: { enabled: true, allowedPolicy: () => true },
        pushedAuthorizationRequests: { enabled: true },
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
          introspection_endpoint: `${aliases}/token/introspection`,
          pushed_authorization_request_endpoint: `${aliases}/request`,
          token_endpoint: `${aliases}/token`,
          userinfo_endpoint: `${aliases}/me`,
        },
      },
    })
    ordinary.on('request', answer)
    mutual.on('request', answer)
  })

  afterAll(() => stop())

  /** The client, with this certificate to show to a server that asks for one. */
  async function shopWith({ cert, key }: Identity, sent: string[] = []): Promise<Relationship> {
    const send = fetchWith(new Agent({ connect: { ca: ca.certificate, cert, key } }))
    const transport: Relationship['transport'] = {
      [customFetch](url, init) {
        sent.push(url)
        return send(url, forFetch(init))
      },
    }
    const client = { client_id: 'shop', id_token_signed_response_alg: 'ES256', use_mtls_endpoint_aliases: true }
    return { as: await discover(issuer, transport), client, authentication: TlsClientAuth(), transport }
  }

  it('pushes, exchanges, refreshes, introspects and uses at the aliases (2.1, 3, 5)', async () => {
    const sent: string[] = []
    const shop = await shopWith(await ca.issue(SUBJECT), sent)
    const { as, client, authentication, transport } = shop
    const begun = await begin(shop, OFFLINE)
    const pushed = await pushedAuthorizationRequest(as, client, authentication, begun.parameters, transport)
    const { request_uri } = await processPushedAuthorizationResponse(as, client, pushed)
    const callback = await comeBack(authorizationUrl(as, { client_id: 'shop', request_uri }), {}, get)
    const signedIn = await exchange(shop, begun, validateAuthResponse(as, client, callback, begun.state))
    expect(signedIn.claims).toMatchObject({ iss: issuer, sub: 'anna', aud: 'shop' })
    expect(await userInfo(shop, signedIn)).toEqual({ sub: 'anna' })

    const { access_token, refresh_token } = signedIn.tokens
    const asked = await introspectionRequest(as, client, authentication, access_token, transport)
    const { cnf } = await processIntrospectionResponse(as, client, asked)
    expect(cnf).toEqual({ 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) })
    const renewed = await refreshTokenGrantRequest(as, client, authentication, String(refresh_token), transport)
    expect((await processRefreshTokenResponse(as, client, renewed)).token_type).toBe('bearer')

    expect(sent).toEqual([
      `${issuer}/.well-known/openid-configuration`,
      `${aliases}/request`,
      `${aliases}/token`,
      `${issuer}/jwks`,
      `${aliases}/me`,
      `${aliases}/token/introspection`,
      `${aliases}/token`,
    ])
  })

  it('gets a JWT access token that validateJwtAccessToken leaves to others: it sees no certificates (3.1)', async () => {
    const { as, client, authentication, transport } = await shopWith(await ca.issue(SUBJECT))
    const granted = await clientCredentialsGrantRequest(as, client, authentication, { resource: API }, transport)
    const { access_token } = await processClientCredentialsResponse(as, client, granted)
    const request = new Request(API, { headers: { authorization: `Bearer ${access_token}` } })
    const attempt = validateJwtAccessToken(as, request, API)
    await expect(attempt).rejects.toBeInstanceOf(UnsupportedOperationError)
    await expect(attempt).rejects.toMatchObject({ code: UNSUPPORTED_OPERATION })
  })

  it("is refused with the access token of another's certificate (3)", async () => {
    const signedIn = await signIn(await shopWith(await ca.issue(SUBJECT)), {}, { get })
    const thief = await shopWith(await ca.issue('CN=thief'))
    await expectChallenge(userInfo(thief, signedIn), 'bearer', 'invalid_token')
  })

  it('is refused at the ordinary token endpoint, which asks for no certificate (5)', async () => {
    const shop = withClient(await shopWith(await ca.issue(SUBJECT)), { use_mtls_endpoint_aliases: false })
    await expectErrorAnswer(signIn(shop, {}, { get }), 'invalid_client', 401)
  })

  it('is refused with a certificate for another subject (2.1)', async () => {
    const shop = await shopWith(await ca.issue('CN=somebody'))
    await expectErrorAnswer(signIn(shop, {}, { get }), 'invalid_client', 401)
  })
})

/** Both servers of this test speak TLS. */
function tls(socket: unknown): TLSSocket {
  return socket as TLSSocket
}

function fetchWith(dispatcher: Agent): Get {
  // undici's declarations differ from the DOM's in names only
  const send = undiciFetch as unknown as (url: string, init: RequestInit & { dispatcher: Agent }) => Promise<Response>
  return (url, init) => send(url, { ...init, dispatcher })
}
