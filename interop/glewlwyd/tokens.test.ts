import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  allowInsecureRequests,
  type AuthorizationServer,
  ClientSecretPost,
  deviceAuthorizationRequest,
  type DeviceAuthorizationResponse,
  deviceCodeGrantRequest,
  dynamicClientRegistrationRequest,
  getValidatedIdTokenClaims,
  introspectionRequest,
  type IntrospectionResponse,
  JWT_CLAIM_COMPARISON,
  processDeviceAuthorizationResponse,
  processDeviceCodeResponse,
  processDynamicClientRegistrationResponse,
  processIntrospectionResponse,
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  RESPONSE_IS_NOT_CONFORM,
  revocationRequest,
  type TokenEndpointResponse,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal, expectSilentRefusal } from '../ciba/refusal.ts'
import { discover, insecure, type Relationship, type SignedIn, userInfo } from '../ciba/relationship.ts'
import { REDIRECT_URI } from '../oauth/interactive-provider.ts'
import { GLEWLWYD, type Glewlwyd, PERSON, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { signInAt } from '../servers/sign-in.ts'
import { clientCredentials } from '../servers/tokens.ts'
import { addRelationship } from './relationship.ts'

const scope = `openid ${SCOPE}`

describe.skipIf(isServerLeftOut(GLEWLWYD))('glewlwyd', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let shop: Relationship

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    shop = await addRelationship(glewlwyd, as, { client_id: 'shop', scope: [SCOPE] })
  })

  afterAll(() => glewlwyd.stop())

  describe('its tokens', () => {
    let signedIn: SignedIn

    beforeAll(async () => {
      signedIn = await signInAt(glewlwyd, shop, { scope })
    })

    async function refresh(token: string): Promise<TokenEndpointResponse> {
      const response = await refreshTokenGrantRequest(as, shop.client, shop.authentication, token, insecure)
      return await processRefreshTokenResponse(as, shop.client, response)
    }

    async function introspect(
      token: string,
      { authentication }: Relationship = shop,
      requestJwtResponse = false,
    ): Promise<IntrospectionResponse> {
      const options = { ...insecure, requestJwtResponse }
      const response = await introspectionRequest(as, shop.client, authentication, token, options)
      return await processIntrospectionResponse(as, shop.client, response)
    }

    async function revoke(token: string): Promise<void> {
      await processRevocationResponse(await revocationRequest(as, shop.client, shop.authentication, token, insecure))
    }

    it('are refreshed (RFC 6749 6)', async () => {
      const tokens = await refresh(String(signedIn.tokens.refresh_token))
      expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, scope })
      expect((await userInfo(shop, { tokens, claims: signedIn.claims })).name).toBe(PERSON.name)
    })

    it('are refused without a reason for a refresh token that is none (RFC 6749 5.2)', async () => {
      await expectSilentRefusal(refresh('of-nobody'), 400)
    })

    it('are given to the client itself, for a scope that it has (RFC 6749 4.4)', async () => {
      expect(await clientCredentials(shop, { scope: SCOPE })).toMatchObject({ token_type: 'bearer', scope: SCOPE })
      await expectErrorAnswer(clientCredentials(shop, { scope: 'other' }), 'scope_invalid')
      await expectSilentRefusal(clientCredentials(shop, {}), 403)
    })

    it('are introspected (RFC 7662 2)', async () => {
      const { access_token, refresh_token } = signedIn.tokens
      const { sub } = signedIn.claims
      expect(await introspect(access_token)).toMatchObject({ active: true, sub, client_id: 'shop', scope })
      expect(await introspect(String(refresh_token))).toMatchObject({ active: true, token_type: 'refresh_token' })
      expect(await introspect('of-nobody')).toEqual({ active: false })
    })

    it('have their scope as the aud of the JWT that introspection answers with (RFC 9701 5): ask for JSON', async () => {
      const attempt = introspect(signedIn.tokens.access_token, shop, true)
      await expectRuleRefusal(attempt, JWT_CLAIM_COMPARISON, 'introspection.aud')
      await expect(attempt).rejects.toMatchObject({ expected: 'shop', actual: scope })
    })

    it('are not shown to who has the wrong secret, with a 401 that has no challenge (RFC 7662 2.3)', async () => {
      const stranger = { ...shop, authentication: ClientSecretPost('wrong') }
      await expectSilentRefusal(introspect(signedIn.tokens.access_token, stranger), 401)
    })

    it('are revoked, each by itself (RFC 7009 2)', async () => {
      const { tokens, claims } = await signInAt(glewlwyd, shop, { scope })
      await revoke(String(tokens.refresh_token))
      await expectSilentRefusal(refresh(String(tokens.refresh_token)), 400)
      expect((await introspect(tokens.access_token)).active).toBe(true)
      await revoke(tokens.access_token)
      expect(await introspect(tokens.access_token)).toEqual({ active: false })

      // OpenID Connect Core 1.0 §5.3.3 and RFC 6750 §3: a 401 has a challenge, which this one has not
      const attempt = userInfo(shop, { tokens, claims })
      await expectRuleRefusal(attempt, RESPONSE_IS_NOT_CONFORM, 'userinfo.status')
      await expect(attempt).rejects.toMatchObject({ status: 401, actual: 401 })
    })
  })

  describe('devices', () => {
    async function authorize(): Promise<DeviceAuthorizationResponse> {
      const { client, authentication } = shop
      const response = await deviceAuthorizationRequest(as, client, authentication, { scope }, insecure)
      return await processDeviceAuthorizationResponse(as, client, response)
    }

    async function poll({ device_code }: { readonly device_code: string }): Promise<TokenEndpointResponse> {
      const { client, authentication } = shop
      const response = await deviceCodeGrantRequest(as, client, authentication, device_code, insecure)
      const tokens = await processDeviceCodeResponse(as, client, response)
      await validateApplicationLevelSignature(as, response, insecure)
      return tokens
    }

    it('signs a device in after the person has confirmed, and slows down who polls too fast (RFC 8628 3)', async () => {
      const device = await authorize()
      expect(device).toMatchObject({ verification_uri: `${glewlwyd.issuer}/device`, expires_in: 600, interval: 1 })
      await expectErrorAnswer(poll(device), 'authorization_pending')
      // at once, which a busy machine may not be the first time
      await vi.waitFor(() => expectErrorAnswer(poll(device), 'slow_down'), { timeout: 20_000, interval: 10 })

      const page = await glewlwyd.comeBack(new URL(String(device.verification_uri_complete)))
      expect(page.searchParams.get('prompt')).toBe('deviceComplete')
      await sleep(1100)
      const claims = getValidatedIdTokenClaims(await poll(device))
      expect(claims).toMatchObject({ iss: glewlwyd.issuer, aud: 'shop' })
      expect(claims).not.toHaveProperty('nonce')
    })

    it('calls a device_code that was never issued access_denied (RFC 6749 5.2: invalid_grant)', async () => {
      await expectErrorAnswer(poll({ device_code: 'of-nobody' }), 'access_denied')
    })
  })

  it('registers a client with status 200, which is refused, though the client is there (RFC 7591 3.2.1)', async () => {
    const metadata = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'client_secret_post' }
    const response = await dynamicClientRegistrationRequest(as, metadata, { [allowInsecureRequests]: true })
    const attempt = processDynamicClientRegistrationResponse(response.clone())
    await expectRuleRefusal(attempt, RESPONSE_IS_NOT_CONFORM, 'registration.status')
    await expect(attempt).rejects.toMatchObject({ status: 200, expected: 201, actual: 200 })

    // what a user does who trusts this server: the answer in all but its status
    const mended = new Response(response.body, { status: 201, headers: response.headers })
    const registered = await processDynamicClientRegistrationResponse(mended)
    expect(registered).toMatchObject({ client_id: expect.any(String), client_secret_expires_at: 0 })
  })

  it('says what is wrong with a registration (RFC 7591 3.2.2)', async () => {
    const response = await dynamicClientRegistrationRequest(
      as,
      { client_name: 'new' },
      { [allowInsecureRequests]: true },
    )
    await expectErrorAnswer(processDynamicClientRegistrationResponse(response), 'invalid_redirect_uri')
  })
})
