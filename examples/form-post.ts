// An authorization response in a form (OAuth 2.0 Form Post Response Mode): the browser posts it, and no URL has the code.
import * as countersign from 'countersign'
import { authorizationUrl, begin, type Context, exchange, type Session } from './authorization-code.ts'

/** The browser posts from another site: the cookie of its session must be `SameSite=None`, or it does not come along. */
export async function beginFormPost(context: Context) {
  const { parameters, session } = await begin(context)
  parameters.set('response_mode', 'form_post')
  return { url: authorizationUrl(context, parameters), session }
}

export async function finishFormPost(context: Context, request: Request, session: Session) {
  const posted = new URLSearchParams(await request.text())
  const parameters = countersign.validateAuthResponse(context.as, context.client, posted, session.state)
  return await exchange(context, parameters, session)
}
