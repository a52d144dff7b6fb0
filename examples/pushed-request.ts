// A pushed authorization request (PAR, RFC 9126): the server has the parameters before the browser comes with a name for
// them, so that nobody on the way can read or change them.
import * as countersign from 'countersign'
import { authorizationUrl, begin, type Context } from './authorization-code.ts'

/** The browser comes back as in authorization-code.ts. */
export async function beginPushed(context: Context) {
  const { as, client, clientAuth, options } = context
  const { parameters, session } = await begin(context)
  const response = await countersign.pushedAuthorizationRequest(as, client, clientAuth, parameters, options)
  const { request_uri } = await countersign.processPushedAuthorizationResponse(as, client, response)
  const carried = new URLSearchParams({ client_id: client.client_id, request_uri })
  return { url: authorizationUrl(context, carried), session }
}
