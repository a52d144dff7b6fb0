import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectErrorAnswer } from './refusal.ts'
import { authenticate, poll, type Relationship } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

describe('parameters of the authentication request (CIBA Core 7.1, 13)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startProvider({ clients: [registrationOf('shop')] })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  it('identifies the person by an ID Token of an earlier sign-in as id_token_hint', async () => {
    const first = await authenticate(shop)
    await provider.phone.approve(first.auth_req_id)
    const { tokens } = await poll(shop, first.auth_req_id)

    const second = await authenticate(shop, { id_token_hint: tokens.id_token ?? '' })
    expect(await provider.phone.waitFor(second.auth_req_id)).toMatchObject({ accountId: 'anna' })
    await provider.phone.approve(second.auth_req_id)
    expect((await poll(shop, second.auth_req_id)).claims.sub).toBe('anna')
  })

  it.each<[string, string, Record<string, string>]>([
    ['two hints', 'invalid_request', { login_hint: 'anna', login_hint_token: 'anna' }],
    ['an empty hint', 'invalid_request', { login_hint: '' }],
    ['an id_token_hint that is no ID Token', 'invalid_request', { id_token_hint: 'anna' }],
    ['an unknown person', 'unknown_user_id', { login_hint: 'nobody' }],
    ['a binding_message that cannot be shown', 'invalid_binding_message', { binding_message: 'pay\nless' }],
    ['a user_code that the person does not have', 'invalid_user_code', { user_code: '1234' }],
    ['a scope without openid', 'invalid_request', { scope: 'profile' }],
    ['a requested_expiry that is no number', 'invalid_request', { requested_expiry: 'soon' }],
  ])('tells the refusal of %s: %s', async (_what, error, parameters) => {
    await expectErrorAnswer(authenticate(shop, parameters), error)
  })
})
