// A whole CIBA sign-in in poll mode: a person approves on their phone, while this program asks for the tokens.
import * as countersign from 'countersign'

export interface Context {
  readonly issuer: URL
  readonly client: countersign.Client
  /** Signs the client's assertions (private_key_jwt); its public half is registered at the server. */
  readonly privateKey: countersign.PrivateKey
  /** Who is to be authenticated. */
  readonly loginHint: string
  /** A short text to show beside the button, and on the phone: the person sees that both belong together. */
  readonly bindingMessage: string
  /** For every request; the tests allow requests without TLS to their server on loopback. */
  readonly options?: { readonly signal?: AbortSignal; readonly [countersign.allowInsecureRequests]?: boolean }
}

export interface SignedIn {
  readonly claims: countersign.IDToken
  readonly userInfo: countersign.UserInfoResponse
}

export async function run(context: Context): Promise<SignedIn> {
  const { issuer, client, loginHint, bindingMessage, options } = context
  const clientAuth = countersign.PrivateKeyJwt(context.privateKey)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))

  // ask the server to ask the person (CIBA Core §7.1)
  const parameters = { scope: 'openid profile', login_hint: loginHint, binding_message: bindingMessage }
  const sentAt = Date.now()
  const started = await countersign.processBackchannelAuthenticationResponse(
    as,
    client,
    await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options),
  )

  // wait for the person, and ask at the server's pace (CIBA Core §10.1, §11)
  const { tokens, response } = await countersign.poll(as, client, countersign.cibaTransaction(started, sentAt), {
    clientAuthentication: clientAuth,
    ...options,
  })
  // the rules were applied to the tokens; this adds the ID Token's signature
  await countersign.validateApplicationLevelSignature(as, response, options)
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('the server sent no ID Token')

  // more about the person; must be the same person (OpenID Connect Core §5.3)
  const userInfo = await countersign.processUserInfoResponse(
    as,
    client,
    claims.sub,
    await countersign.userInfoRequest(as, client, tokens.access_token, options),
  )
  return { claims, userInfo }
}
