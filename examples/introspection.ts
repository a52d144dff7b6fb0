// A resource server that asks the authorization server about an access token (RFC 7662), in JSON or, with a signature that
// holds as evidence, as a JWT (RFC 9701).
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  /** The resource server, which is a client here; with `introspection_signed_response_alg` it wants a JWT. */
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** Whom the token is about; `undefined` where it is not good, or not good for this. */
export async function subjectOf(context: Context, token: string, scope: string): Promise<string | undefined> {
  const { as, client, clientAuth, options } = context
  const response = await countersign.introspectionRequest(as, client, clientAuth, token, options)
  const told = await countersign.processIntrospectionResponse(as, client, response)
  if (client.introspection_signed_response_alg !== undefined) {
    await countersign.validateApplicationLevelSignature(as, response, options)
  }
  // everything but `active` is for the caller to look at: this API takes no token that is bound to a key
  if (!told.active || told.cnf !== undefined) return undefined
  return told.scope?.split(' ').includes(scope) ? told.sub : undefined
}
