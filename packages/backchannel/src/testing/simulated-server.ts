import { createHash } from 'node:crypto'
import type { AuthorizationServer } from 'countersign'
import { signatureOf, signingKey, type SigningKey } from '../../../countersign/src/testing/signed.ts'
import type { Clock } from '../backend/backend.ts'

/** A request as `customFetch` is given it. */
interface Sent {
  readonly body?: URLSearchParams | undefined
  readonly headers?: Record<string, string>
}

/** What a request meets in place of its answer. */
type Fault = Response | 'connection lost after the server did its work' | 'no connection'

interface Authentication {
  readonly auth_req_id: string
  readonly notificationToken: string | undefined
  readonly expiresAt: number
  state: 'approved' | 'denied' | 'redeemed' | 'waiting'
  lastRequestAt: number
}

/** An authorization server that does what a test says, keeps book, and sees to it that nobody asks too early or twice. */
export interface SimulatedServer {
  readonly as: AuthorizationServer
  fetch: (url: string, request: Sent) => Promise<Response>
  /** Every request, as its path and when it came. */
  readonly log: string[]
  /** What was done against the rules of a client. */
  readonly misconduct: string[]
  /** The authentications that were asked for, in their order. */
  readonly authentications: Authentication[]
  approve(number?: number): void
  deny(number?: number): void
  /** The next requests to that endpoint meet these faults. */
  fault(endpoint: 'backchannel' | 'jwks' | 'token', ...faults: Fault[]): void
  /** Milliseconds that every answer takes. */
  latency: number
  /** The callback for an authentication, as the server sends it. */
  ping(number?: number): Request
  push(number?: number, changes?: Record<string, unknown>): Request
}

export interface SimulatedServerOptions {
  readonly clock: Clock
  readonly mode?: 'ping' | 'poll' | 'push'
  readonly expiresIn?: number
  readonly interval?: number
  /** What a redeemed `auth_req_id` is answered: `invalid_grant`, or `access_denied` as glewlwyd does. */
  readonly redeemedAnswer?: string
}

const ISSUER = 'https://op.example.com'

export function simulatedServer(options: SimulatedServerOptions): SimulatedServer {
  const { clock, mode = 'poll', expiresIn = 120, interval = 5, redeemedAnswer = 'invalid_grant' } = options
  const key: SigningKey = signingKey('ES256', 'k')
  const authentications: Authentication[] = []
  const log: string[] = []
  const misconduct: string[] = []
  const faults = new Map<string, Fault[]>()
  const asking = new Set<string>()
  const start = clock.now()

  const server: SimulatedServer = {
    as: {
      issuer: ISSUER,
      token_endpoint: `${ISSUER}/token`,
      backchannel_authentication_endpoint: `${ISSUER}/backchannel`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
      id_token_signing_alg_values_supported: ['ES256'],
      jwks_uri: `${ISSUER}/jwks`,
    },
    log,
    misconduct,
    authentications,
    latency: 0,
    approve: (number = 0) => void (the(number).state = 'approved'),
    deny: (number = 0) => void (the(number).state = 'denied'),
    fault(endpoint, ...some) {
      faults.set(endpoint, [...(faults.get(endpoint) ?? []), ...some])
    },
    async fetch(url, { body = new URLSearchParams() }) {
      const endpoint = new URL(url).pathname.slice(1)
      log.push(`${endpoint} at ${clock.now() - start}`)
      const fault = faults.get(endpoint)?.shift()
      if (fault instanceof Response) return fault
      if (fault === 'no connection') throw new TypeError('fetch failed')
      const answer = await answers[endpoint]?.(body)
      if (answer === undefined) throw new Error(`there is nothing at ${url}`)
      if (server.latency > 0) await clock.sleep(server.latency, undefined)
      if (fault !== undefined) throw new TypeError('terminated')
      return answer
    },
    ping: (number = 0) => callback(the(number), {}),
    push: (number = 0, changes = {}) => callback(the(number), { ...tokensOf(the(number)), ...changes }),
  }

  const answers: Record<string, (form: URLSearchParams) => Promise<Response>> = {
    async backchannel(form) {
      const auth_req_id = `auth-req-${authentications.length}`
      const notificationToken = form.get('client_notification_token') ?? undefined
      const now = clock.now()
      authentications.push({
        auth_req_id,
        notificationToken,
        expiresAt: now + expiresIn * 1000,
        state: 'waiting',
        lastRequestAt: now,
      })
      return json({ auth_req_id, expires_in: expiresIn, ...(mode !== 'push' && { interval }) })
    },
    async token(form) {
      const authentication = authentications.find(({ auth_req_id }) => auth_req_id === form.get('auth_req_id'))
      if (authentication === undefined) return json({ error: 'invalid_grant' }, 400)
      const { auth_req_id, lastRequestAt } = authentication
      const now = clock.now()
      if (mode === 'push') misconduct.push('asked in push mode')
      if (asking.has(auth_req_id)) misconduct.push(`asked twice at once, at ${now - start}`)
      if (now - lastRequestAt < interval * 1000 && mode === 'poll')
        misconduct.push(`asked too early, at ${now - start}`)
      authentication.lastRequestAt = now
      asking.add(auth_req_id)
      if (server.latency > 0) await clock.sleep(server.latency, undefined)
      asking.delete(auth_req_id)
      if (clock.now() >= authentication.expiresAt) return json({ error: 'expired_token' }, 400)
      switch (authentication.state) {
        case 'waiting':
          return json({ error: 'authorization_pending' }, 400)
        case 'denied':
          return json({ error: 'access_denied' }, 400)
        case 'redeemed':
          misconduct.push('redeemed twice')
          return json({ error: redeemedAnswer }, 400)
        case 'approved':
          authentication.state = 'redeemed'
          return json(tokensOf(authentication))
      }
    },
    jwks: async () => json({ keys: [key.jwk] }),
  }

  function the(number: number): Authentication {
    const authentication = authentications[number]
    if (authentication === undefined) throw new Error('no such authentication was asked for')
    return authentication
  }

  function tokensOf({ auth_req_id }: Authentication) {
    const iat = Math.floor(clock.now() / 1000)
    const access_token = `access-${auth_req_id}`
    const refresh_token = `refresh-${auth_req_id}`
    const claims = {
      iss: ISSUER,
      sub: 'anna',
      aud: 'shop',
      iat,
      exp: iat + 600,
      at_hash: halfHash(access_token),
      'urn:openid:params:jwt:claim:auth_req_id': auth_req_id,
      'urn:openid:params:jwt:claim:rt_hash': halfHash(refresh_token),
    }
    const input = [{ alg: 'ES256', kid: 'k' }, claims].map((part) => base64url(JSON.stringify(part))).join('.')
    const id_token = `${input}.${signatureOf(key.alg, key.privateKey, input)}`
    return { access_token, refresh_token, id_token, token_type: 'Bearer', expires_in: 300 }
  }

  return server
}

function callback({ auth_req_id, notificationToken }: Authentication, members: Record<string, unknown>): Request {
  return new Request('https://shop.example.com/notifications', {
    method: 'POST',
    headers: { authorization: `Bearer ${notificationToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...members, auth_req_id }),
  })
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}

/** OpenID Connect Core 1.0 §3.1.3.6, for ES256. */
function halfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
