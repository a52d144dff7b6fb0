// Authorization code with PKCE: the browser goes to the server and comes back with a code, which is exchanged for tokens.
import * as countersign from 'countersign'

export interface Context {
  /** From discovery. */
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** Where the browser comes back to, as it is registered. */
  readonly redirectUri: string
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** What is kept with the browser's session until it comes back; each value is for one request only. */
export interface Session {
  readonly codeVerifier: string
  readonly state: string
  readonly nonce: string
}

/** An authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1). */
export async function begin({ client, redirectUri }: Context) {
  const session: Session = {
    codeVerifier: countersign.generateRandomCodeVerifier(),
    state: countersign.generateRandomState(),
    nonce: countersign.generateRandomNonce(),
  }
  const parameters = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email',
    state: session.state,
    nonce: session.nonce,
    code_challenge: await countersign.calculatePKCECodeChallenge(session.codeVerifier),
    code_challenge_method: 'S256',
  })
  return { parameters, session }
}

/** Where the browser is sent. */
export function authorizationUrl({ as }: Context, parameters: URLSearchParams): URL {
  if (as.authorization_endpoint === undefined) throw new Error('the server has no authorization endpoint')
  const url = new URL(as.authorization_endpoint)
  for (const [name, value] of parameters) url.searchParams.append(name, value)
  return url
}

/** The browser came back: `callbackUrl` is the URL that it asks for. */
export async function finish(context: Context, callbackUrl: URL, session: Session) {
  const parameters = countersign.validateAuthResponse(context.as, context.client, callbackUrl, session.state)
  return await exchange(context, parameters, session)
}

/** Exchanges the code of a response that was validated, and asks who the person is. */
export async function exchange(context: Context, parameters: URLSearchParams, { codeVerifier, nonce }: Session) {
  const { as, client, clientAuth, redirectUri, options } = context
  const response = await countersign.authorizationCodeGrantRequest(
    as,
    client,
    clientAuth,
    parameters,
    redirectUri,
    codeVerifier,
    options,
  )
  const tokens = await countersign.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  // more than OpenID Connect Core §3.1.3.7 (6) asks for behind TLS
  await countersign.validateApplicationLevelSignature(as, response, options)
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('an ID Token was required')

  const asked = await countersign.userInfoRequest(as, client, tokens.access_token, options)
  const userInfo = await countersign.processUserInfoResponse(as, client, claims.sub, asked)
  return { tokens, claims, userInfo }
}
