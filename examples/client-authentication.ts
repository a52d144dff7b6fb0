// The methods by which a client proves to the server who it is. The server knows each client's method by registration.
import * as countersign from 'countersign'

interface Credentials {
  readonly clientSecret: string
  /** With the `kid` under which its public half is registered. */
  readonly privateKey: countersign.PrivateKey
}

export type Method = keyof ReturnType<typeof methods>

/** By the names of OpenID Connect Core §9 and RFC 8705 §2, the strongest last. */
function methods({ clientSecret, privateKey }: Credentials) {
  return {
    // a public client has nothing to prove itself with
    none: countersign.None(),
    // the secret itself travels: in the body, or in the Authorization header
    client_secret_post: countersign.ClientSecretPost(clientSecret),
    client_secret_basic: countersign.ClientSecretBasic(clientSecret),
    // both sides know the secret, and it stays at home: an assertion is keyed with it
    client_secret_jwt: countersign.ClientSecretJwt(clientSecret),
    // only the client knows the key: the choice for CIBA and FAPI
    private_key_jwt: countersign.PrivateKeyJwt(privateKey),
    // the certificate of the connection, which customFetch presents: see undici-fetch.ts
    tls_client_auth: countersign.TlsClientAuth(),
  }
}

export interface Context extends Credentials {
  readonly issuer: URL
  readonly client: countersign.Client
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** Starts a CIBA authentication, for which the client must prove who it is (CIBA Core §7.1). */
export async function run(context: Context, method: Method): Promise<countersign.BackchannelAuthenticationResponse> {
  const { issuer, client, options } = context
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
  const clientAuth = methods(context)[method]
  const parameters = { scope: 'openid', login_hint: 'anna' }
  const response = await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options)
  return await countersign.processBackchannelAuthenticationResponse(as, client, response)
}
