import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  _nopkce,
  AUTHORIZATION_RESPONSE_ERROR,
  authorizationCodeGrantRequest,
  AuthorizationResponseError,
  expectNoState,
  INVALID_RESPONSE,
  JWT_CLAIM_COMPARISON,
  JWT_TIMESTAMP_CHECK,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import type { Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack, comeBackWithForm } from './browser.ts'
import { authorizationUrl, begin, exchange, signIn } from './code-flow.ts'
import { REDIRECT_URI, type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('authorization code with PKCE (RFC 6749 4.1, RFC 7636, OIDC Core 3.1)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [registrationOf('shop')],
      pkce: { required: () => false },
      scopes: ['openid', 'read'],
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  it('signs in, with state, iss and nonce as they were sent (RFC 9207 2.4, OIDC Core 3.1.3.7 item 11)', async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters))
    expect(`${callback.origin}${callback.pathname}`).toBe(REDIRECT_URI)
    const answer = validateAuthResponse(shop.as, shop.client, callback, begun.state)
    expect(Object.fromEntries(answer)).toMatchObject({ iss: provider.issuer, state: begun.state })
    const { claims, tokens } = await exchange(shop, begun, answer)
    expect(claims).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: 'shop', nonce: begun.nonce })
    expect(tokens.token_type).toBe('bearer')
  })

  it('takes the response from the form that the browser posts (Form Post Response Mode 2)', async () => {
    const begun = await begin(shop, { response_mode: 'form_post' })
    const request = await comeBackWithForm(authorizationUrl(shop.as, begun.parameters))
    expect(request.url).toBe(REDIRECT_URI)
    const posted = new URLSearchParams(await request.text())
    const answer = validateAuthResponse(shop.as, shop.client, posted, begun.state)
    expect((await exchange(shop, begun, answer)).claims.sub).toBe('anna')
  })

  it("gives the person's refusal as the server's own error (RFC 6749 4.1.2.1)", async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters), { refused: true })
    const attempt = async () => validateAuthResponse(shop.as, shop.client, callback, begun.state)
    await expect(attempt()).rejects.toBeInstanceOf(AuthorizationResponseError)
    await expect(attempt()).rejects.toMatchObject({
      code: AUTHORIZATION_RESPONSE_ERROR,
      error: 'access_denied',
      error_description: 'the person refused',
    })
  })

  it('refuses a response with the state of another request (RFC 6749 10.12)', async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters))
    const attempt = async () => validateAuthResponse(shop.as, shop.client, callback, 'another')
    await expectRuleRefusal(attempt(), INVALID_RESPONSE, 'authorization-response.state')
  })

  it('refuses a response of another server than the browser was sent to (RFC 9207 2.4)', async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters))
    const honest = { ...shop.as, issuer: 'https://op.example' }
    const attempt = async () => validateAuthResponse(honest, shop.client, callback, begun.state)
    await expectRuleRefusal(attempt(), INVALID_RESPONSE, 'authorization-response.iss')
  })

  it('refuses an ID Token with the nonce of another request (OIDC Core 3.1.3.7 item 11)', async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters))
    const answer = validateAuthResponse(shop.as, shop.client, callback, begun.state)
    const attempt = exchange(shop, begun, answer, { expectedNonce: 'another' })
    await expectRuleRefusal(attempt, JWT_CLAIM_COMPARISON, 'id-token.nonce')
  })

  it('holds auth_time to max_age (OIDC Core 3.1.3.7 item 13)', async () => {
    async function authenticatedBefore(seconds: number, maxAge: number) {
      const begun = await begin(shop, { max_age: '3600' })
      const person = { auth_time: Math.floor(Date.now() / 1000) - seconds }
      const callback = await comeBack(authorizationUrl(shop.as, begun.parameters), person)
      const answer = validateAuthResponse(shop.as, shop.client, callback, begun.state)
      return { ...(await exchange(shop, begun, answer, { maxAge })), person }
    }
    const { claims, person } = await authenticatedBefore(600, 3600)
    expect(claims.auth_time).toBe(person.auth_time)
    await expectRuleRefusal(authenticatedBefore(600, 300), JWT_TIMESTAMP_CHECK, 'id-token.auth_time-age')
  })

  it('is refused with another code_verifier (RFC 7636 4.6)', async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters))
    const answer = validateAuthResponse(shop.as, shop.client, callback, begun.state)
    await expectErrorAnswer(exchange(shop, await begin(shop), answer), 'invalid_grant')
  })

  it('is refused with a code that was exchanged before (RFC 6749 4.1.2)', async () => {
    const begun = await begin(shop)
    const callback = await comeBack(authorizationUrl(shop.as, begun.parameters))
    const answer = validateAuthResponse(shop.as, shop.client, callback, begun.state)
    await exchange(shop, begun, answer)
    await expectErrorAnswer(exchange(shop, begun, answer), 'invalid_grant')
  })

  it('works without OpenID Connect, PKCE and state too, said aloud (RFC 6749 4.1)', async () => {
    const { as, client, authentication, transport } = shop
    const parameters = { client_id: 'shop', redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'read' }
    const callback = await comeBack(authorizationUrl(as, parameters))
    const answer = validateAuthResponse(as, client, callback, expectNoState)
    const response = await authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      answer,
      REDIRECT_URI,
      _nopkce,
      transport,
    )
    const tokens = await processAuthorizationCodeResponse(as, client, response)
    expect(tokens).toMatchObject({ access_token: expect.any(String), token_type: 'bearer' })
    expect(tokens).not.toHaveProperty('id_token')
  })

  it('names the person who signed in (OIDC Core 2)', async () => {
    expect((await signIn(shop, {}, { person: { sub: 'bert' } })).claims.sub).toBe('bert')
  })
})
