import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  clientCredentialsGrantRequest,
  customFetch,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  INVALID_RESPONSE,
  JWT_CLAIM_COMPARISON,
  type JWTAccessTokenClaims,
  processClientCredentialsResponse,
  protectedResourceRequest,
  type TokenEndpointResponse,
  validateJwtAccessToken,
  type ValidateJWTAccessTokenOptions,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

const API = 'https://api.example'
const OTHER_API = 'https://other-api.example'

describe('a JWT access token for the client itself (RFC 6749 4.4, RFC 8707, RFC 9068)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [
        { ...registrationOf('shop'), grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
      ],
      features: {
        clientCredentials: { enabled: true },
        dPoP: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_ctx, audience) => ({
            audience,
            scope: 'read write',
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function obtain(parameters: Record<string, string>, DPoP?: DPoPHandle): Promise<TokenEndpointResponse> {
    const { as, client, authentication } = shop
    const options = { ...insecure, ...(DPoP && { DPoP }) }
    const response = await clientCredentialsGrantRequest(as, client, authentication, parameters, options)
    return await processClientCredentialsResponse(as, client, response)
  }

  /** The request as the resource server gets it. */
  async function requestWith(
    { access_token }: TokenEndpointResponse,
    DPoP?: DPoPHandle,
    url = `${API}/orders?page=2`,
  ): Promise<Request> {
    const received: Request[] = []
    await protectedResourceRequest(access_token, 'GET', new URL(url), undefined, undefined, {
      ...(DPoP && { DPoP }),
      async [customFetch](sentTo, { method, headers }) {
        received.push(new Request(sentTo, { method, headers }))
        return new Response()
      },
    })
    const [request] = received
    if (request === undefined) throw new Error('nothing was sent')
    return request
  }

  async function validate(
    request: Request,
    audience = API,
    options: ValidateJWTAccessTokenOptions = {},
  ): Promise<JWTAccessTokenClaims> {
    return await validateJwtAccessToken(shop.as, request, audience, { ...insecure, ...options })
  }

  it('is validated with the keys of the server (RFC 9068 4)', async () => {
    const tokens = await obtain({ resource: API, scope: 'read' })
    expect(tokens.token_type).toBe('bearer')
    expect(await validate(await requestWith(tokens))).toMatchObject({
      iss: provider.issuer,
      aud: API,
      sub: 'shop',
      client_id: 'shop',
      scope: 'read',
    })
  })

  it('is refused by another resource server, and by one that wants DPoP (RFC 9068 4, RFC 9449 7.1)', async () => {
    const request = await requestWith(await obtain({ resource: API, scope: 'read' }))
    await expectRuleRefusal(validate(request, OTHER_API), JWT_CLAIM_COMPARISON, 'access-token.aud')
    await expectRuleRefusal(validate(request, API, { requireDPoP: true }), INVALID_RESPONSE, 'access-token.cnf-present')
  })

  it('is refused with another signature than the one that the server made (RFC 9068 4)', async () => {
    const tokens = await obtain({ resource: API, scope: 'read' })
    const [header, payload] = tokens.access_token.split('.')
    const forged = { ...tokens, access_token: `${header}.${payload}.${'A'.repeat(86)}` }
    await expectRuleRefusal(validate(await requestWith(forged)), INVALID_RESPONSE, 'signature.value')
  })

  it('is validated with the proof of the key that it is bound to (RFC 9449 4.3, 6.1, 7.1)', async () => {
    const handle = DPoP(shop.client, await generateKeyPair('ES256'))
    const tokens = await obtain({ resource: API, scope: 'write' }, handle)
    expect(tokens.token_type).toBe('dpop')
    const claims = await validate(await requestWith(tokens, handle), API, { requireDPoP: true })
    expect(claims.cnf).toEqual({ jkt: await handle.calculateThumbprint() })
  })

  it('is refused, when bound, as a bearer token or with the proof of another key (RFC 9449 7.1, 7.2)', async () => {
    const handle = DPoP(shop.client, await generateKeyPair('ES256'))
    const tokens = await obtain({ resource: API, scope: 'write' }, handle)
    await expectRuleRefusal(validate(await requestWith(tokens)), INVALID_RESPONSE, 'resource-request.dpop')
    const stranger = DPoP(shop.client, await generateKeyPair('ES256'))
    await expectRuleRefusal(validate(await requestWith(tokens, stranger)), JWT_CLAIM_COMPARISON, 'dpop-proof.jkt')
  })

  it('is refused with a proof that was made for another URL (RFC 9449 4.3 item 9)', async () => {
    const handle = DPoP(shop.client, await generateKeyPair('ES256'))
    const tokens = await obtain({ resource: API, scope: 'write' }, handle)
    const { headers } = await requestWith(tokens, handle, `${API}/elsewhere`)
    await expectRuleRefusal(validate(new Request(`${API}/orders`, { headers })), JWT_CLAIM_COMPARISON, 'dpop-proof.htu')
  })

  it('is refused by the server for what the client may not have (RFC 6749 5.2)', async () => {
    await expectErrorAnswer(obtain({ resource: 'no URL' }), 'invalid_target')
  })
})
