import * as oauth from 'countersign'

/** The authorization code flow, with every value that its arguments may have. */
export function callback(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  url: URL,
  state: string | undefined,
): URLSearchParams {
  try {
    oauth.validateAuthResponse(as, client, url)
    oauth.validateAuthResponse(as, client, url.searchParams, oauth.skipStateCheck)
    return oauth.validateAuthResponse(as, client, url, state ?? oauth.expectNoState)
  } catch (failure) {
    if (!(failure instanceof oauth.AuthorizationResponseError)) throw failure
    const parameters: URLSearchParams = failure.cause
    const code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR' = failure.code
    throw new Error(`${code} ${failure.error} ${failure.error_description ?? ''} ${parameters.get('iss') ?? ''}`)
  }
}

export function failure(parameters: URLSearchParams): oauth.AuthorizationResponseError {
  return new oauth.AuthorizationResponseError('a sentence', { cause: parameters })
}

export async function exchange(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  parameters: URLSearchParams,
  nonce: string | undefined,
): Promise<oauth.TokenEndpointResponse> {
  const request: oauth.TokenEndpointRequestOptions = { additionalParameters: { resource: 'https://rs.example' } }
  const uri = 'https://client.example/callback'

  await oauth.authorizationCodeGrantRequest(as, client, method, parameters, uri, oauth.nopkce)
  const response = await oauth.authorizationCodeGrantRequest(as, client, method, parameters, uri, 'verifier', request)
  const options: oauth.ProcessAuthorizationCodeResponseOptions = {
    expectedNonce: nonce ?? oauth.expectNoNonce,
    maxAge: nonce === undefined ? oauth.skipAuthTimeCheck : 3600,
    requireIdToken: true,
    recognizedTokenTypes: {},
    [oauth.jweDecrypt]: (jwe) => Promise.resolve(jwe),
  }
  await oauth.processAuthorizationCodeResponse(as, client, response)
  return await oauth.processAuthorizationCodeResponse(as, client, response, options)
}

/** Answers that are JWTs, or come with an ID Token. */
export async function signedCallback(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  answer: URL | URLSearchParams,
  post: Request,
  state: string,
): Promise<URLSearchParams[]> {
  const options: oauth.ValidateSignatureOptions & oauth.JWEDecryptOptions = {
    [oauth.jwksCache]: {},
    [oauth.jweDecrypt]: (jwe) => Promise.resolve(jwe),
  }
  return [
    await oauth.validateJwtAuthResponse(as, client, answer),
    await oauth.validateJwtAuthResponse(as, client, answer, oauth.expectNoState),
    await oauth.validateJwtAuthResponse(as, client, answer, oauth.skipStateCheck, options),
    await oauth.validateCodeIdTokenResponse(as, client, answer, 'nonce'),
    await oauth.validateCodeIdTokenResponse(as, client, post, 'nonce', state, 3600, options),
    await oauth.validateCodeIdTokenResponse(as, client, post, 'nonce', oauth.expectNoState, oauth.skipAuthTimeCheck),
    await oauth.validateDetachedSignatureResponse(as, client, answer, 'nonce'),
    await oauth.validateDetachedSignatureResponse(as, client, post, 'nonce', state, oauth.skipAuthTimeCheck, options),
  ]
}

export async function push(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  key: oauth.PrivateKey,
): Promise<[requestUri: string, seconds: number, own: oauth.JsonValue | undefined]> {
  const parameters = { response_type: 'code', scope: 'openid' }
  const modify: oauth.ModifyAssertionOptions = { [oauth.modifyAssertion]: () => undefined }
  const request: string = await oauth.issueRequestObject(as, client, parameters, key, modify)
  await oauth.issueRequestObject(as, client, Object.entries(parameters), key.key)
  await oauth.issueRequestObject(as, client, new URLSearchParams(parameters), key)

  const options: oauth.PushedAuthorizationRequestOptions = {
    DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')),
    [oauth.allowInsecureRequests]: true,
  }
  await oauth.pushedAuthorizationRequest(as, client, method, Object.entries(parameters))
  await oauth.pushedAuthorizationRequest(as, client, method, parameters)
  const response = await oauth.pushedAuthorizationRequest(
    as,
    client,
    method,
    new URLSearchParams({ ...parameters, request }),
    options,
  )
  const pushed: oauth.PushedAuthorizationResponse = await oauth.processPushedAuthorizationResponse(as, client, response)
  return [pushed.request_uri, pushed.expires_in, pushed['a member of its own']]
}
