// A CIBA sign-in whose tokens are bound to a key of this program: who steals them cannot use them (DPoP, RFC 9449).
import * as countersign from 'countersign'

export interface Context {
  readonly issuer: URL
  readonly client: countersign.Client
  /** Signs the client's assertions (private_key_jwt); its public half is registered at the server. */
  readonly privateKey: countersign.PrivateKey
  /** Who is to be authenticated. */
  readonly loginHint: string
  /** For every request; the tests allow requests without TLS to their server on loopback. */
  readonly options?: { readonly signal?: AbortSignal; readonly [countersign.allowInsecureRequests]?: boolean }
}

export interface SignedIn {
  readonly tokens: countersign.TokenEndpointResponse
  readonly userInfo: countersign.UserInfoResponse
}

export async function run({ issuer, client, privateKey, loginHint, options }: Context): Promise<SignedIn> {
  const clientAuth = countersign.PrivateKeyJwt(privateKey)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))

  // one key and one handle for all requests of this session: the handle also keeps the server's nonces
  const DPoP = countersign.DPoP(client, await countersign.generateKeyPair('ES256'))
  const bound = { ...options, DPoP }

  const parameters = { scope: 'openid profile', login_hint: loginHint }
  const sentAt = Date.now()
  const started = await countersign.processBackchannelAuthenticationResponse(
    as,
    client,
    await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options),
  )

  const { tokens, response } = await countersign.poll(as, client, countersign.cibaTransaction(started, sentAt), {
    clientAuthentication: clientAuth,
    ...bound,
  })
  await countersign.validateApplicationLevelSignature(as, response, options)

  // RFC 9449 §5: a server without DPoP ignores the proof, and answers with a token that is bound to nothing
  if (tokens.token_type !== 'dpop') throw new Error('the server did not bind the access token')
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('the server sent no ID Token')

  const userInfo = await withNonce(async () => {
    const response = await countersign.userInfoRequest(as, client, tokens.access_token, bound)
    return await countersign.processUserInfoResponse(as, client, claims.sub, response)
  })
  return { tokens, userInfo }
}

/**
 * RFC 9449 §9: a resource may refuse a proof until it holds a nonce of its own, and sends that nonce with the refusal. The
 * handle has learned it by then: the same request made again goes through. For the token endpoint `poll` does that.
 */
async function withNonce<Answer>(exchange: () => Promise<Answer>): Promise<Answer> {
  try {
    return await exchange()
  } catch (error) {
    if (countersign.isDPoPNonceError(error)) return await exchange()
    throw error
  }
}
