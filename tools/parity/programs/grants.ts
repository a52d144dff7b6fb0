import * as oauth from 'countersign'

/** The grants that need no authorization response. */
export async function refresh(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  refreshToken: string,
): Promise<oauth.TokenEndpointResponse> {
  const options: oauth.TokenEndpointRequestOptions = { additionalParameters: [['scope', 'openid']] }
  await oauth.refreshTokenGrantRequest(as, client, method, refreshToken)
  const response = await oauth.refreshTokenGrantRequest(as, client, method, refreshToken, options)
  await oauth.processRefreshTokenResponse(as, client, response)
  return await oauth.processRefreshTokenResponse(as, client, response, { recognizedTokenTypes: {} })
}

export async function clientCredentials(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  handle: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const options: oauth.ClientCredentialsGrantRequestOptions = { DPoP: handle, headers: { 'x-request': 'token' } }
  await oauth.clientCredentialsGrantRequest(as, client, method, { scope: 'api' })
  await oauth.clientCredentialsGrantRequest(as, client, method, [['scope', 'api']])
  const response = await oauth.clientCredentialsGrantRequest(as, client, method, new URLSearchParams(), options)
  await oauth.processClientCredentialsResponse(as, client, response)
  return await oauth.processClientCredentialsResponse(as, client, response, { recognizedTokenTypes: {} })
}

export async function device(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
): Promise<oauth.TokenEndpointResponse> {
  const options: oauth.DeviceAuthorizationRequestOptions = { signal: AbortSignal.timeout(5000) }
  await oauth.deviceAuthorizationRequest(as, client, method, [['scope', 'openid']])
  await oauth.deviceAuthorizationRequest(as, client, method, new URLSearchParams())
  const begun = await oauth.deviceAuthorizationRequest(as, client, method, { scope: 'openid' }, options)
  const { device_code } = await oauth.processDeviceAuthorizationResponse(as, client, begun)
  await oauth.deviceCodeGrantRequest(as, client, method, device_code)
  const response = await oauth.deviceCodeGrantRequest(as, client, method, device_code, { additionalParameters: {} })
  await oauth.processDeviceCodeResponse(as, client, response)
  return await oauth.processDeviceCodeResponse(as, client, response, { recognizedTokenTypes: {} })
}

export function show(begun: oauth.DeviceAuthorizationResponse): unknown[] {
  const { user_code, verification_uri, verification_uri_complete, expires_in, interval } = begun
  const uri: string = verification_uri_complete ?? verification_uri
  return [user_code.length, uri, expires_in.toFixed(), interval?.toFixed(), begun['a member of its own']]
}

export async function exchange(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  handle: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const type = 'urn:ietf:params:oauth:grant-type:token-exchange'
  const parameters = { subject_token: 'token', subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }
  await oauth.genericTokenEndpointRequest(as, client, method, type, parameters)
  await oauth.genericTokenEndpointRequest(as, client, method, type, Object.entries(parameters))
  const body = new URLSearchParams(parameters)
  const response = await oauth.genericTokenEndpointRequest(as, client, method, type, body, { DPoP: handle })
  const recognizedTokenTypes: oauth.RecognizedTokenTypes = { n_a: () => undefined }
  await oauth.processGenericTokenEndpointResponse(as, client, response)
  return await oauth.processGenericTokenEndpointResponse(as, client, response, { recognizedTokenTypes })
}
