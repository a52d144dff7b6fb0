import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  INVALID_RESPONSE,
  JSON_ATTRIBUTE_COMPARISON,
  JWT_USERINFO_EXPECTED,
  processUserInfoResponse,
  skipSubjectCheck,
  userInfoRequest,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectChallenge, expectRuleRefusal } from './refusal.ts'
import { authenticate, insecure, poll, type Relationship, type SignedIn, userInfo } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const

describe('UserInfo (OIDC Core 5.3)', () => {
  let provider: RunningProvider

  beforeAll(async () => {
    provider = await startProvider({
      signingAlgorithms: ALGORITHMS,
      accounts: {
        anna: { name: 'Anna Example', email: 'anna@example.com', email_verified: true },
        bert: { name: 'Bert Example', email: 'bert@example.com', email_verified: false },
      },
      clients: [
        registrationOf('plain'),
        ...ALGORITHMS.map((alg) => ({ ...registrationOf(alg), userinfo_signed_response_alg: alg })),
      ],
    })
  })

  afterAll(() => provider.close())

  async function clientOf(id: string, userinfo_signed_response_alg?: string): Promise<Relationship> {
    const relationship = await relationshipOf(id, provider.issuer)
    if (userinfo_signed_response_alg === undefined) {
      return relationship
    }
    return { ...relationship, client: { ...relationship.client, userinfo_signed_response_alg } }
  }

  async function signIn(relationship: Relationship, sub = 'anna'): Promise<SignedIn> {
    const { auth_req_id } = await authenticate(relationship, { login_hint: sub, scope: 'openid email' })
    await provider.phone.approve(auth_req_id)
    return await poll(relationship, auth_req_id)
  }

  it('gives the claims of the scopes that were asked for (5.4)', async () => {
    const plain = await clientOf('plain')
    expect(await userInfo(plain, await signIn(plain, 'bert'))).toEqual({
      sub: 'bert',
      email: 'bert@example.com',
      email_verified: false,
    })
  })

  it.each(ALGORITHMS)('is accepted as a JWT signed with %s, signature included (5.3.2)', async (alg) => {
    const client = await clientOf(alg, alg)
    const { tokens, claims } = await signIn(client)
    const response = await userInfoRequest(client.as, client.client, tokens.access_token, insecure)
    expect(response.headers.get('content-type')).toMatch('application/jwt')
    const userInfo = await processUserInfoResponse(client.as, client.client, claims.sub, response)
    await validateApplicationLevelSignature(client.as, response, insecure)
    expect(userInfo).toMatchObject({ iss: provider.issuer, aud: alg, sub: 'anna', email: 'anna@example.com' })
  })

  it('is refused as a JWT whose signature no published key made (5.3.2)', async () => {
    const client = await clientOf('ES256', 'ES256')
    const { tokens, claims } = await signIn(client)
    const response = await userInfoRequest(client.as, client.client, tokens.access_token, insecure)
    await processUserInfoResponse(client.as, client.client, claims.sub, response)
    const other = await startProvider()
    try {
      const { as } = await relationshipOf('ES256', other.issuer)
      await expectRuleRefusal(validateApplicationLevelSignature(as, response, insecure), INVALID_RESPONSE)
    } finally {
      await other.close()
    }
  })

  it('is refused as a JWT signed with another algorithm than registered (5.3.2)', async () => {
    const client = await clientOf('PS256', 'ES256')
    await expectRuleRefusal(userInfo(client, await signIn(client)), INVALID_RESPONSE)
  })

  it('is refused as plain JSON by a client that registered for a JWT (5.3.2)', async () => {
    const client = await clientOf('plain', 'ES256')
    await expectRuleRefusal(userInfo(client, await signIn(client)), JWT_USERINFO_EXPECTED)
  })

  it('is refused for another person than the ID Token names (5.3.2)', async () => {
    const plain = await clientOf('plain')
    const anna = await signIn(plain)
    const bert = await signIn(plain, 'bert')
    const mixed = { claims: anna.claims, tokens: bert.tokens }
    await expectRuleRefusal(userInfo(plain, mixed), JSON_ATTRIBUTE_COMPARISON)

    const response = await userInfoRequest(plain.as, plain.client, bert.tokens.access_token, insecure)
    const unchecked = await processUserInfoResponse(plain.as, plain.client, skipSubjectCheck, response)
    expect(unchecked.sub).toBe('bert')
  })

  it('is refused with a challenge for an access token that the server does not know (RFC 6750 3.1)', async () => {
    const plain = await clientOf('plain')
    const { claims, tokens } = await signIn(plain)
    const stale = { claims, tokens: { ...tokens, access_token: 'unknown' } }
    await expectChallenge(userInfo(plain, stale), 'bearer', 'invalid_token')
  })
})
