// The hybrid flow, `code id_token` (OpenID Connect Core §3.3): the response is signed by the ID Token beside the code.
import * as countersign from 'countersign'
import { authorizationUrl, begin, type Context, exchange, type Session } from './authorization-code.ts'

/** The response is posted, since it would come in a fragment otherwise, which no server sees. */
export async function beginHybrid(context: Context) {
  const { parameters, session } = await begin(context)
  parameters.set('response_type', 'code id_token')
  parameters.set('response_mode', 'form_post')
  return { url: authorizationUrl(context, parameters), session }
}

/** Validates the ID Token with its signature, `nonce` and `c_hash`; for FAPI 1.0, validateDetachedSignatureResponse(). */
export async function finishHybrid(context: Context, request: Request, session: Session) {
  const { as, client, options } = context
  const { nonce, state } = session
  const response = await countersign.validateCodeIdTokenResponse(as, client, request, nonce, state, undefined, options)
  return await exchange(context, response, session)
}
