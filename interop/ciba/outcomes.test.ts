import { setTimeout as sleep } from 'node:timers/promises'
import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectErrorAnswer } from './refusal.ts'
import { authenticate, poll, type Relationship, userInfo } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

describe('what becomes of an authentication request (CIBA Core 10.1.1, 11)', () => {
  let provider: RunningProvider
  let shop: Relationship
  let bank: Relationship

  beforeAll(async () => {
    provider = await startProvider({ clients: [registrationOf('shop'), registrationOf('bank')] })
    shop = await relationshipOf('shop', provider.issuer)
    bank = await relationshipOf('bank', provider.issuer)
  })

  afterAll(() => provider.close())

  it('gives tokens once the person has approved, and not before', async () => {
    const { auth_req_id } = await authenticate(shop, { binding_message: 'W4SCT' })
    expect(await provider.phone.waitFor(auth_req_id)).toMatchObject({ clientId: 'shop', bindingMessage: 'W4SCT' })
    await expectErrorAnswer(poll(shop, auth_req_id), 'authorization_pending')

    await provider.phone.approve(auth_req_id)
    const signedIn = await poll(shop, auth_req_id)

    expect(signedIn.claims).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: 'shop' })
    expect(signedIn.tokens).toMatchObject({ token_type: 'bearer', expires_in: 600 })
    expect(await userInfo(shop, signedIn)).toEqual({ sub: 'anna', name: 'Anna Example' })
  })

  it('gives access_denied when the person has refused', async () => {
    const { auth_req_id } = await authenticate(shop)
    await provider.phone.deny(auth_req_id)
    await expectErrorAnswer(poll(shop, auth_req_id), 'access_denied')
  })

  it('gives expired_token when nobody has answered in time', async () => {
    const { auth_req_id, expires_in } = await authenticate(shop, { requested_expiry: '1' })
    expect(expires_in).toBe(1)
    await sleep(2100)
    await expectErrorAnswer(poll(shop, auth_req_id), 'expired_token')
  })

  it('gives invalid_grant for an auth_req_id that was redeemed', async () => {
    const { auth_req_id } = await authenticate(shop)
    await provider.phone.approve(auth_req_id)
    expect((await poll(shop, auth_req_id)).claims.sub).toBe('anna')
    await expectErrorAnswer(poll(shop, auth_req_id), 'invalid_grant')
  })

  it("gives invalid_grant for another client's auth_req_id", async () => {
    const { auth_req_id } = await authenticate(shop)
    await provider.phone.approve(auth_req_id)
    await expectErrorAnswer(poll(bank, auth_req_id), 'invalid_grant')
    expect((await poll(shop, auth_req_id)).claims.aud).toBe('shop')
  })

  it('gives invalid_grant for an auth_req_id that was never issued', async () => {
    await expectErrorAnswer(poll(shop, 'never-issued'), 'invalid_grant')
  })

  it('gives slow_down to a client that polls faster than interval', async () => {
    const strict = await startProvider({ clients: [registrationOf('shop')], interval: 30 })
    try {
      const hasty = await relationshipOf('shop', strict.issuer)
      const { auth_req_id, interval } = await authenticate(hasty)
      expect(interval).toBe(30)
      await expectErrorAnswer(poll(hasty, auth_req_id), 'authorization_pending')
      await expectErrorAnswer(poll(hasty, auth_req_id), 'slow_down')
    } finally {
      await strict.close()
    }
  })
})
