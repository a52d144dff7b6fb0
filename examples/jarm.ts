// A signed authorization response (JARM): the browser brings the code in a JWT of the server.
import * as countersign from 'countersign'
import { authorizationUrl, begin, type Context, exchange, type Session } from './authorization-code.ts'

export async function beginJarm(context: Context) {
  const { parameters, session } = await begin(context)
  parameters.set('response_mode', 'jwt')
  return { url: authorizationUrl(context, parameters), session }
}

/** `authorization_signed_response_alg` of the client's metadata says which algorithm it must be. */
export async function finishJarm(context: Context, callbackUrl: URL, session: Session) {
  const { as, client, options } = context
  const parameters = await countersign.validateJwtAuthResponse(as, client, callbackUrl, session.state, options)
  return await exchange(context, parameters, session)
}
