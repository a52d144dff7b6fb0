// A signed authorization request (JAR, RFC 9101): the browser carries the parameters, and the server sees that they are the
// client's, unchanged.
import * as countersign from 'countersign'
import { authorizationUrl, begin, type Context } from './authorization-code.ts'

/** The public half of the key is registered at the server. The browser comes back as in authorization-code.ts. */
export async function beginSigned(context: Context, privateKey: countersign.PrivateKey) {
  const { as, client } = context
  const { parameters, session } = await begin(context)
  const request = await countersign.issueRequestObject(as, client, parameters, privateKey)
  const carried = new URLSearchParams({ client_id: client.client_id, request })
  return { url: authorizationUrl(context, carried), session }
}
