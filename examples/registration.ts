// A client that registers itself at the server (RFC 7591), with the public half of a key that never leaves it.
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly redirectUri: string
  /** By which the server's operator lets somebody register clients; some servers want none. */
  readonly initialAccessToken?: string
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export async function register({ as, redirectUri, initialAccessToken, options }: Context) {
  const { privateKey, publicKey } = await countersign.generateKeyPair('ES256')
  const kid = crypto.randomUUID()
  const { kty = '', crv = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey)
  const metadata = {
    client_name: 'Shop',
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ kty, crv, x, y, kid, alg: 'ES256', use: 'sig' }] },
  }
  const response = await countersign.dynamicClientRegistrationRequest(as, metadata, {
    ...options,
    ...(initialAccessToken !== undefined && { initialAccessToken }),
  })
  const client = await countersign.processDynamicClientRegistrationResponse(response)
  // §3.2.1: the server may have registered something else than it was asked for
  if (client.token_endpoint_auth_method !== 'private_key_jwt') throw new Error('the server wants another method')
  return { client, clientAuth: countersign.PrivateKeyJwt({ key: privateKey, kid }) }
}
