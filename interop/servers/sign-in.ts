import { type DPoPHandle, validateAuthResponse } from 'countersign'
import type { Relationship, SignedIn } from '../ciba/relationship.ts'
import { authorizationUrl, begin, exchange } from '../oauth/code-flow.ts'

/** A server in whose pages a person answers. */
export interface ServerWithPages {
  /** Where the person's browser comes out, once they have answered what they are asked. */
  comeBack(authorizationUrl: URL): Promise<URL>
}

/** The authorization code flow with PKCE, `state` and `nonce`, as far as the tokens. */
export async function signInAt(
  server: ServerWithPages,
  relationship: Relationship,
  parameters: Record<string, string>,
  DPoP?: DPoPHandle,
): Promise<SignedIn> {
  const { as, client } = relationship
  const begun = await begin(relationship, parameters)
  const callback = await server.comeBack(authorizationUrl(as, begun.parameters))
  const answer = validateAuthResponse(as, client, callback, begun.state)
  return await exchange(relationship, begun, answer, { ...(DPoP && { DPoP }) })
}
