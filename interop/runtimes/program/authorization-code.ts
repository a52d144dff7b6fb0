import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'
import { claimsOf, INSECURE, type Session, startSession, tellPerson, userInfoOf, withNonce } from './session.ts'

/**
 * The life of a sign-in by authorization code: PKCE, a pushed request (RFC 9126), plain or signed (RFC 9101), a response,
 * plain or signed (JARM), the code for tokens that are bound to a key (RFC 9449, with nonces), UserInfo, refresh, introspection (plain, and RFC 9701) and
 * revocation.
 */
export async function authorizationCode(configuration: Configuration): Promise<object> {
  const session = await startSession(configuration)
  const { as, client, authentication, DPoP } = session
  const codeVerifier = countersign.generateRandomCodeVerifier()
  const state = countersign.generateRandomState()
  const nonce = countersign.generateRandomNonce()

  const request = {
    redirect_uri: configuration.redirectUri,
    response_type: 'code',
    ...(configuration.signed && { response_mode: 'jwt' }),
    scope: 'openid profile offline_access',
    prompt: 'consent',
    code_challenge: await countersign.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }
  const url = await authorizationUrl(session, configuration.signed ? await signedRequest(session, request) : request)
  const callback = new URLSearchParams(await tellPerson(configuration, 'browser', url.href))
  const parameters = configuration.signed
    ? await countersign.validateJwtAuthResponse(as, client, callback, state, INSECURE)
    : countersign.validateAuthResponse(as, client, callback, state)

  const { tokens, response } = await withNonce(async () => {
    const response = await countersign.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      parameters,
      configuration.redirectUri,
      codeVerifier,
      { ...INSECURE, DPoP },
    )
    const options = { expectedNonce: nonce, requireIdToken: true }
    return {
      response,
      tokens: await countersign.processAuthorizationCodeResponse(as, client, response, options),
    }
  })
  await countersign.validateApplicationLevelSignature(as, response, INSECURE)
  const claims = claimsOf(tokens)
  const userInfo = await userInfoOf(session, tokens, claims.sub)
  const refreshed = await refresh(session, tokens.refresh_token ?? '')
  const { access_token: token } = refreshed
  return {
    jarm: callback.has('response') && !callback.has('code'),
    claims,
    tokenType: tokens.token_type,
    userInfo,
    refreshed: { tokenType: refreshed.token_type, sub: claimsOf(refreshed).sub, isNew: token !== tokens.access_token },
    introspection: await introspect(session, token, false),
    signedIntrospection: await introspect(session, token, true),
    revoked: await revokeAndLookAgain(session, token),
  }
}

/** RFC 9101 §5: the parameters are claims of a JWT, and the client's. */
async function signedRequest(
  { as, client, key }: Session,
  parameters: Record<string, string>,
): Promise<Record<string, string>> {
  return { request: await countersign.issueRequestObject(as, client, parameters, key) }
}

/** RFC 9126 §4: what the browser carries is the client's name and a name for the request. */
async function authorizationUrl(
  { as, client, authentication, DPoP }: Session,
  parameters: Record<string, string>,
): Promise<URL> {
  const { request_uri } = await withNonce(
    async () =>
      await countersign.processPushedAuthorizationResponse(
        as,
        client,
        await countersign.pushedAuthorizationRequest(as, client, authentication, parameters, { ...INSECURE, DPoP }),
      ),
  )
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = new URLSearchParams({ client_id: client.client_id, request_uri }).toString()
  return url
}

async function refresh(
  { as, client, authentication, DPoP }: Session,
  refreshToken: string,
): Promise<countersign.TokenEndpointResponse> {
  return await withNonce(
    async () =>
      await countersign.processRefreshTokenResponse(
        as,
        client,
        await countersign.refreshTokenGrantRequest(as, client, authentication, refreshToken, { ...INSECURE, DPoP }),
      ),
  )
}

async function introspect(
  { as, client, authentication }: Session,
  token: string,
  requestJwtResponse: boolean,
): Promise<countersign.IntrospectionResponse> {
  const options = { ...INSECURE, requestJwtResponse }
  const response = await countersign.introspectionRequest(as, client, authentication, token, options)
  const introspection = await countersign.processIntrospectionResponse(as, client, response)
  if (requestJwtResponse) {
    await countersign.validateApplicationLevelSignature(as, response, INSECURE)
  }
  return introspection
}

async function revokeAndLookAgain(session: Session, token: string): Promise<countersign.IntrospectionResponse> {
  const { as, client, authentication } = session
  const response = await countersign.revocationRequest(as, client, authentication, token, INSECURE)
  await countersign.processRevocationResponse(response)
  return await introspect(session, token, false)
}
