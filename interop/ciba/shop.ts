import type { ProviderOptions } from '@countersign/cli/provider'
import { ClientSecretPost } from 'countersign'
import { discover, insecure, type Relationship } from './relationship.ts'

type Registration = NonNullable<ProviderOptions['clients']>[number]

/** Long enough to key HS256 too (RFC 7518 §3.2). */
const SECRET = 'a-secret-of-the-tests-of-32-bytes'

/** A confidential client as a provider registers it, for tests that are not about client authentication. */
export function registrationOf(client_id: string): Registration {
  return { client_id, client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' }
}

/** The same client as it sees the server. The providers of these tests sign ID Tokens with ES256 by default. */
export async function relationshipOf(client_id: string, issuer: string): Promise<Relationship> {
  return {
    as: await discover(issuer),
    client: { client_id, id_token_signed_response_alg: 'ES256' },
    authentication: ClientSecretPost(SECRET),
    transport: insecure,
  }
}
