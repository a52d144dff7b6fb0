import { createHash } from 'node:crypto'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { JWK } from '../jose/jwk.ts'
import {
  type JWTAccessTokenClaims,
  validateJwtAccessToken,
  type ValidateJWTAccessTokenOptions,
} from '../resource-server/access-token.ts'
import type { JsonValue } from '../values/json.ts'
import { epochSeconds } from '../values/time.ts'
import { as } from './answers.ts'
import { keyServer } from './key-server.ts'
import { signedJwt, type SigningKey, signingKey } from './signed.ts'

/*
 * A protected resource, and what it is sent: requests with access tokens and DPoP proofs that node:crypto signed and
 * hashed. Each test changes one member.
 */

type Members = Record<string, JsonValue | undefined>

/** What the resource is called in `aud`. */
export const AUDIENCE = 'https://api.example.com'

/** The URL of the requests. */
export const RESOURCE_URL = 'https://api.example.com/accounts?page=2'

/** The key that the authorization server signs with. */
export const serverKey: SigningKey = signingKey('ES256', 'server-1')

/** The key that the client's proofs are signed with. */
export const clientKey: SigningKey = signingKey('ES256')

/** The claims of a valid access token (RFC 9068, section 2.2), bound to nothing. */
export function accessTokenClaims(changes: Members = {}): Members {
  const issuedAt = epochSeconds()
  return {
    iss: as.issuer,
    exp: issuedAt + 60,
    aud: AUDIENCE,
    sub: 'anna',
    client_id: 'shop',
    iat: issuedAt,
    jti: 'token-1',
    scope: 'read',
    ...changes,
  }
}

/** An access token. */
export function accessToken(changes: Members = {}, header: Members = {}, key: SigningKey = serverKey): string {
  return signedJwt(key, accessTokenClaims(changes), { typ: 'at+jwt', ...header })
}

/** An access token that is bound to the client's key. */
export function boundToken(changes: Members = {}): string {
  return accessToken({ cnf: { jkt: thumbprintOf(clientKey.jwk) }, ...changes })
}

/** The thumbprint of a key (RFC 7638, section 3). */
export function thumbprintOf({ kty, crv, x, y, n, e }: JWK): string {
  const members = { RSA: { e, kty, n }, EC: { crv, kty, x, y }, OKP: { crv, kty, x } }[kty ?? '']
  return sha256(JSON.stringify(members))
}

/** SHA-256 of a text, as base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** A proof for a `GET` of {@link RESOURCE_URL} with an access token. */
export function proof(token: string, changes: Members = {}, header: Members = {}, key: SigningKey = clientKey): string {
  const claims = { jti: 'proof-1', htm: 'GET', htu: 'https://api.example.com/accounts', iat: epochSeconds() }
  const ath = sha256(token)
  return signedJwt(key, { ...claims, ath, ...changes }, { typ: 'dpop+jwt', jwk: { ...key.jwk }, ...header })
}

/** A request with an access token, and with a proof where one is given. */
export function request(authorization: string | undefined, dpop?: string, init: RequestInit = {}): Request {
  const headers = new Headers(init.headers)
  if (authorization !== undefined) headers.append('authorization', authorization)
  if (dpop !== undefined) headers.append('dpop', dpop)
  return new Request(RESOURCE_URL, { ...init, headers })
}

/** Validates the access token of a request, under the keys of a server that nobody asked before. */
export function validate(
  incoming: Request,
  options: ValidateJWTAccessTokenOptions = {},
  keys: readonly JWK[] = [serverKey.jwk],
  server: AuthorizationServer = as,
): Promise<JWTAccessTokenClaims> {
  return validateJwtAccessToken({ ...server }, incoming, AUDIENCE, { ...keyServer(...keys).options, ...options })
}
