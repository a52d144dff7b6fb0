// Signing out: the tokens of a person are revoked, so that nobody can use what was left behind (RFC 7009).
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** §2.1: with the refresh token, the server revokes the access tokens that came from it, too. */
export async function revoke(context: Context, tokens: countersign.TokenEndpointResponse): Promise<void> {
  const { as, client, clientAuth, options } = context
  const { access_token, refresh_token } = tokens
  const token = refresh_token ?? access_token
  const token_type_hint = refresh_token === undefined ? 'access_token' : 'refresh_token'
  const response = await countersign.revocationRequest(as, client, clientAuth, token, {
    ...options,
    additionalParameters: { token_type_hint },
  })
  await countersign.processRevocationResponse(response)
}
