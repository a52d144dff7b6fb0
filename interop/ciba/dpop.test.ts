import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DPoP, type DPoPHandle, generateKeyPair, isDPoPNonceError } from 'countersign'
import { expectChallenge, expectErrorAnswer } from './refusal.ts'
import { authenticate, poll, type Relationship, type SignedIn, userInfo } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

const clients = [registrationOf('shop')]

async function handleFor({ client }: Relationship, alg = 'ES256'): Promise<DPoPHandle> {
  return DPoP(client, await generateKeyPair(alg))
}

describe('an access token bound to a DPoP key (RFC 9449)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startProvider({ clients })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function signIn(handle: DPoPHandle): Promise<SignedIn> {
    const { auth_req_id } = await authenticate(shop)
    await provider.phone.approve(auth_req_id)
    return await poll(shop, auth_req_id, { DPoP: handle })
  }

  it.each(['ES256', 'Ed25519'])('is used with a proof signed with %s (5, 7.1)', async (alg) => {
    const handle = await handleFor(shop, alg)
    const signedIn = await signIn(handle)
    expect(signedIn.tokens.token_type).toBe('dpop')
    expect(await userInfo(shop, signedIn, { DPoP: handle })).toMatchObject({ sub: 'anna' })
  })

  it('is refused without a proof (7.2)', async () => {
    const signedIn = await signIn(await handleFor(shop))
    await expectChallenge(userInfo(shop, signedIn), 'dpop', 'invalid_token')
  })

  it("is refused with another key's proof (7.1)", async () => {
    const signedIn = await signIn(await handleFor(shop))
    const stranger = await handleFor(shop)
    await expectChallenge(userInfo(shop, signedIn, { DPoP: stranger }), 'dpop', 'invalid_token')
  })
})

describe('a provider that wants its own nonce in every proof (RFC 9449 8, 9)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startProvider({ clients, requireDPoPNonce: true })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  it('refuses the first proof in the body; the same handle then has the nonce and keeps it', async () => {
    const handle = await handleFor(shop)
    const { auth_req_id } = await authenticate(shop)
    await provider.phone.approve(auth_req_id)

    const first = poll(shop, auth_req_id, { DPoP: handle })
    await expectErrorAnswer(first, 'use_dpop_nonce')
    await expect(first).rejects.toSatisfy(isDPoPNonceError)

    const signedIn = await poll(shop, auth_req_id, { DPoP: handle })
    expect(signedIn.tokens.token_type).toBe('dpop')
    expect(await userInfo(shop, signedIn, { DPoP: handle })).toMatchObject({ sub: 'anna' })
    expect(await userInfo(shop, signedIn, { DPoP: handle })).toMatchObject({ sub: 'anna' })
  })

  it('refuses a proof without nonce at UserInfo with a challenge', async () => {
    const pair = await generateKeyPair('ES256')
    const handle = DPoP(shop.client, pair)
    const { auth_req_id } = await authenticate(shop)
    await provider.phone.approve(auth_req_id)
    await expectErrorAnswer(poll(shop, auth_req_id, { DPoP: handle }), 'use_dpop_nonce')
    const signedIn = await poll(shop, auth_req_id, { DPoP: handle })

    // a second handle on the same key has seen no nonce yet
    const forgetful = DPoP(shop.client, pair)
    const attempt = userInfo(shop, signedIn, { DPoP: forgetful })
    await expectChallenge(attempt, 'dpop', 'use_dpop_nonce')
    await expect(attempt).rejects.toSatisfy(isDPoPNonceError)
    expect(await userInfo(shop, signedIn, { DPoP: forgetful })).toMatchObject({ sub: 'anna' })
  })

  it('tells other errors apart from a wanted nonce', async () => {
    const { auth_req_id } = await authenticate(shop)
    const attempt = poll(shop, auth_req_id)
    await expectErrorAnswer(attempt, 'authorization_pending')
    await expect(attempt).rejects.not.toSatisfy(isDPoPNonceError)
  })
})
