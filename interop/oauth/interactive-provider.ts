// An oidc-provider that asks a person, with exactly the features that a test names; browser.ts is how the person answers.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type Configuration, type Interaction, Provider } from 'oidc-provider'
import { close, memory, portOf } from '../ciba/bare-provider.ts'
import { generateClientKey } from '../ciba/client-key.ts'

/** Nobody listens there: the tests' browser stops before it. */
export const REDIRECT_URI = 'https://shop.example/callback'

/** Where the person is asked; the answer is in the query. */
export const INTERACTION_PATH = '/interaction/'

export interface RunningProvider {
  readonly issuer: string
  close(): Promise<void>
}

/** Listens on loopback, without TLS. What no option is for can be added to the provider before it answers. */
export async function startInteractiveProvider(
  configuration: Configuration,
  extend?: (provider: Provider) => void,
): Promise<RunningProvider> {
  const server = createServer()
  const issuer = `http://127.0.0.1:${await portOf(server)}`
  server.on('request', await createInteractiveProvider(issuer, configuration, extend))
  return { issuer, close: () => close(server) }
}

/** Signs everything with ES256, knows anybody by the name given, and keeps everything in memory. */
export async function createInteractiveProvider(
  issuer: string,
  configuration: Configuration,
  extend?: (provider: Provider) => void,
): Promise<RequestListener> {
  const { privateJwk } = await generateClientKey('ES256')
  const ES256 = ['ES256'] as const
  const provider = new Provider(issuer, {
    adapter: memory(),
    jwks: { keys: [{ ...privateJwk, key_ops: undefined, use: 'sig', alg: 'ES256' }] },
    cookies: { keys: [randomBytes(32)] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, email: `${sub}@example.com` }) }),
    claims: { openid: ['sub', 'auth_time'], email: ['email'] },
    interactions: { url: (_ctx, { uid }) => `${INTERACTION_PATH}${uid}` },
    ttl: {
      AccessToken: 60,
      ClientCredentials: 60,
      DeviceCode: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      RefreshToken: 60,
      Session: 60,
    },
    clientDefaults: {
      redirect_uris: [REDIRECT_URI],
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
      introspection_signed_response_alg: 'ES256',
    },
    enabledJWA: {
      authorizationSigningAlgValues: ES256,
      idTokenSigningAlgValues: ES256,
      introspectionSigningAlgValues: ES256,
      userinfoSigningAlgValues: ES256,
    },
    ...configuration,
    features: { devInteractions: { enabled: false }, ...configuration.features },
  })
  extend?.(provider)
  const handle = provider.callback()
  return (request, response) => {
    const asked = request.url?.startsWith(INTERACTION_PATH) ?? false
    void (asked ? answerInteraction(provider, request, response) : handle(request, response))
  }
}

/** What the person says to everything that is asked: who it is, and whether the client may have what it wants. */
async function answerInteraction(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const answer = new URL(request.url ?? '', provider.issuer).searchParams
  const interaction = await provider.interactionDetails(request, response)
  const result = answer.has('refused')
    ? { error: 'access_denied', error_description: 'the person refused' }
    : await consentOf(provider, interaction, answer)
  const location = await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false })
  response.writeHead(303, { location }).end()
}

async function consentOf(provider: Provider, { params }: Interaction, answer: URLSearchParams) {
  const accountId = answer.get('sub') ?? 'anna'
  const { authorization_details: details } = params
  const grant = new provider.Grant({
    clientId: String(params.client_id),
    accountId,
    // the provider has parsed and validated them
    ...(typeof details === 'string' && { rar: JSON.parse(details) as { type: string }[] }),
  })
  const scope = typeof params.scope === 'string' ? params.scope : ''
  grant.addOIDCScope(scope)
  if (typeof params.resource === 'string') grant.addResourceScope(params.resource, scope)
  const grantId = await grant.save()
  const ts = Number(answer.get('auth_time') ?? Math.floor(Date.now() / 1000))
  return { login: { accountId, ts }, consent: { grantId } }
}
