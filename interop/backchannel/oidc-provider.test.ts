import { type RunningProvider, startProvider } from '@countersign/cli/provider'
import { type Client, customFetch, TlsClientAuth } from 'countersign'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CallbackServer, serveCallbacks } from '../ciba/callback-server.ts'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { type MutualProvider, startMutualProvider } from '../ciba/mutual-provider.ts'
import { discover, type Relationship, userInfo } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { open, type OpenBackchannel } from './open.ts'

const parameters = { scope: 'openid profile', login_hint: 'anna', binding_message: 'W4-K7' }

let opened: OpenBackchannel

afterEach(() => opened.destroy())

describe('transactions at oidc-provider, in poll mode', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startProvider({ clients: [registrationOf('shop')], interval: 1 })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  it('are approved, and come back from a restart in between (CIBA Core 10.1)', async () => {
    opened = await open(shop)
    const shown = provider.phone.next()
    const { id } = await opened.backchannel.start({ parameters, idempotencyKey: 'order-5' })
    const { authReqId, bindingMessage } = await shown
    expect(bindingMessage).toBe('W4-K7')
    await opened.reopen()
    const waiting = opened.backchannel.wait(id)
    await provider.phone.approve(authReqId)
    expect(await waiting).toEqual({ id, status: 'approved' })
    await opened.reopen()
    const outcome = await opened.backchannel.take(id)
    if (outcome.status !== 'approved' || outcome.claims === undefined) throw new Error('the person approved')
    const { tokens, claims } = outcome
    expect(claims).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: 'shop' })
    expect(await userInfo(shop, { tokens, claims })).toMatchObject({ sub: 'anna', name: 'Anna Example' })
  })

  it('are refused by the person (11)', async () => {
    opened = await open(shop)
    const shown = provider.phone.next()
    const { id } = await opened.backchannel.start({ parameters })
    await provider.phone.deny((await shown).authReqId)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'refused' })
    expect(await opened.backchannel.take(id)).toMatchObject({ status: 'refused', error: 'access_denied' })
  })

  it('expire (7.3)', async () => {
    opened = await open(shop)
    const { id } = await opened.backchannel.start({ parameters: { ...parameters, requested_expiry: 2 } })
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'expired' })
  })

  it('do not begin with a hint that the server does not know (13)', async () => {
    opened = await open(shop)
    const unknown = { ...parameters, login_hint: 'nobody' }
    await expect(opened.backchannel.start({ parameters: unknown })).rejects.toMatchObject({ error: 'unknown_user_id' })
  })

  it('bind their tokens to a key that outlives the process (RFC 9449)', async () => {
    opened = await open(shop, { DPoP: 'per-transaction' })
    const shown = provider.phone.next()
    const { id } = await opened.backchannel.start({ parameters })
    await opened.reopen()
    await provider.phone.approve((await shown).authReqId)
    await opened.backchannel.wait(id)
    await opened.reopen()
    const outcome = await opened.backchannel.take(id)
    if (outcome.status !== 'approved' || !outcome.DPoP || !outcome.claims) throw new Error('the tokens are bound')
    const { tokens, claims, DPoP } = outcome
    expect(tokens.token_type).toBe('dpop')
    expect(await userInfo(shop, { tokens, claims }, { DPoP: DPoP.handle })).toMatchObject({ sub: 'anna' })
  })
})

describe('transactions at oidc-provider, in ping mode (10.2)', () => {
  let endpoint: CallbackServer
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    endpoint = await serveCallbacks((request) => opened.backchannel.handler(request))
    const registration = {
      ...registrationOf('shop'),
      backchannel_token_delivery_mode: 'ping' as const,
      backchannel_client_notification_endpoint: endpoint.url,
    }
    provider = await startProvider({ clients: [registration], fetch: endpoint.fetch })
    const { client, ...rest } = await relationshipOf('shop', provider.issuer)
    shop = { ...rest, client: { ...client, backchannel_token_delivery_mode: 'ping' } }
  })

  afterAll(async () => {
    await provider.close()
    await endpoint.close()
  })

  it.each(['approved', 'refused'] as const)('are %s as soon as the ping comes', async (status) => {
    opened = await open(shop)
    const began = Date.now()
    const shown = provider.phone.next()
    const { id } = await opened.backchannel.start({ parameters })
    await opened.reopen()
    const { authReqId } = await shown
    await (status === 'approved' ? provider.phone.approve(authReqId) : provider.phone.deny(authReqId))
    expect(endpoint.exchanges.at(-1)?.status).toBe(204)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status })
    // the interval is 5 seconds, and the ping does not wait for it where nothing was asked before
    expect(Date.now() - began).toBeLessThan(4500)
  })
})

describe('transactions under FAPI-CIBA, with mutual TLS and signed requests', () => {
  const SUBJECT = 'CN=bank'
  let key: ClientKey
  let mutual: MutualProvider
  let bank: Relationship

  beforeAll(async () => {
    key = await generateClientKey('PS256')
    const registered = {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_certificate_bound_access_tokens: true,
      backchannel_authentication_request_signing_alg: 'PS256',
    } as const
    mutual = await startMutualProvider({
      client_id: 'bank',
      ...registered,
      tls_client_auth_subject_dn: SUBJECT,
      jwks: { keys: [key.publicJwk] },
    })
    const transport = mutual.transportWith(await mutual.ca.issue(SUBJECT))
    const client: Client = {
      client_id: 'bank',
      ...registered,
      id_token_signed_response_alg: 'ES256',
      use_mtls_endpoint_aliases: true,
      backchannel_token_delivery_mode: 'poll',
    }
    bank = { as: await discover(mutual.issuer, transport), client, authentication: TlsClientAuth(), transport }
  })

  afterAll(() => mutual.stop())

  it('are approved after a restart', async () => {
    const { transport } = bank
    let acknowledgement: unknown
    opened = await open(bank, {
      profile: 'fapi-ciba',
      signingKey: key.privateKey,
      async [customFetch](url, request) {
        const answer = (await transport[customFetch]?.(url, request)) ?? Response.error()
        if (url.endsWith('/backchannel')) acknowledgement = await answer.clone().json()
        return answer
      },
    })
    const { id } = await opened.backchannel.start({
      parameters: { scope: 'openid', login_hint: 'anna', binding_message: 'S24R' },
    })
    await opened.reopen()
    // the provider's name for it stays inside a backchannel, and the person of this test needs it
    const { auth_req_id } = acknowledgement as { readonly auth_req_id: string }
    await mutual.provider.approve(auth_req_id)
    expect(await opened.backchannel.wait(id)).toEqual({ id, status: 'approved' })
    expect(await opened.backchannel.take(id)).toMatchObject({ claims: { sub: 'anna', aud: 'bank' } })
  })
})
