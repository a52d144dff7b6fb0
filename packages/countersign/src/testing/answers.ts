import { epochSeconds } from '../values/time.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { JsonValue } from '../values/json.ts'

/** Valid metadata and answers; each test changes one member of one of them. */

type Members = Record<string, JsonValue | undefined>

export const as: AuthorizationServer = {
  issuer: 'https://op.example.com',
  token_endpoint: 'https://op.example.com/token',
  backchannel_authentication_endpoint: 'https://op.example.com/backchannel',
  backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
  device_authorization_endpoint: 'https://op.example.com/device',
  introspection_endpoint: 'https://op.example.com/introspect',
  registration_endpoint: 'https://op.example.com/register',
  revocation_endpoint: 'https://op.example.com/revoke',
  userinfo_endpoint: 'https://op.example.com/me',
  jwks_uri: 'https://op.example.com/jwks',
}

export const client: Client = { client_id: 'shop' }

/** The claims of a valid ID Token; a member given as `undefined` is left out. */
export function idTokenClaims(changes: Members = {}): Members {
  const issuedAt = epochSeconds()
  return { iss: as.issuer, sub: 'anna', aud: client.client_id, iat: issuedAt, exp: issuedAt + 60, ...changes }
}

/** A JWT without a real signature. */
export function unsignedJwt(claims: unknown, header: unknown = { alg: 'RS256' }): string {
  return `${encodePart(header)}.${encodePart(claims)}.${encodePart('no signature')}`
}

/** A part of a JWT. */
export function encodePart(part: unknown): string {
  return encodeBase64url(encodeText(JSON.stringify(part)))
}

/** The body of a valid token response. */
export function tokenBody(changes: Members = {}): Members {
  return { access_token: 'access', token_type: 'Bearer', id_token: unsignedJwt(idTokenClaims()), ...changes }
}

/** An answer with a JSON body. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}
