import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  JSON_ATTRIBUTE_COMPARISON,
  JWT_USERINFO_EXPECTED,
  processUserInfoResponse,
  userInfoRequest,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectChallenge, expectRuleRefusal } from '../ciba/refusal.ts'
import { insecure, type Relationship, userInfo } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { signIn, withClient } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('UserInfo after a code flow (OIDC Core 5.3)', () => {
  let provider: RunningProvider
  let plain: Relationship
  let signed: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [registrationOf('plain'), { ...registrationOf('signed'), userinfo_signed_response_alg: 'ES256' }],
      features: { jwtUserinfo: { enabled: true } },
    })
    plain = await relationshipOf('plain', provider.issuer)
    const userinfo_signed_response_alg = 'ES256'
    signed = withClient(await relationshipOf('signed', provider.issuer), { userinfo_signed_response_alg })
  })

  afterAll(() => provider.close())

  it('gives the claims of the scope, in JSON (5.3.2, 5.4)', async () => {
    const signedIn = await signIn(plain, { scope: 'openid email' })
    expect(await userInfo(plain, signedIn)).toEqual({ sub: 'anna', email: 'anna@example.com' })
  })

  it('gives them as a JWT, signature included (5.3.2)', async () => {
    const { as, client } = signed
    const { claims, tokens } = await signIn(signed, { scope: 'openid email' })
    const response = await userInfoRequest(as, client, tokens.access_token, insecure)
    expect(response.headers.get('content-type')).toMatch('application/jwt')
    const answer = await processUserInfoResponse(as, client, claims.sub, response)
    expect(answer).toMatchObject({ iss: provider.issuer, aud: 'signed', sub: 'anna', email: 'anna@example.com' })
    await validateApplicationLevelSignature(as, response, insecure)
  })

  it('is refused in JSON by a client that registered for a JWT (5.3.2)', async () => {
    const expecting = withClient(plain, { userinfo_signed_response_alg: 'ES256' })
    await expectRuleRefusal(userInfo(expecting, await signIn(plain)), JWT_USERINFO_EXPECTED, 'userinfo.signed')
  })

  it('is refused for another person than the ID Token names (5.3.4)', async () => {
    const { claims } = await signIn(plain)
    const { tokens } = await signIn(plain, {}, { person: { sub: 'bert' } })
    await expectRuleRefusal(userInfo(plain, { claims, tokens }), JSON_ATTRIBUTE_COMPARISON, 'userinfo.sub')
  })

  it('is refused with a challenge for an access token that the server does not know (RFC 6750 3.1)', async () => {
    const { claims, tokens } = await signIn(plain)
    const unknown = { ...tokens, access_token: 'unknown' }
    await expectChallenge(userInfo(plain, { claims, tokens: unknown }), 'bearer', 'invalid_token')
  })
})
