// An oidc-provider with exactly the configuration that a test names, for what the provider of @countersign/cli has no
// option for: TLS, encryption, a path in the issuer.
import { randomBytes } from 'node:crypto'
import type { RequestListener, Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import { type Adapter, type AdapterPayload, type Configuration, Provider } from 'oidc-provider'
import { generateClientKey } from './client-key.ts'

type AnyServer = Server | SecureServer

export interface BareProvider {
  /** Answers as this provider does. */
  readonly answer: RequestListener
  /** The person confirms. */
  approve(authReqId: string): Promise<void>
}

/** The port on which the server listens from now on, on loopback. */
export async function portOf(server: AnyServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('the server listens on no port')
  }
  return String(address.port)
}

export async function close(server: AnyServer): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
}

/** What a provider makes of the parameters of an authentication request. */
export interface CibaHandlers {
  processLoginHintToken?: (ctx: unknown, token?: string) => string | undefined
  validateRequestContext?: (ctx: unknown, requestContext?: string) => void
}

/** Signs with ES256, knows anybody by the name of the hint, and keeps everything in memory. */
export async function createBareProvider(
  issuer: string,
  configuration: Configuration,
  ciba: CibaHandlers = {},
): Promise<BareProvider> {
  const { privateJwk } = await generateClientKey('ES256')
  const provider = new Provider(issuer, {
    adapter: memory(),
    jwks: { keys: [{ ...privateJwk, key_ops: undefined, use: 'sig', alg: 'ES256' }] },
    cookies: { keys: [randomBytes(32)] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: { BackchannelAuthenticationRequest: 60, AccessToken: 60, IdToken: 60, Grant: 60 },
    clientDefaults: {
      grant_types: ['urn:openid:params:grant-type:ciba'],
      response_types: [],
      redirect_uris: [],
      backchannel_token_delivery_mode: 'poll',
      id_token_signed_response_alg: 'ES256',
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    ...configuration,
    features: {
      devInteractions: { enabled: false },
      ciba: {
        enabled: true,
        deliveryModes: ['poll'],
        processLoginHint: (_ctx, hint) => hint,
        validateBindingMessage: () => undefined,
        validateRequestContext: () => undefined,
        verifyUserCode: () => undefined,
        triggerAuthenticationDevice: () => undefined,
        ...ciba,
      },
      ...configuration.features,
    },
  })
  const handle = provider.callback()
  return {
    answer(request, response) {
      void handle(request, response)
    },
    async approve(authReqId) {
      const request = await provider.BackchannelAuthenticationRequest.find(authReqId)
      if (!request?.accountId || !request.clientId) {
        throw new Error('no such authentication request')
      }
      const grant = new provider.Grant({ clientId: request.clientId, accountId: request.accountId })
      grant.addOIDCScope(request.scope ?? '')
      await grant.save()
      await provider.backchannelResult(request, grant)
    },
  }
}

/** Nothing here lives long enough to expire. */
export function memory(): (model: string) => Adapter {
  const models = new Map<string, Map<string, AdapterPayload>>()
  return (model) => {
    const records = models.get(model) ?? new Map<string, AdapterPayload>()
    models.set(model, records)
    const done = (_result: unknown) => Promise.resolve()
    const findWhere = (matches: (record: AdapterPayload) => boolean) =>
      Promise.resolve([...records.values()].find(matches))
    return {
      find: (id) => Promise.resolve(records.get(id)),
      findByUid: (uid) => findWhere((record) => record.uid === uid),
      findByUserCode: (userCode) => findWhere((record) => record.userCode === userCode),
      upsert: (id, record) => done(records.set(id, record)),
      consume: (id) => done(records.set(id, { ...records.get(id), consumed: Math.floor(Date.now() / 1000) })),
      destroy: (id) => done(records.delete(id)),
      revokeByGrantId: (grantId) => done([...models.values()].map((every) => forget(every, grantId))),
    }
  }
}

function forget(records: Map<string, AdapterPayload>, grantId: string): void {
  for (const [id, record] of records) {
    if (record.grantId === grantId) records.delete(id)
  }
}
