// An oidc-provider with everything on that the program uses, for pages too: it answers requests from other origins.
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type ClientMetadata, type Configuration, errors, Provider } from 'oidc-provider'
import { close, memory, portOf } from '../ciba/bare-provider.ts'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { INTERACTION, personFor } from './person.ts'

export const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export const REDIRECT_URI = 'https://client.example/callback'
export const RESOURCE = 'https://api.example/things'

export interface TestProvider {
  readonly issuer: string
  /** Where the program tells the person what waits for them. */
  readonly person: string
  /** The key of the client that is called like the algorithm. */
  readonly clientKey: (alg: Algorithm) => ClientKey
  close(): Promise<void>
}

/** The client with the key for ES256 for which nothing is signed that need not be. */
export const PLAIN_CLIENT = 'plain'

/** One client for each algorithm, of its own key and of what the provider signs for it. */
export async function startTestProvider(): Promise<TestProvider> {
  const clientKeys = new Map<Algorithm, ClientKey>()
  const serverKeys: object[] = []
  for (const alg of ALGORITHMS) {
    clientKeys.set(alg, await generateClientKey(alg))
    const { privateJwk } = await generateClientKey(alg)
    serverKeys.push({ ...privateJwk, kid: `server-${alg}`, key_ops: undefined, use: 'sig', alg })
  }
  function clientKey(alg: Algorithm): ClientKey {
    const key = clientKeys.get(alg)
    if (key === undefined) {
      throw new Error(`no key was made for ${alg}`)
    }
    return key
  }

  const server = createServer()
  const issuer = `http://127.0.0.1:${await portOf(server)}`
  const provider = new Provider(issuer, {
    ...configuration(),
    jwks: { keys: serverKeys },
    clients: [
      ...[...clientKeys].map(([alg, { publicJwk }]) => ({
        ...client(alg),
        ...signed(alg),
        jwks: { keys: [publicJwk] },
      })),
      { ...client('ES256'), client_id: PLAIN_CLIENT, jwks: { keys: [clientKey('ES256').publicJwk] } },
    ],
  })
  answerWith(server, provider)
  return {
    issuer,
    person: `${issuer}/person`,
    clientKey,
    close: () => close(server),
  }
}

/**
 * The two endpoints that oidc-provider does not answer to pages: it has registration and CIBA down as a server's
 * business. Where one lets pages use them, it answers like this.
 */
const CLOSED_TO_PAGES = ['/reg', '/backchannel']

function answerWith(server: Server, provider: Provider): void {
  const handle = provider.callback()
  const person = personFor(provider, REDIRECT_URI)
  server.on('request', (request, response) => {
    const { method, url = '' } = request
    if (CLOSED_TO_PAGES.includes(url)) {
      response.setHeader('access-control-allow-origin', '*')
      if (method === 'OPTIONS') {
        response.writeHead(204, { 'access-control-allow-headers': 'content-type' }).end()
        return
      }
    }
    if (url.startsWith('/person/')) {
      person(request, response)
    } else {
      void handle(request, response)
    }
  })
}

function client(alg: Algorithm): ClientMetadata {
  return {
    client_id: alg,
    token_endpoint_auth_method: 'private_key_jwt',
    redirect_uris: [REDIRECT_URI],
    response_types: ['code'],
    grant_types: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:openid:params:grant-type:ciba',
    ],
    backchannel_token_delivery_mode: 'poll',
    id_token_signed_response_alg: alg,
    authorization_signed_response_alg: alg,
    introspection_signed_response_alg: alg,
  }
}

function signed(alg: Algorithm): Partial<ClientMetadata> {
  return { request_object_signing_alg: alg, userinfo_signed_response_alg: alg }
}

const SHORT_LIVED = [
  ...['AccessToken', 'BackchannelAuthenticationRequest', 'ClientCredentials', 'DeviceCode', 'Grant', 'IdToken'],
  ...['Interaction', 'RefreshToken', 'Session'],
]

function configuration(): Configuration {
  return {
    adapter: memory(),
    cookies: { keys: [randomBytes(32)] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: 'Anna Example' }) }),
    claims: { openid: ['sub'], profile: ['name'] },
    scopes: ['openid', 'profile', 'offline_access'],
    ttl: Object.fromEntries(SHORT_LIVED.map((model) => [model, 600])),
    enabledJWA: {
      idTokenSigningAlgValues: ALGORITHMS,
      authorizationSigningAlgValues: ALGORITHMS,
      introspectionSigningAlgValues: ALGORITHMS,
      requestObjectSigningAlgValues: ALGORITHMS,
      userinfoSigningAlgValues: ALGORITHMS,
    },
    clientBasedCORS: (_ctx, origin) => new URL(origin).hostname === 'localhost',
    interactions: { url: (_ctx, { uid }) => `${INTERACTION}${uid}` },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      requestObjects: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      jwtIntrospection: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource, { clientId }) => {
          if (resource !== RESOURCE) {
            throw new errors.InvalidTarget()
          }
          const alg = ALGORITHMS.find((name) => name === clientId) ?? 'ES256'
          return { scope: 'read', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg } } }
        },
      },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (_ctx, hint) => hint,
        validateBindingMessage: () => undefined,
        validateRequestContext: () => undefined,
        verifyUserCode: () => undefined,
        triggerAuthenticationDevice: () => undefined,
      },
    },
  }
}
