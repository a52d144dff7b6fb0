import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ClientSecretPost,
  introspectionRequest,
  INVALID_RESPONSE,
  JWT_CLAIM_COMPARISON,
  processIntrospectionResponse,
  processRevocationResponse,
  revocationRequest,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectChallenge, expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import { insecure, type Relationship, userInfo } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { signIn, withClient } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' }

describe('what the server tells and forgets about a token', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    const grant_types = ['authorization_code', 'refresh_token']
    provider = await startInteractiveProvider({
      clients: [{ ...registrationOf('shop'), grant_types }, registrationOf('signed')],
      features: {
        introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
        jwtIntrospection: { enabled: true },
        revocation: { enabled: true },
      },
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function introspect({ as, client, authentication }: Relationship, token: string, requestJwtResponse?: boolean) {
    const options = { ...insecure, ...(requestJwtResponse !== undefined && { requestJwtResponse }) }
    const response = await introspectionRequest(as, client, authentication, token, options)
    return { response, answer: await processIntrospectionResponse(as, client, response) }
  }

  async function revoke({ as, client, authentication }: Relationship, token: string, token_type_hint?: string) {
    const options = { ...insecure, ...(token_type_hint && { additionalParameters: { token_type_hint } }) }
    await processRevocationResponse(await revocationRequest(as, client, authentication, token, options))
  }

  async function signedShop(): Promise<Relationship> {
    const relationship = await relationshipOf('signed', provider.issuer)
    return withClient(relationship, { introspection_signed_response_alg: 'ES256' })
  }

  it('introspects a token in JSON (RFC 7662 2.2)', async () => {
    const { tokens } = await signIn(shop)
    const { response, answer } = await introspect(shop, tokens.access_token)
    expect(response.headers.get('content-type')).toMatch('application/json')
    expect(answer).toMatchObject({
      active: true,
      client_id: 'shop',
      iss: provider.issuer,
      sub: 'anna',
      scope: 'openid',
    })
  })

  it('introspects a token as a JWT, signature included (RFC 9701 5)', async () => {
    const signed = await signedShop()
    const { tokens } = await signIn(signed)
    const { response, answer } = await introspect(signed, tokens.access_token)
    expect(response.headers.get('content-type')).toMatch('application/token-introspection+jwt')
    expect(answer).toMatchObject({ active: true, client_id: 'signed', sub: 'anna' })
    await validateApplicationLevelSignature(signed.as, response, insecure)
    expect((await introspect(signed, 'unknown')).answer).toEqual({ active: false })
  })

  it('is asked for either form by the header Accept (RFC 9701 4)', async () => {
    const signed = await signedShop()
    const types = [await introspect(shop, 'unknown', true), await introspect(signed, 'unknown', false)]
    expect(types.map(({ response }) => response.headers.get('content-type'))).toEqual([
      expect.stringMatching('application/token-introspection'),
      expect.stringMatching('application/json'),
    ])
  })

  it('refuses a signed answer for another resource server (RFC 9701 5)', async () => {
    const signed = await signedShop()
    const response = await introspectionRequest(signed.as, signed.client, signed.authentication, 'unknown', insecure)
    const other = { ...signed.client, client_id: 'other' }
    await expectRuleRefusal(
      processIntrospectionResponse(signed.as, other, response),
      JWT_CLAIM_COMPARISON,
      'introspection.aud',
    )
  })

  it('refuses a signed answer whose signature no published key made (RFC 9701 5)', async () => {
    const signed = await signedShop()
    const { response } = await introspect(signed, 'unknown')
    const other = await startInteractiveProvider({})
    try {
      const { as } = await relationshipOf('signed', other.issuer)
      await expectRuleRefusal(
        validateApplicationLevelSignature(as, response, insecure),
        INVALID_RESPONSE,
        'signature.value',
      )
    } finally {
      await other.close()
    }
  })

  it('says of an unknown token only that it is not good (RFC 7662 2.2)', async () => {
    expect((await introspect(shop, 'unknown')).answer).toEqual({ active: false })
  })

  it('tells nothing to a client that does not prove who it is (RFC 7662 2.3)', async () => {
    const stranger = withClient(shop, {}, ClientSecretPost('wrong'))
    await expectErrorAnswer(introspect(stranger, 'unknown'), 'invalid_client', 401)
  })

  it('revokes an access token (RFC 7009 2.2)', async () => {
    const signedIn = await signIn(shop)
    await revoke(shop, signedIn.tokens.access_token)
    expect((await introspect(shop, signedIn.tokens.access_token)).answer).toEqual({ active: false })
    await expectChallenge(userInfo(shop, signedIn), 'bearer', 'invalid_token')
  })

  it('revokes a refresh token and the access token that came with it (RFC 7009 2.1)', async () => {
    const { tokens } = await signIn(shop, OFFLINE)
    await revoke(shop, String(tokens.refresh_token), 'refresh_token')
    expect((await introspect(shop, String(tokens.refresh_token))).answer).toEqual({ active: false })
    expect((await introspect(shop, tokens.access_token)).answer).toEqual({ active: false })
  })

  it('is content with the revocation of an unknown token (RFC 7009 2.2)', async () => {
    await expect(revoke(shop, 'unknown')).resolves.toBeUndefined()
  })

  it("does not revoke another client's token, nor for a client that does not prove who it is (RFC 7009 2.1)", async () => {
    const { tokens } = await signIn(shop)
    await expectErrorAnswer(revoke(await signedShop(), tokens.access_token), 'invalid_request')
    const stranger = withClient(shop, {}, ClientSecretPost('wrong'))
    await expectErrorAnswer(revoke(stranger, tokens.access_token), 'invalid_client', 401)
    expect((await introspect(shop, tokens.access_token)).answer.active).toBe(true)
  })
})
