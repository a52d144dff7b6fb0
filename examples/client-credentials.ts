// An access token for the client itself, for one API (RFC 6749 §4.4, RFC 8707), and the call with it.
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** Asks for no more than the call needs: who gets the token by mistake can do no more with it. */
export async function callApi(context: Context, api: URL, scope: string): Promise<Response> {
  const { as, client, clientAuth, options } = context
  const parameters = { resource: api.origin, scope }
  const answer = await countersign.clientCredentialsGrantRequest(as, client, clientAuth, parameters, options)
  const { access_token } = await countersign.processClientCredentialsResponse(as, client, answer)
  return await countersign.protectedResourceRequest(access_token, 'GET', api, undefined, undefined, options)
}
