import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AUTHORIZATION_RESPONSE_ERROR,
  AuthorizationResponseError,
  INVALID_RESPONSE,
  JWT_CLAIM_COMPARISON,
  validateAuthResponse,
  validateJwtAuthResponse,
} from 'countersign'
import { expectRuleRefusal } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack, comeBackWithForm, type Person } from './browser.ts'
import { authorizationUrl, begin, exchange, withClient } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('authorization responses that are JWTs (JARM)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [registrationOf('shop')],
      features: { jwtResponseModes: { enabled: true } },
    })
    shop = withClient(await relationshipOf('shop', provider.issuer), { authorization_signed_response_alg: 'ES256' })
  })

  afterAll(() => provider.close())

  async function respond(response_mode = 'jwt', person?: Person) {
    const begun = await begin(shop, { response_mode })
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters), person)
    return { begun, callback }
  }

  async function validate(callback: URL | URLSearchParams, state: string, { as, client } = shop) {
    return await validateJwtAuthResponse(as, client, callback, state, insecure)
  }

  it.each(['jwt', 'query.jwt'])('signs in with response_mode=%s (2.3.1, 2.3.4)', async (mode) => {
    const { begun, callback } = await respond(mode)
    expect([...callback.searchParams.keys()]).toEqual(['response'])
    const answer = await validate(callback, begun.state)
    expect((await exchange(shop, begun, answer)).claims.sub).toBe('anna')
  })

  it('signs in with response_mode=form_post.jwt (2.3.3)', async () => {
    const begun = await begin(shop, { response_mode: 'form_post.jwt' })
    const request = await comeBackWithForm(authorizationUrl(shop.as, begun.parameters))
    const answer = await validate(new URLSearchParams(await request.text()), begun.state)
    expect((await exchange(shop, begun, answer)).claims.sub).toBe('anna')
  })

  it("gives the person's refusal as the server's own error (2.1)", async () => {
    const { begun, callback } = await respond('jwt', { refused: true })
    const attempt = validate(callback, begun.state)
    await expect(attempt).rejects.toBeInstanceOf(AuthorizationResponseError)
    await expect(attempt).rejects.toMatchObject({ code: AUTHORIZATION_RESPONSE_ERROR, error: 'access_denied' })
  })

  it('refuses the response to another request (RFC 6749 10.12)', async () => {
    const { callback } = await respond()
    await expectRuleRefusal(validate(callback, 'another'), INVALID_RESPONSE, 'authorization-response.state')
  })

  it('refuses the response to another client (2.4 step 3)', async () => {
    const { begun, callback } = await respond()
    const other = withClient(shop, { client_id: 'other' })
    await expectRuleRefusal(validate(callback, begun.state, other), JWT_CLAIM_COMPARISON, 'jarm.aud')
  })

  it('refuses a response whose signature no published key made (2.4 step 6)', async () => {
    const { begun, callback } = await respond()
    const other = await startInteractiveProvider({})
    try {
      const { as } = await relationshipOf('shop', other.issuer)
      const foreign = { ...shop, as: { ...as, issuer: shop.as.issuer } }
      await expectRuleRefusal(validate(callback, begun.state, foreign), INVALID_RESPONSE, 'signature.value')
    } finally {
      await other.close()
    }
  })

  it('is refused where plain parameters are expected (2.3)', async () => {
    const { begun, callback } = await respond()
    const attempt = async () => validateAuthResponse(shop.as, shop.client, callback, begun.state)
    await expectRuleRefusal(attempt(), INVALID_RESPONSE, 'authorization-response.response')
  })
})
