// Runs the examples of the browser's flows, of other grants and of APIs against a real server, as examples.test.ts does
// those of CIBA.
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { TLSSocket } from 'node:tls'
import * as countersign from 'countersign'
import type { Configuration } from 'oidc-provider'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCertificateAuthority } from '@countersign/cli/tls'
import { generateClientKey } from '../interop/ciba/client-key.ts'
import { comeBack, comeBackWithForm } from '../interop/oauth/browser.ts'
import {
  createInteractiveProvider,
  REDIRECT_URI,
  type RunningProvider,
  startInteractiveProvider,
} from '../interop/oauth/interactive-provider.ts'
import { exchangeTokens, TOKEN_EXCHANGE } from '../interop/oauth/token-exchange.ts'
import * as authorizationCode from './authorization-code.ts'
import * as clientCredentials from './client-credentials.ts'
import * as encryptedIdToken from './encrypted-id-token.ts'
import * as formPost from './form-post.ts'
import * as hybrid from './hybrid.ts'
import * as introspection from './introspection.ts'
import * as jarm from './jarm.ts'
import * as jwksCache from './jwks-cache.ts'
import * as mutualTls from './mutual-tls.ts'
import * as protectedResource from './protected-resource.ts'
import * as pushedRequest from './pushed-request.ts'
import * as refresh from './refresh.ts'
import * as registration from './registration.ts'
import * as requestObject from './request-object.ts'
import * as resourceDiscovery from './resource-discovery.ts'
import * as resourceServer from './resource-server.ts'
import * as revocation from './revocation.ts'
import * as tokenExchange from './token-exchange.ts'

const options = { [countersign.allowInsecureRequests]: true }
const clientSecret = 'a-secret-of-the-tests-of-32-bytes'
const INITIAL_ACCESS_TOKEN = 'initial-access-token-of-the-tests'

let provider: RunningProvider
let as: countersign.AuthorizationServer
let signingKey: countersign.PrivateKey
let decryptionKey: countersign.CryptoKey
let stop: (() => unknown)[] = []

beforeAll(async () => {
  const signing = await generateClientKey('ES256')
  signingKey = signing.privateKey
  const algorithm = { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }
  const encryption = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt'])
  decryptionKey = encryption.privateKey
  const encryptionJwk = {
    ...(await crypto.subtle.exportKey('jwk', encryption.publicKey)),
    use: 'enc',
    kid: 'encryption',
  }
  delete encryptionJwk.key_ops
  provider = await startInteractiveProvider(configurationOf(signing.publicJwk, encryptionJwk), exchangeTokens)
  const issuer = new URL(provider.issuer)
  as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
})

afterAll(() => provider.close())

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(stop.map((end) => end()))
  stop = []
})

/** One server for all flows; each client is registered for what is unusual in one of them. */
function configurationOf(signingJwk: JsonWebKey, encryptionJwk: JsonWebKey): Configuration {
  const secret = { client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic' } as const
  return {
    clients: [
      { ...secret, client_id: 'shop', grant_types: ['authorization_code', 'refresh_token', TOKEN_EXCHANGE] },
      { ...secret, client_id: 'pushing', require_pushed_authorization_requests: true },
      { ...secret, client_id: 'signing', jwks: { keys: [signingJwk] }, require_signed_request_object: true },
      {
        ...secret,
        client_id: 'hybrid',
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code id_token'],
      },
      {
        ...secret,
        client_id: 'encrypted',
        jwks: { keys: [encryptionJwk] },
        id_token_encrypted_response_alg: 'RSA-OAEP-256',
        id_token_encrypted_response_enc: 'A256GCM',
      },
      {
        ...secret,
        client_id: 'service',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    responseTypes: ['code', 'code id_token'],
    rotateRefreshToken: true,
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      authorizationSigningAlgValues: ['ES256'],
      introspectionSigningAlgValues: ['ES256'],
      idTokenEncryptionAlgValues: ['RSA-OAEP-256'],
      idTokenEncryptionEncValues: ['A256GCM'],
    },
    features: {
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      encryption: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      jwtIntrospection: { enabled: true },
      jwtResponseModes: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      registration: { enabled: true, initialAccessToken: INITIAL_ACCESS_TOKEN },
      requestObjects: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => [],
        getResourceServerInfo: (_ctx, audience) => ({
          audience,
          scope: 'read write',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
      revocation: { enabled: true },
    },
  }
}

function contextOf(client_id: string): authorizationCode.Context {
  const client: countersign.Client = {
    client_id,
    id_token_signed_response_alg: 'ES256',
    authorization_signed_response_alg: 'ES256',
  }
  const clientAuth = countersign.ClientSecretBasic(clientSecret)
  return { as, client, clientAuth, redirectUri: REDIRECT_URI, options }
}

async function signIn(context = contextOf('shop'), more: Record<string, string> = {}) {
  const { parameters, session } = await authorizationCode.begin(context)
  for (const [name, value] of Object.entries(more)) parameters.set(name, value)
  const callback = await comeBack(authorizationCode.authorizationUrl(context, parameters))
  return await authorizationCode.finish(context, callback, session)
}

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' }

describe('in the browser', () => {
  const anna = { claims: { sub: 'anna' }, userInfo: { sub: 'anna', email: 'anna@example.com' } }

  it('authorization-code.ts signs in, with PKCE, the signature of the ID Token, and UserInfo', async () => {
    expect(await signIn()).toMatchObject(anna)
  })

  it("authorization-code.ts passes on the server's error when the person refuses (RFC 6749 4.1.2.1)", async () => {
    const context = contextOf('shop')
    const { parameters, session } = await authorizationCode.begin(context)
    const url = authorizationCode.authorizationUrl(context, parameters)
    const callback = await comeBack(url, { refused: true })
    await expect(authorizationCode.finish(context, callback, session)).rejects.toMatchObject({
      code: countersign.AUTHORIZATION_RESPONSE_ERROR,
      error: 'access_denied',
    })
  })

  it('pushed-request.ts signs in where the server takes pushed requests only (RFC 9126 5)', async () => {
    const context = contextOf('pushing')
    const { url, session } = await pushedRequest.beginPushed(context)
    expect([...url.searchParams.keys()]).toEqual(['client_id', 'request_uri'])
    expect(await authorizationCode.finish(context, await comeBack(url), session)).toMatchObject(anna)
  })

  it('request-object.ts signs in where the server takes signed requests only (RFC 9101 10.5)', async () => {
    const context = contextOf('signing')
    const { url, session } = await requestObject.beginSigned(context, signingKey)
    expect([...url.searchParams.keys()]).toEqual(['client_id', 'request'])
    expect(await authorizationCode.finish(context, await comeBack(url), session)).toMatchObject(anna)
  })

  it('jarm.ts signs in with a response that is a JWT (JARM 2.3.4)', async () => {
    const context = contextOf('shop')
    const { url, session } = await jarm.beginJarm(context)
    const callback = await comeBack(url)
    expect([...callback.searchParams.keys()]).toEqual(['response'])
    expect(await jarm.finishJarm(context, callback, session)).toMatchObject(anna)
  })

  it('form-post.ts signs in with a response that is a form (Form Post Response Mode 2)', async () => {
    const context = contextOf('shop')
    const { url, session } = await formPost.beginFormPost(context)
    expect(await formPost.finishFormPost(context, await comeBackWithForm(url), session)).toMatchObject(anna)
  })

  it('hybrid.ts signs in with an ID Token beside the code (OIDC Core 3.3)', async () => {
    const context = contextOf('hybrid')
    const { url, session } = await hybrid.beginHybrid(context)
    const posted = await comeBackWithForm(url)
    expect(await posted.clone().text()).toMatch(/(^|&)id_token=/)
    expect(await hybrid.finishHybrid(context, posted, session)).toMatchObject(anna)
  })

  it('encrypted-id-token.ts reads an ID Token that only this client can read (OIDC Core 10.2)', async () => {
    const context = contextOf('encrypted')
    const { parameters, session } = await authorizationCode.begin(context)
    const callback = await comeBack(authorizationCode.authorizationUrl(context, parameters))
    const answer = countersign.validateAuthResponse(as, context.client, callback, session.state)
    const { client, clientAuth, redirectUri } = context
    const response = await countersign.authorizationCodeGrantRequest(
      as,
      client,
      clientAuth,
      answer,
      redirectUri,
      session.codeVerifier,
      options,
    )
    expect(((await response.clone().json()) as { id_token: string }).id_token.split('.')).toHaveLength(5)
    expect(await encryptedIdToken.read(as, client, response, session.nonce, decryptionKey)).toMatchObject({
      sub: 'anna',
    })
  })
})

describe('as a new client', () => {
  it('registration.ts makes a client that signs in as it is (RFC 7591 3.2.1)', async () => {
    const context = { as, redirectUri: REDIRECT_URI, initialAccessToken: INITIAL_ACCESS_TOKEN, options }
    const { client, clientAuth } = await registration.register(context)
    expect(client).toMatchObject({ client_name: 'Shop', token_endpoint_auth_method: 'private_key_jwt' })
    const { claims } = await signIn({ as, client, clientAuth, redirectUri: REDIRECT_URI, options })
    expect(claims).toMatchObject({ sub: 'anna', aud: client.client_id })
  })
})

describe('with tokens that there are', () => {
  it('refresh.ts renews a token that has expired, once for all who ask (RFC 6749 6)', async () => {
    const { tokens, claims } = await signIn(contextOf('shop'), OFFLINE)
    const stored: string[] = []
    const store = (refreshToken: string): Promise<void> => Promise.resolve(void stored.push(refreshToken))
    const accessToken = refresh.accessTokens({ ...contextOf('shop'), store }, { tokens, sub: claims.sub })
    expect(await accessToken()).toBe(tokens.access_token)

    // the server's tokens are good for 60 seconds
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    const [renewed, same] = await Promise.all([accessToken(), accessToken()])
    expect(renewed).not.toBe(tokens.access_token)
    expect(same).toBe(renewed)
    expect(stored).toEqual([expect.not.stringContaining(String(tokens.refresh_token))])
  })

  it('token-exchange.ts gets a token for another API (RFC 8693 2)', async () => {
    const { tokens } = await signIn()
    const exchanged = await tokenExchange.exchangeToken(contextOf('shop'), tokens.access_token, 'https://api.example')
    expect(exchanged).not.toBe(tokens.access_token)
  })

  it.each([undefined, 'ES256'])(
    'introspection.ts tells whom a token is about; signed: %s (RFC 7662, 9701)',
    async (alg) => {
      const { tokens } = await signIn()
      const { client, ...others } = contextOf('shop')
      const signed = { ...others, client: { ...client, ...(alg && { introspection_signed_response_alg: alg }) } }
      expect(await introspection.subjectOf(signed, tokens.access_token, 'email')).toBe('anna')
      expect(await introspection.subjectOf(signed, tokens.access_token, 'write')).toBeUndefined()
      expect(await introspection.subjectOf(signed, 'unknown', 'email')).toBeUndefined()
    },
  )

  it.each([{}, OFFLINE])('revocation.ts ends what was signed in (RFC 7009 2) (%#)', async (more) => {
    const { tokens } = await signIn(contextOf('shop'), { scope: 'openid', ...more })
    const context = contextOf('shop')
    expect(await introspection.subjectOf(context, tokens.access_token, 'openid')).toBe('anna')
    await revocation.revoke(context, tokens)
    expect(await introspection.subjectOf(context, tokens.access_token, 'openid')).toBeUndefined()
  })
})

describe('at an API', () => {
  const RESOURCE = 'https://api.example'

  async function tokenFor(scope: string, DPoP?: countersign.DPoPHandle, resource = RESOURCE): Promise<string> {
    const { client, clientAuth } = contextOf('service')
    const withProof = { ...options, ...(DPoP && { DPoP }) }
    const response = await countersign.clientCredentialsGrantRequest(
      as,
      client,
      clientAuth,
      { scope, resource },
      withProof,
    )
    return (await countersign.processClientCredentialsResponse(as, client, response)).access_token
  }

  async function listen(server: Server): Promise<URL> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stop.push(() => server.close())
    // a server that listens on a port has an address with one
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }

  /** The API of resource-server.ts, on loopback. */
  async function serve(): Promise<URL> {
    const server = createServer()
    const resource = await listen(server)
    server.on('request', resourceServer.serve({ as, resource, options }))
    return new URL('/orders', resource)
  }

  it('resource-server.ts answers client-credentials.ts, and asks others for a token (RFC 6750 3, RFC 9728 5.1)', async () => {
    const api = await serve()
    const response = await clientCredentials.callApi(contextOf('service'), api, 'read')
    expect(await response.json()).toEqual({ orders: [], for: 'service' })

    const metadata = `resource_metadata="${api.origin}/.well-known/oauth-protected-resource"`
    const challenges = async (authorization?: string): Promise<[number, string | null]> => {
      const answer = await fetch(api, { headers: authorization === undefined ? {} : { authorization } })
      return [answer.status, answer.headers.get('www-authenticate')]
    }
    expect(await challenges()).toEqual([401, `Bearer ${metadata}, DPoP ${metadata}`])
    const invalid = `${metadata}, error="invalid_token"`
    expect(await challenges('Bearer wrong')).toEqual([401, `Bearer ${invalid}, DPoP ${invalid}`])
    expect(await challenges('Basic c2hvcDpzZWNyZXQ=')).toEqual([401, `Bearer ${metadata}, DPoP ${metadata}`])
    const narrow = `Bearer ${await tokenFor('write', undefined, api.origin)}`
    const insufficient = `${metadata}, error="insufficient_scope"`
    expect(await challenges(narrow)).toEqual([403, `Bearer ${insufficient}, DPoP ${insufficient}`])
  })

  it('resource-server.ts blames no request for keys that it cannot fetch', async () => {
    const server = createServer()
    const resource = await listen(server)
    server.on('request', resourceServer.serve({ as: { ...as, jwks_uri: `${as.issuer}/nothing` }, resource, options }))
    vi.spyOn(console, 'error').mockReturnValue()
    const authorization = `Bearer ${await tokenFor('read', undefined, resource.origin)}`
    expect((await fetch(resource, { headers: { authorization } })).status).toBe(500)
    vi.restoreAllMocks()
  })

  it('protected-resource.ts calls resource-server.ts with a bound token, and again with a nonce (RFC 9449 7, 9)', async () => {
    const api = await serve()
    const DPoP = countersign.DPoP({}, await countersign.generateKeyPair('ES256'))
    const accessToken = await tokenFor('read', DPoP, api.origin)
    const order = { item: 'a book' }
    const answer = { orders: [], for: 'service' }
    expect(await protectedResource.post({ accessToken, DPoP, options }, api, order)).toEqual(answer)

    // an API that wants its nonce in front of it
    const sent: (string | null)[] = []
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const { headers } = new Request(input, init)
      sent.push(headers.get('dpop'))
      const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'nonce-of-the-api' }
      return sent.length === 1 ? new Response(null, { status: 401, headers: challenge }) : Response.json(answer)
    })
    expect(await protectedResource.post({ accessToken, DPoP, options }, api, order)).toEqual(answer)
    vi.restoreAllMocks()
    const claims = sent.map(
      (proof) => JSON.parse(Buffer.from(proof?.split('.')[1] ?? '', 'base64url').toString()) as object,
    )
    expect(claims).toEqual([
      expect.not.objectContaining({ nonce: 'nonce-of-the-api' }),
      expect.objectContaining({ nonce: 'nonce-of-the-api' }),
    ])
  })

  it('resource-discovery.ts finds the server of resource-server.ts, if it is one of ours (RFC 9728 3)', async () => {
    const api = await serve()
    const found = await resourceDiscovery.run({ api, trusted: [as.issuer], options })
    expect(found).toEqual(as)
    const refused = resourceDiscovery.run({ api, trusted: ['https://op.example'], options })
    await expect(refused).rejects.toEqual(new Error('the API trusts none of the servers that we trust'))
  })

  it('jwks-cache.ts fetches the keys once for all its processes (OIDC Core 10.1.1)', async () => {
    const stored = new Map<string, string>()
    const store: jwksCache.KeyValueStore = {
      get: (name) => Promise.resolve(JSON.parse(stored.get(name) ?? 'null') as countersign.JWKSCacheInput | null),
      put: (name, value) => Promise.resolve(void stored.set(name, value)),
    }
    const fetched = vi.spyOn(globalThis, 'fetch')
    const authorization = `Bearer ${await tokenFor('read')}`
    fetched.mockClear()
    for (let process = 1; process <= 3; process++) {
      const request = new Request(`${RESOURCE}/orders`, { headers: { authorization } })
      // another object each time, as in a process that knows nothing yet
      const answer = await jwksCache.answer(request, { as: { ...as }, resource: RESOURCE, store, options })
      expect(await answer.json()).toEqual({ sub: 'service' })
    }
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([as.jwks_uri])
    vi.restoreAllMocks()
    const forged = new Request(`${RESOURCE}/orders`, { headers: { authorization: `${authorization}A` } })
    expect((await jwksCache.answer(forged, { as, resource: RESOURCE, store, options })).status).toBe(401)
  })

  it('mutual-tls.ts gets a token that is bound to its certificate (RFC 8705 2, 3)', async () => {
    const authority = await createCertificateAuthority('authority of the tests')
    const identity = await authority.issue('CN=localhost', 'localhost')
    const server = createTlsServer({ ...identity, ca: authority.certificate, requestCert: true })
    const issuer = `https://localhost:${(await listen(server)).port}`
    server.on('request', await createInteractiveProvider(issuer, mutualTlsConfiguration()))
    const certificates = { ca: authority.certificate, ...(await authority.issue('CN=shop')) }
    const context = { issuer: new URL(issuer), client: { client_id: 'shop' }, certificates }
    const token = await mutualTls.run(context, 'read')
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(claims).toMatchObject({ sub: 'shop', cnf: { 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) } })
  })

  function mutualTlsConfiguration(): Configuration {
    // the server of this test speaks TLS
    const certificateOf = (socket: unknown) => (socket as TLSSocket).getPeerX509Certificate()
    return {
      clientAuthMethods: ['tls_client_auth'],
      clients: [
        {
          client_id: 'shop',
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
          token_endpoint_auth_method: 'tls_client_auth',
          tls_client_auth_subject_dn: 'CN=shop',
          tls_client_certificate_bound_access_tokens: true,
        },
      ],
      features: {
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => RESOURCE,
          getResourceServerInfo: (_ctx, audience) => ({
            audience,
            scope: 'read',
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
        mTLS: {
          enabled: true,
          tlsClientAuth: true,
          certificateBoundAccessTokens: true,
          getCertificate: (ctx) => certificateOf(ctx.socket),
          certificateAuthorized: () => true,
          certificateSubjectMatches: (ctx, _property, expected) => certificateOf(ctx.socket)?.subject === expected,
        },
      },
    }
  }
})
