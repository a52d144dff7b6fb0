// An API that calls another API for the same person: exchanges the access token that it got for one that is for the other
// (RFC 8693). By the same function: every grant that has none of its own, such as a JWT (RFC 7523 §2.1).
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

export async function exchangeToken(context: Context, subjectToken: string, resource: string) {
  const { as, client, clientAuth, options } = context
  const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
  const parameters = {
    subject_token: subjectToken,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: ACCESS_TOKEN,
    resource,
  }
  const response = await countersign.genericTokenEndpointRequest(as, client, clientAuth, grantType, parameters, options)
  const tokens = await countersign.processGenericTokenEndpointResponse(as, client, response)
  // §2.2.1: what the library passes on as it came is for the caller to look at
  if (tokens.issued_token_type !== ACCESS_TOKEN) throw new Error('the server issued another type of token')
  return tokens.access_token
}
