// The authorization server of the crash tests: it outlives the client, keeps book of what it was asked and when, and tells
// what no client may do.
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scenario } from './scenario.ts'

export interface LoopbackServer {
  readonly origin: string
  /** Where callbacks go, as soon as the client listens. */
  clientPort: number | undefined
  /** What was done that no client may do. */
  readonly misconduct: readonly string[]
  /** Whether the callback was answered with 204. */
  readonly isDelivered: () => boolean
  /** How often an authentication was asked for. */
  readonly authentications: () => number
  close(): Promise<void>
}

/** Seconds. */
const INTERVAL = 2
const EXPIRES_IN = 100

/** A request's way takes some time, and the clock of the client is the same: so much a request may be early, in its ms. */
const LENIENCE = 30

/** Milliseconds that a token request takes here, in which no other one may come. */
const WORK = 5

export async function startLoopbackServer(scenario: Scenario, now: () => number): Promise<LoopbackServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const misconduct: string[] = []
  let authentications = 0
  let tokenRequests = 0
  let lastRequestAt = -Infinity
  let expiresAt = Infinity
  let asking = false
  let redeemed = false
  let delivered = false
  let notificationToken: string | null = null
  let origin = ''

  const http = createServer((incoming, outgoing) => {
    void (async () => {
      const form = new URLSearchParams(await textOf(incoming))
      const [status, body] = await answer(incoming.url ?? '', form, incoming.headers.dpop !== undefined)
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })()
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  // it listens on a port
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`

  const server: LoopbackServer = {
    origin,
    clientPort: undefined,
    misconduct,
    isDelivered: () => delivered,
    authentications: () => authentications,
    async close() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }

  async function answer(path: string, form: URLSearchParams, dpop: boolean): Promise<readonly [number, object]> {
    if (path === '/jwks') return [200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' }] }]
    return path === '/backchannel' ? acknowledge(form) : await token(dpop)
  }

  function acknowledge(form: URLSearchParams): readonly [number, object] {
    authentications++
    if (authentications > 1) misconduct.push('an authentication was asked for twice')
    expiresAt = now() + EXPIRES_IN * 1000
    notificationToken = form.get('client_notification_token')
    if (scenario.mode !== 'poll') void callBack()
    return [
      200,
      { auth_req_id: 'auth-req', expires_in: EXPIRES_IN, ...(scenario.mode !== 'push' && { interval: INTERVAL }) },
    ]
  }

  async function token(dpop: boolean): Promise<readonly [number, object]> {
    const present = now()
    if (scenario.mode === 'push') misconduct.push('a token request in push mode')
    if (asking) misconduct.push('two token requests at once')
    // a ping client need not wait for its first request
    const early = INTERVAL * 1000 - LENIENCE - (present - lastRequestAt)
    if (early > 0 && (scenario.mode === 'poll' || tokenRequests > 0))
      misconduct.push(`a token request ${early} ms too early`)
    lastRequestAt = present
    tokenRequests++
    asking = true
    await new Promise((resolve) => setTimeout(resolve, WORK))
    asking = false
    if (present > expiresAt) return [400, { error: 'expired_token' }]
    if (redeemed) return [400, { error: scenario.redeemedAnswer ?? 'invalid_grant' }]
    if (tokenRequests <= scenario.pendingAnswers) return [400, { error: 'authorization_pending' }]
    if (scenario.answer === 'deny') return [400, { error: 'access_denied' }]
    redeemed = true
    return [200, tokens(dpop)]
  }

  /** Calls back once, as soon as there is a client: whether that lives long enough to take it is not the server's concern. */
  async function callBack(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 150))
    while (server.clientPort === undefined)
    const outcome = scenario.mode === 'push' ? tokens(false) : {}
    try {
      const { status } = await fetch(`http://127.0.0.1:${server.clientPort}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${notificationToken ?? ''}` },
        body: JSON.stringify({ ...outcome, auth_req_id: 'auth-req' }),
      })
      delivered = status === 204
    } catch {
      // the client was killed
    }
  }

  function tokens(dpop: boolean): object {
    const iat = Math.floor(now() / 1000)
    const claims = {
      iss: origin,
      sub: 'anna',
      aud: 'shop',
      iat,
      exp: iat + 600,
      at_hash: createHash('sha256').update('access').digest().subarray(0, 16).toString('base64url'),
      'urn:openid:params:jwt:claim:auth_req_id': 'auth-req',
    }
    const input = [{ alg: 'ES256', kid: 'k' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const id_token = `${input}.${signature.toString('base64url')}`
    return { access_token: 'access', id_token, token_type: dpop ? 'DPoP' : 'Bearer', expires_in: 600 }
  }

  return server
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
