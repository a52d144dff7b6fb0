import { createServer } from 'node:http'
import { errors } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BareProvider, close, createBareProvider, portOf } from './bare-provider.ts'
import { expectErrorAnswer } from './refusal.ts'
import { authenticate, poll, type Relationship } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

describe('a login_hint_token, whose form is between client and server (CIBA Core 7.1)', () => {
  const server = createServer()
  let provider: BareProvider
  let shop: Relationship

  beforeAll(async () => {
    const issuer = `http://127.0.0.1:${await portOf(server)}`
    const clients = [registrationOf('shop')]
    provider = await createBareProvider(
      issuer,
      { clients },
      {
        processLoginHintToken(_ctx, token) {
          if (token === 'yesterday') {
            throw new errors.ExpiredLoginHintToken('the login_hint_token has expired')
          }
          return token?.replace('person:', '')
        },
      },
    )
    server.on('request', provider.answer)
    shop = await relationshipOf('shop', issuer)
  })

  afterAll(() => close(server))

  it('identifies the person', async () => {
    const { auth_req_id } = await authenticate(shop, { login_hint_token: 'person:anna' })
    await provider.approve(auth_req_id)
    expect((await poll(shop, auth_req_id)).claims.sub).toBe('anna')
  })

  it('is refused when it has expired (13)', async () => {
    await expectErrorAnswer(authenticate(shop, { login_hint_token: 'yesterday' }), 'expired_login_hint_token')
  })
})
