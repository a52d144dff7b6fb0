import { issuedClaims } from '../jose/issued-claims.ts'
import type { JwtPart } from '../jose/sign.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'

/** The claims of a client assertion (RFC 7523, section 3; OpenID Connect Core 1.0, section 9). */
export function assertionClaims(as: AuthorizationServer, client: Client): JwtPart {
  const claims = issuedClaims(as, client)
  claims.sub = client.client_id
  return claims
}

/** Puts a client assertion into the body of a request (RFC 7523, section 2.2). */
export function setAssertion(client: Client, body: URLSearchParams, assertion: string): void {
  body.set('client_id', client.client_id)
  body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  body.set('client_assertion', assertion)
}
