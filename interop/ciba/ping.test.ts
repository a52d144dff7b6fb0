import { request } from 'node:https'
import { type RunningProvider, startProvider } from '@countersign/cli/provider'
import {
  type CallbackExpectation,
  callbackResponse,
  generateRandomState,
  hashClientNotificationToken,
  validatePingCallback,
} from 'countersign'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CallbackServer, serveCallbacks } from './callback-server.ts'
import { expectErrorAnswer } from './refusal.ts'
import { authenticate, poll, type Relationship } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

const TOKEN = 'notification-token-of-the-tests-of-32'

describe('a ping of oidc-provider (CIBA Core 9, 10.2)', () => {
  let endpoint: CallbackServer
  let provider: RunningProvider
  let shop: Relationship
  const transactions = new Map<string, CallbackExpectation>()
  let pinged: string[] = []

  beforeAll(async () => {
    endpoint = await serveCallbacks(async (callback) => {
      try {
        const { auth_req_id } = await validatePingCallback(callback, {
          findTransaction: ({ client_notification_token_hash }) => transactions.get(client_notification_token_hash),
        })
        pinged.push(auth_req_id)
        return callbackResponse()
      } catch (error) {
        return callbackResponse(error)
      }
    })
    const registration = {
      ...registrationOf('shop'),
      backchannel_token_delivery_mode: 'ping' as const,
      backchannel_client_notification_endpoint: endpoint.url,
    }
    provider = await startProvider({ clients: [registration], fetch: endpoint.fetch })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(async () => {
    await provider.close()
    await endpoint.close()
  })

  beforeEach(() => {
    pinged = []
  })

  /** Starts a transaction that the endpoint finds by the hash of its token. */
  async function start(token = generateRandomState()): Promise<string> {
    const client_notification_token_hash = await hashClientNotificationToken(token)
    transactions.set(client_notification_token_hash, { client_notification_token_hash })
    const { auth_req_id } = await authenticate(shop, { client_notification_token: token })
    transactions.set(client_notification_token_hash, { auth_req_id, client_notification_token_hash })
    return auth_req_id
  }

  /** What the provider was answered last. */
  const lastStatus = () => endpoint.exchanges.at(-1)?.status

  it('says that there are tokens, which the client asks for then', async () => {
    const authReqId = await start()
    await provider.phone.approve(authReqId)
    expect(pinged).toEqual([authReqId])
    expect(lastStatus()).toBe(204)
    expect((await poll(shop, authReqId)).claims).toMatchObject({ sub: 'anna', aud: 'shop' })
  })

  it('comes when the person refuses, too', async () => {
    const authReqId = await start()
    await provider.phone.deny(authReqId)
    expect(pinged).toEqual([authReqId])
    await expectErrorAnswer(poll(shop, authReqId), 'access_denied')
  })

  it('finds a transaction whose acknowledgement was lost', async () => {
    const token = generateRandomState()
    const client_notification_token_hash = await hashClientNotificationToken(token)
    transactions.set(client_notification_token_hash, { client_notification_token_hash })
    const shown = provider.phone.next()
    await authenticate(shop, { client_notification_token: token })
    const { authReqId } = await shown
    await provider.phone.approve(authReqId)
    expect(pinged).toEqual([authReqId])
  })

  it('is answered 401 where the client does not know the transaction', async () => {
    const { auth_req_id } = await authenticate(shop, { client_notification_token: TOKEN })
    // the provider takes any other answer than 200 and 204 for a failure
    await expect(provider.phone.approve(auth_req_id)).rejects.toThrow('401')
    expect(lastStatus()).toBe(401)
    expect(pinged).toEqual([])
    // and a ping client may poll nevertheless (10.1)
    expect((await poll(shop, auth_req_id)).claims.aud).toBe('shop')
  })

  describe('is not what somebody else sends', () => {
    async function send(init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
      const response = await endpoint.fetch(endpoint.url, { method: 'POST', redirect: 'manual', ...init })
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toBe('')
      expect(pinged).toEqual([])
      return response
    }

    const json = { 'content-type': 'application/json' }
    const bearer = { ...json, authorization: `Bearer ${TOKEN}` }

    it('without a token, with another one, or for another transaction', async () => {
      const [first, second] = [await start(), await start(TOKEN)]
      const body = JSON.stringify({ auth_req_id: first })
      expect((await send({ headers: json, body })).status).toBe(401)
      const wrong = await send({ headers: { ...bearer, authorization: 'Bearer wrong' }, body })
      const other = await send({ headers: bearer, body })
      const unknown = await send({ headers: bearer, body: JSON.stringify({ auth_req_id: 'unknown' }) })
      for (const { status, headers } of [wrong, other, unknown]) {
        expect(status).toBe(401)
        expect(headers.get('www-authenticate')).toBe(wrong.headers.get('www-authenticate'))
      }
      expect(second).not.toBe(first)
    })

    it('with two Authorization headers, of which node would show the first', async () => {
      const body = JSON.stringify({ auth_req_id: await start(TOKEN) })
      const { host } = new URL(endpoint.url)
      const headers = Object.entries({ host, ...bearer })
        .concat([['authorization', 'Bearer wrong']])
        .flat()
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const sent = request(endpoint.url, { method: 'POST', ca: endpoint.ca, headers }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
        sent.on('error', reject).end(body)
      })
      expect(status).toBe(401)
      expect(endpoint.exchanges.at(-1)?.headers.get('authorization')).toBe(`Bearer ${TOKEN}, Bearer wrong`)
      expect(pinged).toEqual([])
    })

    it('by another method, with another type, or with too much', async () => {
      const body = JSON.stringify({ auth_req_id: await start(TOKEN) })
      const got = await send({ method: 'GET', headers: bearer })
      expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
      expect((await send({ headers: { ...bearer, 'content-type': 'text/plain' }, body })).status).toBe(400)
      expect((await send({ headers: bearer, body: body.padEnd(65_537) })).status).toBe(400)
      expect((await send({ headers: bearer, body: `${body}}` })).status).toBe(400)
    })

    it('over a body that does not end, of which no more is read than is taken', async () => {
      await start(TOKEN)
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(0x20)),
      })
      const init: object = { method: 'POST', headers: bearer, body: endless, duplex: 'half' }
      const answered = endpoint.exchanges.length
      // the connection is closed while the sender still sends: it sees the answer, or that
      await endpoint.fetch(endpoint.url, init).catch(() => undefined)
      expect(endpoint.exchanges.length).toBe(answered + 1)
      expect(lastStatus()).toBe(400)
    })
  })
})
