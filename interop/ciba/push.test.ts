import { allowInsecureRequests, type AuthorizationServer, None } from 'countersign'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushClient, type PushClient } from '../../examples/ciba-push.ts'
import { signingKey } from '../../packages/countersign/src/testing/signed.ts'
import { type CallbackServer, serveCallbacks } from './callback-server.ts'
import { leftHalfHash, type Members, type PushingProvider, startPushingProvider } from './pushing-provider.ts'

const AUTH_REQ_ID = 'urn:openid:params:jwt:claim:auth_req_id'
const RT_HASH = 'urn:openid:params:jwt:claim:rt_hash'

describe('a push (CIBA Core 10.3.1, 12)', () => {
  let endpoint: CallbackServer
  let provider: PushingProvider
  let shop: PushClient

  beforeAll(async () => {
    endpoint = await serveCallbacks((request) => shop.notificationEndpoint(request))
    provider = await startPushingProvider('shop', endpoint)
    shop = shopOf(provider.as)
  })

  afterAll(async () => {
    await provider.close()
    await endpoint.close()
  })

  beforeEach(() => {
    provider.beforeAcknowledgement = () => Promise.resolve()
  })

  function shopOf(as: AuthorizationServer): PushClient {
    const client = { client_id: 'shop', id_token_signed_response_alg: 'ES256' }
    return pushClient({ as, client, clientAuth: None(), options: { [allowInsecureRequests]: true } })
  }

  async function start() {
    const transaction = await shop.start({ login_hint: 'anna' })
    return { transaction, authReqId: transaction.auth_req_id ?? '' }
  }

  it('delivers the tokens', async () => {
    const { transaction, authReqId } = await start()
    expect(await provider.approve(authReqId)).toBe(204)
    expect(transaction.outcome).toMatchObject({ status: 'approved', auth_req_id: authReqId, claims: { sub: 'anna' } })
  })

  it.each(['access_denied', 'expired_token', 'transaction_failed'])('delivers the error %s (12)', async (error) => {
    const { transaction, authReqId } = await start()
    const error_description = 'in words'
    expect(await provider.refuse(authReqId, { error, error_description })).toBe(204)
    expect(transaction.outcome).toEqual({ status: 'refused', auth_req_id: authReqId, error, error_description })
  })

  it.each<[string, Members, Members]>([
    ['another access token', { access_token: 'another' }, {}],
    ['another refresh token', { refresh_token: 'another' }, {}],
    ['another at_hash', {}, { at_hash: leftHalfHash('another') }],
    ['another rt_hash', {}, { [RT_HASH]: leftHalfHash('another') }],
    ['another auth_req_id in the ID Token', {}, { [AUTH_REQ_ID]: 'another' }],
    ['no at_hash', {}, { at_hash: undefined }],
    ['no rt_hash', {}, { [RT_HASH]: undefined }],
    ['no auth_req_id in the ID Token', {}, { [AUTH_REQ_ID]: undefined }],
    ['no ID Token', { id_token: undefined }, {}],
    ['an ID Token of another issuer', {}, { iss: 'https://evil.example' }],
    ['an ID Token for another client', {}, { aud: 'bank' }],
    ['an ID Token that has expired', {}, { exp: 1 }],
    ['an error beside the tokens', { error: 'access_denied' }, {}],
  ])('is answered 400 with %s, and changes nothing (10.3.1)', async (_title, changes, claims) => {
    const { transaction, authReqId } = await start()
    expect(await provider.approve(authReqId, changes, claims)).toBe(400)
    expect(transaction.outcome).toBeUndefined()
    // the right one may come after it
    expect(await provider.approve(authReqId)).toBe(204)
  })

  it('is answered 400 with an ID Token that another key has signed (10.3.1)', async () => {
    const { transaction, authReqId } = await start()
    expect(await provider.approve(authReqId, {}, {}, signingKey('ES256', 'key-1'))).toBe(400)
    expect(transaction.outcome).toBeUndefined()
  })

  it('is answered 400 with an error that section 12 does not have, and as a ping (10, 12)', async () => {
    const { transaction, authReqId } = await start()
    expect(await provider.refuse(authReqId, { error: 'slow_down' })).toBe(400)
    expect(await provider.refuse(authReqId, {})).toBe(400)
    expect(transaction.outcome).toBeUndefined()
  })

  it('is answered 401 for another transaction than the one of its token (10.3.1)', async () => {
    const [{ authReqId: first }, { authReqId: second }] = [await start(), await start()]
    expect(await provider.approve(first, { auth_req_id: second }, { [AUTH_REQ_ID]: second })).toBe(401)
    expect(await provider.refuse(first, { auth_req_id: second, error: 'access_denied' })).toBe(401)
    expect(await provider.refuse(first, { auth_req_id: 'unknown', error: 'access_denied' })).toBe(401)
  })

  it('may come twice; the first one counts', async () => {
    const { transaction, authReqId } = await start()
    expect(await provider.approve(authReqId)).toBe(204)
    expect(await provider.approve(authReqId)).toBe(204)
    expect(await provider.refuse(authReqId, { error: 'transaction_failed' })).toBe(204)
    expect(transaction.outcome).toMatchObject({ status: 'approved' })
  })

  it('is answered 401 when it comes too late', async () => {
    const { transaction, authReqId } = await start()
    transaction.expiresAt = Date.now()
    expect(await provider.approve(authReqId)).toBe(401)
    expect(transaction.outcome).toBeUndefined()
  })

  it('may come before the acknowledgement', async () => {
    let status: number | undefined
    provider.beforeAcknowledgement = async (authReqId) => {
      status = await provider.approve(authReqId)
    }
    const { transaction, authReqId } = await start()
    expect(status).toBe(204)
    expect(transaction.outcome).toMatchObject({ status: 'approved', auth_req_id: authReqId })
  })

  it('may come where the acknowledgement was lost', async () => {
    provider.beforeAcknowledgement = () => Promise.reject(new Error('lost'))
    await expect(start()).rejects.toThrow()
    expect(await provider.approve(provider.authReqIds.at(-1) ?? '')).toBe(204)
  })

  it('is answered 500 where the keys of the server cannot be fetched', async () => {
    const usual = shop
    shop = shopOf({ ...provider.as, jwks_uri: 'http://127.0.0.1:1/jwks' })
    try {
      const { transaction, authReqId } = await start()
      expect(await provider.approve(authReqId)).toBe(500)
      expect(transaction.outcome).toBeUndefined()
    } finally {
      shop = usual
    }
  })
})
