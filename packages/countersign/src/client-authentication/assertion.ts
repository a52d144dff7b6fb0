import type { JwtPart } from '../jose/sign.ts'
import { randomText } from '../jose/random.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { now } from '../metadata/clock.ts'

/** Seconds for which a client assertion is good. */
const LIFETIME = 60

/** The claims of a client assertion (RFC 7523, section 3; OpenID Connect Core 1.0, section 9). */
export function assertionClaims(as: AuthorizationServer, client: Client): JwtPart {
  const issuedAt = now(client)
  return {
    jti: randomText(),
    aud: as.issuer,
    exp: issuedAt + LIFETIME,
    iat: issuedAt,
    nbf: issuedAt,
    iss: client.client_id,
    sub: client.client_id,
  }
}

/** Puts a client assertion into the body of a request (RFC 7523, section 2.2). */
export function setAssertion(client: Client, body: URLSearchParams, assertion: string): void {
  body.set('client_id', client.client_id)
  body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  body.set('client_assertion', assertion)
}
