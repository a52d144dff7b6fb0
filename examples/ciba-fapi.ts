// A payment that a person approves on their phone, under the Financial-grade API profile of CIBA (FAPI-CIBA).
import * as countersign from 'countersign'

export interface Context {
  readonly issuer: URL
  readonly clientId: string
  /** For ES256 or PS256. It signs the request and the client's assertions; its public half is registered. */
  readonly privateKey: countersign.PrivateKey
  /** Who is to approve. */
  readonly loginHint: string
  /** What the till shows, and the phone: the person compares the two. */
  readonly bindingMessage: string
  /** For every request; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<'POST'>, typeof countersign.customFetch | 'signal'>
}

export async function run(context: Context): Promise<countersign.TokenEndpointResponse> {
  const { issuer, clientId, privateKey, loginHint, bindingMessage, options } = context
  const client: countersign.Client = {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    backchannel_token_delivery_mode: 'poll',
    backchannel_authentication_request_signing_alg: 'ES256',
  }
  const clientAuthentication = countersign.PrivateKeyJwt(privateKey)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))

  // the access token will be bound to this key; with mutual TLS, `tls_client_certificate_bound_access_tokens` says so
  const DPoP = countersign.DPoP(client, await countersign.generateKeyPair('ES256'))

  // the profile refuses before anything is sent: an unsigned request, a secret, push mode, RS256, a missing message, …
  const { transaction } = await countersign.initiateBackchannelAuthentication(as, client, clientAuthentication, {
    profile: 'fapi-ciba',
    parameters: {
      scope: 'openid',
      login_hint: loginHint,
      binding_message: bindingMessage,
      acr_values: ['urn:bank:strong'],
    },
    signingKey: privateKey,
    DPoP,
    ...options,
  })

  // an ID Token whose acr is not the one that was asked for is refused (FAPI-CIBA §5.2.3.1 item 3)
  const asked = { clientAuthentication, DPoP, ...options }
  const { tokens, response } = await countersign.poll(as, client, transaction, asked)
  await countersign.validateApplicationLevelSignature(as, response, options)
  if (tokens.token_type !== 'dpop') throw new Error('the server did not bind the access token')
  return tokens
}
