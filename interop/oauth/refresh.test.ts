import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  getValidatedIdTokenClaims,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  type TokenEndpointResponse,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectChallenge, expectErrorAnswer } from '../ciba/refusal.ts'
import { insecure, type Relationship, userInfo } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { signIn } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

const OFFLINE = { scope: 'openid email offline_access', prompt: 'consent' }

describe('refresh tokens that are rotated (RFC 6749 6, RFC 9700 4.14.2)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [{ ...registrationOf('shop'), grant_types: ['authorization_code', 'refresh_token'] }],
      rotateRefreshToken: true,
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function refresh(
    { refresh_token }: TokenEndpointResponse,
    additionalParameters: Record<string, string> = {},
  ): Promise<TokenEndpointResponse> {
    const { as, client, authentication } = shop
    const options = { ...insecure, additionalParameters }
    const response = await refreshTokenGrantRequest(as, client, authentication, String(refresh_token), options)
    const tokens = await processRefreshTokenResponse(as, client, response)
    await validateApplicationLevelSignature(as, response, insecure)
    return tokens
  }

  it('gives new tokens, and an ID Token of the same person (OIDC Core 12.2)', async () => {
    const { claims, tokens } = await signIn(shop, OFFLINE)
    const renewed = await refresh(tokens)
    expect(renewed.access_token).not.toBe(tokens.access_token)
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token)
    expect(getValidatedIdTokenClaims(renewed)).toMatchObject({ iss: claims.iss, sub: claims.sub, aud: claims.aud })
    expect(await userInfo(shop, { tokens: renewed, claims })).toMatchObject({ sub: 'anna' })
  })

  it('narrows the scope where that is asked for (RFC 6749 6)', async () => {
    const { claims, tokens } = await signIn(shop, OFFLINE)
    const narrowed = await refresh(tokens, { scope: 'openid' })
    expect(narrowed.scope).toBe('openid')
    expect(await userInfo(shop, { tokens: narrowed, claims })).toEqual({ sub: 'anna' })
  })

  it('refuses a spent refresh token, and from then on everything that came of it (RFC 9700 4.14.2)', async () => {
    const { claims, tokens } = await signIn(shop, OFFLINE)
    const renewed = await refresh(tokens)
    await expectErrorAnswer(refresh(tokens), 'invalid_grant')
    await expectErrorAnswer(refresh(renewed), 'invalid_grant')
    await expectChallenge(userInfo(shop, { tokens: renewed, claims }), 'bearer', 'invalid_token')
  })

  it('refuses a refresh token that was never issued (RFC 6749 5.2)', async () => {
    const { tokens } = await signIn(shop, OFFLINE)
    await expectErrorAnswer(refresh({ ...tokens, refresh_token: 'unknown' }), 'invalid_grant')
  })
})
