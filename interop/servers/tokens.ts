import {
  clientCredentialsGrantRequest,
  type DPoPHandle,
  processClientCredentialsResponse,
  type TokenEndpointResponse,
} from 'countersign'
import type { Relationship } from '../ciba/relationship.ts'

/** Tokens for the client itself (RFC 6749 §4.4). */
export async function clientCredentials(
  { as, client, authentication, transport }: Relationship,
  parameters: Record<string, string>,
  options: { readonly DPoP?: DPoPHandle } = {},
): Promise<TokenEndpointResponse> {
  const all = { ...transport, ...options }
  const response = await clientCredentialsGrantRequest(as, client, authentication, parameters, all)
  return await processClientCredentialsResponse(as, client, response)
}
