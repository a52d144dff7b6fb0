import * as oauth from 'countersign'

/** One CIBA sign-in in poll mode, with every form in which its arguments may come. */
export async function begin(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
): Promise<oauth.BackchannelAuthenticationResponse> {
  const options: oauth.BackchannelAuthenticationRequestOptions = {
    signal: (url: string) => AbortSignal.timeout(url.length),
    headers: [['x-request', 'backchannel']],
    [oauth.customFetch]: (url, { method: verb, headers, body, redirect, signal }) =>
      fetch(url, { method: verb, headers, body, redirect, signal: signal ?? null }),
    [oauth.allowInsecureRequests]: false,
  }
  const parameters = { scope: 'openid', login_hint: 'someone', binding_message: '4711' }
  await oauth.backchannelAuthenticationRequest(as, client, method, new URLSearchParams(parameters), options)
  await oauth.backchannelAuthenticationRequest(as, client, method, Object.entries(parameters))
  const response = await oauth.backchannelAuthenticationRequest(as, client, method, parameters, options)
  return await oauth.processBackchannelAuthenticationResponse(as, client, response)
}

export function wait(acknowledged: oauth.BackchannelAuthenticationResponse): number {
  const own: oauth.JsonValue | undefined = acknowledged['a member of its own']
  return own === undefined ? Math.min(acknowledged.expires_in, acknowledged.interval ?? 5) : 0
}

export async function poll(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  { auth_req_id }: oauth.BackchannelAuthenticationResponse,
): Promise<oauth.TokenEndpointResponse> {
  const options: oauth.TokenEndpointRequestOptions = { additionalParameters: { resource: 'https://rs.example' } }
  await oauth.backchannelAuthenticationGrantRequest(as, client, method, auth_req_id, {
    additionalParameters: new URLSearchParams([['resource', 'https://rs.example']]),
  })
  await oauth.backchannelAuthenticationGrantRequest(as, client, method, auth_req_id, {
    additionalParameters: [['resource', 'https://rs.example']],
  })
  const response = await oauth.backchannelAuthenticationGrantRequest(as, client, method, auth_req_id, options)
  return await oauth.processBackchannelAuthenticationGrantResponse(as, client, response)
}
