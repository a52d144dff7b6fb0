import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
  type TokenEndpointResponse,
} from 'countersign'
import { expectErrorAnswer } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { signIn } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'
import { ACCESS_TOKEN, exchangeTokens, TOKEN_EXCHANGE } from './token-exchange.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

describe('a grant that has no function of its own (RFC 6749 4.5)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    const clients = [{ ...registrationOf('shop'), grant_types: ['authorization_code', TOKEN_EXCHANGE] }]
    provider = await startInteractiveProvider({ clients }, exchangeTokens)
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function grant(grantType: string, parameters: Record<string, string>): Promise<TokenEndpointResponse> {
    const { as, client, authentication } = shop
    const response = await genericTokenEndpointRequest(as, client, authentication, grantType, parameters, insecure)
    return await processGenericTokenEndpointResponse(as, client, response)
  }

  it('exchanges a token for another (RFC 8693 2.1, 2.2.1)', async () => {
    const { tokens } = await signIn(shop)
    const parameters = { subject_token: tokens.access_token, subject_token_type: ACCESS_TOKEN }
    const exchanged = await grant(TOKEN_EXCHANGE, parameters)
    expect(exchanged).toMatchObject({ issued_token_type: ACCESS_TOKEN, token_type: 'bearer', expires_in: 60 })
    expect(exchanged.access_token).not.toBe(tokens.access_token)
  })

  it('is refused with a token that the server does not know (RFC 8693 2.2.2)', async () => {
    const parameters = { subject_token: 'unknown', subject_token_type: ACCESS_TOKEN }
    await expectErrorAnswer(grant(TOKEN_EXCHANGE, parameters), 'invalid_request')
  })

  it('is refused by a server that does not have it (RFC 6749 5.2)', async () => {
    await expectErrorAnswer(grant(JWT_BEARER, { assertion: 'a.b.c' }), 'unsupported_grant_type')
  })
})
