import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  customFetch,
  INVALID_RESPONSE,
  jwksCache,
  type JWKSCacheInput,
  validateApplicationLevelSignature,
} from 'countersign'
import { forFetch, type Outgoing } from './outgoing.ts'
import { expectRuleRefusal } from './refusal.ts'
import { authenticate, insecure, poll, type Relationship, type SignedIn } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

// prettier-ignore
const ALGORITHMS = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA',
] as const

describe('the ID Token of a real provider (OIDC Core 2, 3.1.3.7)', () => {
  let provider: RunningProvider

  beforeAll(async () => {
    provider = await startProvider({
      signingAlgorithms: ALGORITHMS,
      clients: [
        ...ALGORITHMS.map((alg) => ({ ...registrationOf(alg), id_token_signed_response_alg: alg })),
        { ...registrationOf('auth-time'), require_auth_time: true },
      ],
    })
  })

  afterAll(() => provider.close())

  async function clientOf(id: string, metadata: Partial<Relationship['client']>): Promise<Relationship> {
    const relationship = await relationshipOf(id, provider.issuer)
    return { ...relationship, client: { ...relationship.client, ...metadata } }
  }

  async function signIn(relationship: Relationship): Promise<SignedIn> {
    const { auth_req_id } = await authenticate(relationship)
    await provider.phone.approve(auth_req_id)
    return await poll(relationship, auth_req_id)
  }

  it.each(ALGORITHMS)('is accepted signed with %s, the algorithm of the registration (3.1.3.7 item 7)', async (alg) => {
    const client = await clientOf(alg, { id_token_signed_response_alg: alg })
    expect((await signIn(client)).claims).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: alg })
  })

  it('is refused signed with another algorithm than that of the registration (3.1.3.7 item 7)', async () => {
    const client = await clientOf('ES384', { id_token_signed_response_alg: 'ES256' })
    await expectRuleRefusal(signIn(client), INVALID_RESPONSE)
  })

  it('is held to the RS256 of a client that registered nothing, where the server has several (item 7)', async () => {
    const client = await clientOf('RS256', {})
    const { id_token_signed_response_alg: _none, ...unregistered } = client.client
    expect((await signIn({ ...client, client: unregistered })).claims.sub).toBe('anna')
  })

  it('says when the person was authenticated, to a client that requires it (2, 3.1.3.7 item 13)', async () => {
    const client = await clientOf('auth-time', { id_token_signed_response_alg: 'RS256', require_auth_time: true })
    const { auth_req_id } = await authenticate(client)
    await provider.phone.approve(auth_req_id, { authTime: 1_700_000_000 })
    expect((await poll(client, auth_req_id)).claims.auth_time).toBe(1_700_000_000)
  })

  it('is refused when none of the published keys made its signature (item 6)', async () => {
    const { response } = await signIn(await clientOf('ES256', {}))
    const other = await startProvider()
    try {
      const as = (await relationshipOf('ES256', other.issuer)).as
      await expectRuleRefusal(validateApplicationLevelSignature(as, response, insecure), INVALID_RESPONSE)
    } finally {
      await other.close()
    }
  })

  it('costs one request for the keys, none with a cache that a caller kept', async () => {
    const shop = await clientOf('ES256', {})
    let requests = 0
    const cache: JWKSCacheInput = {}
    const options = {
      ...insecure,
      [jwksCache]: cache,
      [customFetch](url: string, init: Outgoing) {
        requests++
        return fetch(url, forFetch(init))
      },
    }
    const { response } = await signIn(shop)
    await validateApplicationLevelSignature({ ...shop.as }, response, options)
    expect(cache).toHaveProperty('uat')
    expect(cache).toHaveProperty('jwks.keys')
    expect(requests).toBe(1)
    await validateApplicationLevelSignature({ ...shop.as }, response, options)
    expect(requests).toBe(1)
  })
})
