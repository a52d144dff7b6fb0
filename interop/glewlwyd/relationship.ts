// Clients of glewlwyd, for the tests of this folder.
import { type AuthorizationServer, type ClientAuth, ClientSecretPost, clockSkew } from 'countersign'
import type { Glewlwyd, GlewlwydClient } from '@countersign/cli/servers'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { REDIRECT_URI } from '../oauth/interactive-provider.ts'

/** Long enough to key HS256 too (RFC 7518 §3.2). */
export const SECRET = 'asecretofthetestsof32characters1'

/**
 * Registers a client, for CIBA in poll mode unless it says otherwise, and gives it as it sees the server: its clock is a
 * second behind, since this server's is a few milliseconds behind the machine's, and what comes from the next second is
 * refused.
 */
export async function addRelationship(
  server: Glewlwyd,
  as: AuthorizationServer,
  client: Partial<GlewlwydClient> & Pick<GlewlwydClient, 'client_id'>,
  authentication: ClientAuth = ClientSecretPost(SECRET),
): Promise<Relationship> {
  await server.addClient({
    client_secret: SECRET,
    token_endpoint_auth_method: ['client_secret_post'],
    backchannel_token_delivery_mode: 'poll',
    redirect_uri: [REDIRECT_URI],
    ...client,
  })
  return { as, client: { client_id: client.client_id, [clockSkew]: -1 }, authentication, transport: insecure }
}
