import { type AuthorizationDetail, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationDetails,
  introspectionRequest,
  issueRequestObject,
  processIntrospectionResponse,
  processPushedAuthorizationResponse,
  pushedAuthorizationRequest,
  validateAuthResponse,
} from 'countersign'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { expectErrorAnswer } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack } from './browser.ts'
import { authorizationUrl, begin, type Begun, exchange } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

const API = 'https://api.example'
const PAYMENT: AuthorizationDetails[] = [{ type: 'payment', amount: '12.50', currency: 'EUR' }]

describe('rich authorization requests (RFC 9396)', () => {
  let provider: RunningProvider
  let key: ClientKey
  let shop: Relationship

  beforeAll(async () => {
    key = await generateClientKey('ES256')
    provider = await startInteractiveProvider({
      clients: [
        {
          ...registrationOf('shop'),
          jwks: { keys: [key.publicJwk] },
          authorization_details_types: ['payment'],
          request_object_signing_alg: 'ES256',
        },
      ],
      features: {
        introspection: { enabled: true, allowedPolicy: () => true },
        pushedAuthorizationRequests: { enabled: true },
        requestObjects: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_ctx, audience) => ({ audience, scope: 'pay', accessTokenFormat: 'opaque' }),
          useGrantedResource: () => true,
        },
        richAuthorizationRequests: {
          enabled: true,
          types: { payment: { validate: validatePayment } },
          authorizationDetailsForGrantSource: requestedDetails,
          authorizationDetailsForAccessToken: (_ctx, _token, source) => source?.rar,
          authorizationDetailsForIntrospection: (_ctx, token) => token.rar,
        },
      },
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function push(parameters: Record<string, string>): Promise<string> {
    const { as, client, authentication } = shop
    const response = await pushedAuthorizationRequest(as, client, authentication, parameters, insecure)
    return (await processPushedAuthorizationResponse(as, client, response)).request_uri
  }

  async function sign(parameters: Record<string, string>): Promise<string> {
    return await issueRequestObject(shop.as, shop.client, parameters, key.privateKey)
  }

  /** What the browser carries, for each way of asking. */
  const forms: Record<string, (begun: Begun) => Promise<Readonly<Record<string, string>>>> = {
    'in the URL': async ({ parameters }) => parameters,
    'in a request object': async ({ parameters }) => ({ client_id: 'shop', request: await sign(parameters) }),
    pushed: async ({ parameters }) => ({ client_id: 'shop', request_uri: await push(parameters) }),
  }

  it.each(Object.entries(forms))('come back with the tokens, asked for %s (2, 3, 7, 9.2)', async (_how, form) => {
    const { as, client, authentication } = shop
    const begun = await begin(shop, { resource: API, authorization_details: JSON.stringify(PAYMENT) })
    const callback = await comeBack(authorizationUrl(as, await form(begun)))
    const { tokens } = await exchange(shop, begun, validateAuthResponse(as, client, callback, begun.state))
    expect(tokens.authorization_details).toEqual(PAYMENT)

    const asked = await introspectionRequest(as, client, authentication, tokens.access_token, insecure)
    const { authorization_details } = await processIntrospectionResponse(as, client, asked)
    expect(authorization_details).toEqual(PAYMENT)
  })

  it('are refused where the server does not know them (5)', async () => {
    const { parameters } = await begin(shop, {
      resource: API,
      authorization_details: JSON.stringify([{ type: 'payment' }]),
    })
    await expectErrorAnswer(push(parameters), 'invalid_authorization_details')
  })
})

function validatePayment(_ctx: KoaContextWithOIDC, { amount }: AuthorizationDetail): void {
  if (typeof amount !== 'string') throw new errors.InvalidAuthorizationDetails('a payment has an amount')
}

/** The person grants what was asked for. */
function requestedDetails(ctx: KoaContextWithOIDC): AuthorizationDetail[] | undefined {
  const { authorization_details: details } = ctx.oidc.params ?? {}
  // validatePayment has seen every one
  return typeof details === 'string' ? (JSON.parse(details) as AuthorizationDetail[]) : undefined
}
