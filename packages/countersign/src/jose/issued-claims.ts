import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { now } from '../metadata/clock.ts'
import { uniqueName } from './random.ts'
import type { JwtPart } from './sign.ts'

/** Seconds for which a JWT from a client to its server is good, unless somebody says otherwise. */
const LIFETIME = 60

/** The claims of every JWT that a client makes for its server: a client assertion, a request object. */
export function issuedClaims(as: AuthorizationServer, client: Client, lifetime: number = LIFETIME): JwtPart {
  const issuedAt = now(client)
  return {
    jti: uniqueName(),
    aud: as.issuer,
    exp: issuedAt + lifetime,
    iat: issuedAt,
    nbf: issuedAt,
    iss: client.client_id,
  }
}
