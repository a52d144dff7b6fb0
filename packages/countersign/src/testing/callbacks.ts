import { createHash } from 'node:crypto'
import { validatePingCallback, type ValidatePingCallbackOptions } from '../callbacks/ping.ts'
import { validatePushCallback, type ValidatePushCallbackOptions } from '../callbacks/push.ts'
import type { CallbackOptions, FindTransaction } from '../callbacks/callback.ts'
import type { CallbackExpectation } from '../callbacks/notification-token.ts'
import type { Client } from '../metadata/client.ts'
import type { JsonValue } from '../values/json.ts'
import { as, client as unregistered, idTokenClaims } from './answers.ts'
import { leftHalfOf } from './hybrid-response.ts'
import { keyServer } from './key-server.ts'
import { signedJwt, type SigningKey, signingKey } from './signed.ts'

/** A client notification endpoint, and what a server sends there; each test changes one member of it. */

type Members = Record<string, JsonValue | undefined>

export const TOKEN = '8d67dc78-7faa-4d41-aabd-67707b374255'
/** As a store may keep it: made with node:crypto, not with what is tested. */
export const TOKEN_HASH = createHash('sha256').update(TOKEN).digest('base64url')
export const AUTH_REQ_ID = '1c266114-a1be-4252-8ad1-04986c5b9ac1'
export const ACCESS_TOKEN = 'G5kXH2wHvUra0sHlDy1iTkDJgsgUO1bN'
export const REFRESH_TOKEN = '4bwc0ESC_IAhflf-ACC_vjD_ltc11ne-8gFPfA2Kx16'

export const AUTH_REQ_ID_CLAIM = 'urn:openid:params:jwt:claim:auth_req_id'
export const RT_HASH_CLAIM = 'urn:openid:params:jwt:claim:rt_hash'

/** The one transaction that the endpoint knows. */
export const transaction: CallbackExpectation = { auth_req_id: AUTH_REQ_ID, client_notification_token: TOKEN }

/** Finds that transaction. */
export const findTransaction: FindTransaction = ({ auth_req_id }) =>
  auth_req_id === AUTH_REQ_ID ? transaction : undefined

/** The key that the server signs with. */
export const serverKey: SigningKey = signingKey('ES256', 'server-1')

/** The client, which expects that. */
export const client: Client = { ...unregistered, id_token_signed_response_alg: 'ES256' }

/** A request as a server sends it; headers that are `undefined` are left out. */
export function callback(
  body: BodyInit | null,
  headers: Record<string, string | undefined> = {},
  method = 'POST',
): Request {
  const sent = new Headers()
  const all: typeof headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) sent.set(name, value)
  // the declared type does not know duplex, without which no stream is sent
  const init: object = { method, headers: sent, ...(body !== null && { body, duplex: 'half' }) }
  const request = new Request('https://shop.example.com/cb', init)
  // a body of text brings a type of its own
  if (all['content-type'] === undefined) request.headers.delete('content-type')
  return request
}

/** A ping. */
export function ping(changes: Members = {}, headers?: Record<string, string | undefined>): Request {
  return callback(JSON.stringify({ auth_req_id: AUTH_REQ_ID, ...changes }), headers)
}

/** The claims of the ID Token in a push, under an algorithm that hashes with SHA-256. */
export function pushClaims(changes: Members = {}): Members {
  return idTokenClaims({
    [AUTH_REQ_ID_CLAIM]: AUTH_REQ_ID,
    [RT_HASH_CLAIM]: leftHalfOf('sha256', REFRESH_TOKEN),
    at_hash: leftHalfOf('sha256', ACCESS_TOKEN),
    ...changes,
  })
}

/** The body of a push with tokens. */
export function pushBody(changes: Members = {}, claims: Members = {}): Members {
  return {
    auth_req_id: AUTH_REQ_ID,
    access_token: ACCESS_TOKEN,
    token_type: 'Bearer',
    refresh_token: REFRESH_TOKEN,
    expires_in: 120,
    id_token: signedJwt(serverKey, pushClaims(claims)),
    ...changes,
  }
}

/** A push with tokens. */
export function push(changes: Members = {}, claims: Members = {}): Request {
  return callback(JSON.stringify(pushBody(changes, claims)))
}

/** A push with an error. */
export function pushedError(changes: Members = {}): Request {
  return callback(JSON.stringify({ auth_req_id: AUTH_REQ_ID, error: 'access_denied', ...changes }))
}

/** Validates a ping at the endpoint. */
export function validatePing(request: Request, options: Partial<ValidatePingCallbackOptions> = {}) {
  return validatePingCallback(request, { findTransaction, ...options })
}

/** Validates a push at the endpoint, under the keys of a server that nobody asked before. */
export function validatePush(
  request: Request,
  options: Partial<ValidatePushCallbackOptions> = {},
  party: Client = client,
  keys = [serverKey.jwk],
) {
  return validatePushCallback({ ...as }, party, request, { findTransaction, ...keyServer(...keys).options, ...options })
}

/** Rows for `describe.each`: each kind of callback, how it is validated, and the members of a valid one. */
export const KINDS: readonly (readonly [
  name: string,
  validate: (request: Request, options?: Partial<CallbackOptions>) => Promise<{ auth_req_id: string }>,
  members: Members,
])[] = [
  ['a ping', validatePing, { auth_req_id: AUTH_REQ_ID }],
  ['a push with an error', validatePush, { auth_req_id: AUTH_REQ_ID, error: 'access_denied' }],
  ['a push with tokens', validatePush, pushBody()],
]
