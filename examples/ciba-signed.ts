// A CIBA sign-in whose request is signed: the server can show later on what this program asked for (CIBA Core §7.1.1).
import * as countersign from 'countersign'

export interface Context {
  readonly issuer: URL
  readonly clientId: string
  /** Signs the request and the client's assertions (private_key_jwt); its public half is registered at the server. */
  readonly privateKey: countersign.PrivateKey
  /** Who is to be authenticated. */
  readonly loginHint: string
  /** A short text to show beside the button, and on the phone: the person sees that both belong together. */
  readonly bindingMessage: string
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<'POST'>, typeof countersign.customFetch | 'signal'>
}

export async function run(context: Context): Promise<countersign.IDToken> {
  const { issuer, clientId, privateKey, loginHint, bindingMessage, options } = context
  // what was registered: how the outcome comes, and by which algorithm requests are signed (CIBA Core §4)
  const client: countersign.Client = {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    backchannel_token_delivery_mode: 'poll',
    backchannel_authentication_request_signing_alg: 'ES256',
  }
  const clientAuthentication = countersign.PrivateKeyJwt(privateKey)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))

  // checked, signed, sent: beside `request` stands nothing but the client's authentication
  const { transaction } = await countersign.initiateBackchannelAuthentication(as, client, clientAuthentication, {
    parameters: { scope: 'openid', login_hint: loginHint, binding_message: bindingMessage, requested_expiry: 60 },
    signingKey: privateKey,
    ...options,
  })

  // until the person has answered, or the minute is over
  const { tokens, response } = await countersign.poll(as, client, transaction, { clientAuthentication, ...options })
  await countersign.validateApplicationLevelSignature(as, response, options)
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('the server sent no ID Token')
  return claims
}
