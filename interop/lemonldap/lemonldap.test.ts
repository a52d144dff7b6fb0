import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  allowInsecureRequests,
  type AuthorizationServer,
  AUTHORIZATION_RESPONSE_ERROR,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  dynamicClientRegistrationRequest,
  getValidatedIdTokenClaims,
  introspectionRequest,
  type IntrospectionResponse,
  INVALID_RESPONSE,
  JWT_CLAIM_COMPARISON,
  MISSING_SERVER_METADATA,
  processDynamicClientRegistrationResponse,
  processIntrospectionResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  RESPONSE_IS_NOT_CONFORM,
  revocationRequest,
  type TokenEndpointResponse,
  validateApplicationLevelSignature,
  validateAuthResponse,
  WWW_AUTHENTICATE_CHALLENGE,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import { discover, insecure, type Relationship, userInfo } from '../ciba/relationship.ts'
import { authorizationUrl, begin, exchange } from '../oauth/code-flow.ts'
import { REDIRECT_URI } from '../oauth/interactive-provider.ts'
import { LEMONLDAP, type Lemonldap, PERSON, startLemonldap } from '../servers/lemonldap.ts'
import { isServerLeftOut } from '../servers/packaged.ts'
import { signInAt } from '../servers/sign-in.ts'
import { clientCredentials } from '../servers/tokens.ts'

const scope = 'openid profile email'
const SECRET = 'asecretofthetestsof32characters1'
const ODD_SECRET = 'of odd characters: +%&= and spaces'

describe.skipIf(isServerLeftOut(LEMONLDAP))('LemonLDAP::NG', () => {
  let lemonldap: Lemonldap
  let as: AuthorizationServer
  let shop: Relationship

  beforeAll(async () => {
    lemonldap = await startLemonldap([
      { clientId: 'shop', clientSecret: SECRET },
      { clientId: 'asking', clientSecret: SECRET, options: { oidcRPMetaDataOptionsBypassConsent: 0 } },
      { clientId: 'careless', clientSecret: SECRET, options: { oidcRPMetaDataOptionsRequirePKCE: 0 } },
      { clientId: 'odd', clientSecret: ODD_SECRET },
    ])
    as = await discover(lemonldap.issuer)
    shop = relationshipOf('shop')
  })

  afterAll(() => lemonldap.stop())

  function relationshipOf(client_id: string, authentication: ClientAuth = ClientSecretPost(SECRET)): Relationship {
    return { as, client: { client_id }, authentication, transport: insecure }
  }

  async function refresh(token: string): Promise<TokenEndpointResponse> {
    const response = await refreshTokenGrantRequest(as, shop.client, shop.authentication, token, insecure)
    const tokens = await processRefreshTokenResponse(as, shop.client, response)
    await validateApplicationLevelSignature(as, response, insecure)
    return tokens
  }

  async function introspect(token: string, requestJwtResponse = false): Promise<IntrospectionResponse> {
    const options = { ...insecure, requestJwtResponse }
    const response = await introspectionRequest(as, shop.client, shop.authentication, token, options)
    return await processIntrospectionResponse(as, shop.client, response)
  }

  it('signs in with PKCE, state and nonce, and tells of the person (OIDC Core 3.1, RFC 7636)', async () => {
    const signedIn = await signInAt(lemonldap, shop, { scope })
    const { uid, name, email } = PERSON
    expect(signedIn.claims).toMatchObject({ iss: lemonldap.issuer, sub: uid, aud: ['shop'], azp: 'shop' })
    expect(signedIn.tokens.token_type).toBe('bearer')
    expect(await userInfo(shop, signedIn)).toEqual({ sub: uid, name, email })
  })

  it('holds auth_time to max_age (OIDC Core 3.1.3.7 item 13)', async () => {
    const begun = await begin(shop, { scope, max_age: '600' })
    const callback = await lemonldap.comeBack(authorizationUrl(as, begun.parameters))
    const answer = validateAuthResponse(as, shop.client, callback, begun.state)
    expect((await exchange(shop, begun, answer, { maxAge: 600 })).claims).toHaveProperty('auth_time')
  })

  it('asks the person, and calls a refusal consent_required (RFC 6749 4.1.2.1: access_denied)', async () => {
    const asking = relationshipOf('asking')
    const { parameters, state } = await begin(asking, { scope })
    const callback = await lemonldap.refuse(authorizationUrl(as, parameters))
    const attempt = async () => validateAuthResponse(as, asking.client, callback, state)
    await expect(attempt()).rejects.toMatchObject({ code: AUTHORIZATION_RESPONSE_ERROR, error: 'consent_required' })
    expect((await signInAt(lemonldap, asking, { scope })).claims.aud).toEqual(['asking'])
  })

  it('refreshes the tokens, and signs another ID Token (OIDC Core 12.2)', async () => {
    const { tokens, claims } = await signInAt(lemonldap, shop, { scope })
    const refreshed = await refresh(String(tokens.refresh_token))
    const { sub, auth_time } = claims
    expect(getValidatedIdTokenClaims(refreshed)).toMatchObject({ iss: lemonldap.issuer, sub, auth_time, aud: ['shop'] })
    expect(refreshed.access_token).not.toBe(tokens.access_token)
  })

  it('introspects access tokens (RFC 7662 2)', async () => {
    const { tokens } = await signInAt(lemonldap, shop, { scope })
    expect(await introspect(tokens.access_token)).toMatchObject({
      active: true,
      sub: PERSON.uid,
      client_id: 'shop',
      scope,
    })
    expect(await introspect('of-nobody')).toEqual({ active: false })
  })

  it('gives the client tokens of its own, by either way of authentication (RFC 6749 4.4)', async () => {
    for (const authentication of [ClientSecretPost(SECRET), ClientSecretBasic(SECRET)]) {
      const tokens = await clientCredentials(relationshipOf('shop', authentication), { scope: 'profile' })
      expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
    }
    await expectErrorAnswer(clientCredentials(shop, {}), 'invalid_scope')
  })

  it('refuses a code that was exchanged, and another verifier (RFC 6749 5.2, RFC 7636 4.6)', async () => {
    const begun = await begin(shop, { scope })
    const callback = await lemonldap.comeBack(authorizationUrl(as, begun.parameters))
    const answer = validateAuthResponse(as, shop.client, callback, begun.state)
    await exchange(shop, begun, answer)
    await expectErrorAnswer(exchange(shop, begun, answer), 'invalid_grant')

    const again = await begin(shop, { scope })
    const second = await lemonldap.comeBack(authorizationUrl(as, again.parameters))
    const stolen = validateAuthResponse(as, shop.client, second, again.state)
    const { codeVerifier } = await begin(shop)
    await expectErrorAnswer(exchange(shop, { ...again, codeVerifier }, stolen), 'invalid_grant')
  })

  describe('where it leaves the specifications', () => {
    it('compares no code_verifier unless told to (RFC 7636 4.6): nonce is what tells a stolen code', async () => {
      const careless = relationshipOf('careless')
      const begun = await begin(careless, { scope })
      const callback = await lemonldap.comeBack(authorizationUrl(as, begun.parameters))
      const answer = validateAuthResponse(as, careless.client, callback, begun.state)
      const attempt = exchange(careless, await begin(careless), answer)
      await expectRuleRefusal(attempt, JWT_CLAIM_COMPARISON, 'id-token.nonce')
    })

    it('ends its issuer in a slash, which metadata written by hand must have too (OIDC Core 3.1.3.7 item 2)', async () => {
      const { issuer } = lemonldap
      expect(issuer).toMatch(/\/$/)
      // a URL without a path has one: discovery works with and without the slash
      expect((await discover(issuer.slice(0, -1))).issuer).toBe(issuer)

      const byHand = { ...as, issuer: issuer.slice(0, -1) }
      const attempt = signInAt(lemonldap, { ...shop, as: byHand }, { scope })
      await expectRuleRefusal(attempt, JWT_CLAIM_COMPARISON, 'id-token.iss')
      await expect(attempt).rejects.toMatchObject({ expected: byHand.issuer, actual: issuer })
    })

    it('takes Basic credentials as they are, not form-encoded (RFC 6749 2.3.1): others go into the body', async () => {
      const basic = clientCredentials(relationshipOf('odd', ClientSecretBasic(ODD_SECRET)), { scope: 'profile' })
      await expect(basic).rejects.toMatchObject({ code: WWW_AUTHENTICATE_CHALLENGE, status: 401 })
      const post = clientCredentials(relationshipOf('odd', ClientSecretPost(ODD_SECRET)), { scope: 'profile' })
      expect((await post).token_type).toBe('bearer')
    })

    it('answers a wrong secret in the body with 400 (RFC 6749 5.2 allows 400 and 401)', async () => {
      const wrong = relationshipOf('shop', ClientSecretPost('wrong'))
      await expectErrorAnswer(clientCredentials(wrong, { scope: 'profile' }), 'invalid_client')
    })

    it('names no error in the challenge for a wrong secret in the header, and has no realm (RFC 7617 2)', async () => {
      const wrong = clientCredentials(relationshipOf('shop', ClientSecretBasic('wrong')), { scope: 'profile' })
      await expect(wrong).rejects.toMatchObject({
        code: WWW_AUTHENTICATE_CHALLENGE,
        status: 401,
        cause: [{ scheme: 'basic', parameters: {} }],
      })
    })

    it('answers a refused access token with a header that is no challenge (RFC 6750 3, RFC 9110 11.6.1)', async () => {
      const signedIn = await signInAt(lemonldap, shop, { scope })
      const stranger = { ...signedIn, tokens: { ...signedIn.tokens, access_token: 'of-nobody' } }
      const attempt = userInfo(shop, stranger)
      await expectRuleRefusal(attempt, RESPONSE_IS_NOT_CONFORM, 'userinfo.status')
      await expect(attempt).rejects.toMatchObject({ status: 401, actual: 401 })
    })

    it('calls a refresh token that is none invalid_request (RFC 6749 5.2: invalid_grant)', async () => {
      await expectErrorAnswer(refresh('of-nobody'), 'invalid_request')
    })

    it('answers with JSON who asks introspection for a JWT (RFC 9701 4)', async () => {
      const { tokens } = await signInAt(lemonldap, shop, { scope })
      expect(await introspect(tokens.access_token, true)).toMatchObject({ active: true, client_id: 'shop' })
      // a refresh token is none of its tokens
      expect(await introspect(String(tokens.refresh_token))).toEqual({ active: false })
    })

    it('revokes nothing: it publishes no endpoint for it (RFC 8414 2)', async () => {
      const attempt = revocationRequest(as, shop.client, shop.authentication, 'any', insecure)
      await expectRuleRefusal(attempt, MISSING_SERVER_METADATA, 'server-metadata.endpoint')
    })

    it('registers a client without client_secret_expires_at, which is refused (RFC 7591 3.2.1)', async () => {
      const options = { [allowInsecureRequests]: true }
      const response = await dynamicClientRegistrationRequest(as, { redirect_uris: [REDIRECT_URI] }, options)
      expect(response.status).toBe(201)
      const attempt = processDynamicClientRegistrationResponse(response)
      await expectRuleRefusal(attempt, INVALID_RESPONSE, 'registration.client_secret_expires_at')
    })
  })
})
