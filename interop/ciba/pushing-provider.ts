// As much of an OpenID Provider as push mode needs, for what no real one does when it is asked: errors, wrong hashes, a push
// twice, a push before the acknowledgement.
import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { AuthorizationServer, JsonValue } from 'countersign'
import { signedJwt, type SigningKey, signingKey } from '../../packages/countersign/src/testing/signed.ts'
import { close, portOf } from './bare-provider.ts'
import type { CallbackServer } from './callback-server.ts'

export type Members = Record<string, JsonValue | undefined>

export interface PushingProvider {
  readonly as: AuthorizationServer
  /** The transactions that the client has started. */
  readonly authReqIds: readonly string[]
  /** Called with the `auth_req_id` before an authentication request is acknowledged; rejects to lose the acknowledgement. */
  beforeAcknowledgement: (authReqId: string) => Promise<void>
  /** Delivers tokens, with members of the push or claims of its ID Token changed; gives the status of the answer. */
  approve(authReqId: string, changes?: Members, claims?: Members, key?: SigningKey): Promise<number>
  /** Delivers an error. */
  refuse(authReqId: string, members: Members): Promise<number>
  close(): Promise<void>
}

export function leftHalfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}

const ACCESS_TOKEN = 'access-token-of-the-pushing-provider'
const REFRESH_TOKEN = 'refresh-token-of-the-pushing-provider'

export async function startPushingProvider(clientId: string, endpoint: CallbackServer): Promise<PushingProvider> {
  const ownKey = signingKey('ES256', 'key-1')
  const tokens = new Map<string, string>()
  const server = createServer((request, response) => void answer(request, response))
  const issuer = `http://127.0.0.1:${await portOf(server)}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/jwks') {
      response.end(JSON.stringify({ keys: [ownKey.jwk] }))
      return
    }
    const form = new URLSearchParams(await text(request))
    const authReqId = randomUUID()
    tokens.set(authReqId, form.get('client_notification_token') ?? '')
    authReqIds.push(authReqId)
    try {
      await provider.beforeAcknowledgement(authReqId)
      response.end(JSON.stringify({ auth_req_id: authReqId, expires_in: 60 }))
    } catch {
      response.destroy()
    }
  }

  async function push(authReqId: string, members: Members): Promise<number> {
    const headers = { authorization: `Bearer ${tokens.get(authReqId)}`, 'content-type': 'application/json' }
    const response = await endpoint.fetch(endpoint.url, { method: 'POST', headers, body: JSON.stringify(members) })
    return response.status
  }

  const authReqIds: string[] = []
  const provider: PushingProvider = {
    as: {
      issuer,
      backchannel_authentication_endpoint: `${issuer}/backchannel`,
      jwks_uri: `${issuer}/jwks`,
      id_token_signing_alg_values_supported: ['ES256'],
    },
    authReqIds,
    beforeAcknowledgement: () => Promise.resolve(),
    approve(authReqId, changes, claims, key = ownKey) {
      const now = Math.floor(Date.now() / 1000)
      const allClaims = {
        ...{ iss: issuer, sub: 'anna', aud: clientId, iat: now, exp: now + 60 },
        'urn:openid:params:jwt:claim:auth_req_id': authReqId,
        'urn:openid:params:jwt:claim:rt_hash': leftHalfHash(REFRESH_TOKEN),
        at_hash: leftHalfHash(ACCESS_TOKEN),
        ...claims,
      }
      return push(authReqId, {
        ...{ auth_req_id: authReqId, access_token: ACCESS_TOKEN, token_type: 'Bearer', expires_in: 60 },
        ...{ refresh_token: REFRESH_TOKEN, id_token: signedJwt(key, allClaims) },
        ...changes,
      })
    },
    refuse: (authReqId, members) => push(authReqId, { auth_req_id: authReqId, ...members }),
    close: () => close(server),
  }
  return provider
}
