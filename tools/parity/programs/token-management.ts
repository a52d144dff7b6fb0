import * as oauth from 'countersign'

/** Revocation, introspection and registration. */
export async function revoke(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  token: string,
): Promise<undefined> {
  const options: oauth.RevocationRequestOptions = { additionalParameters: { token_type_hint: 'refresh_token' } }
  await oauth.revocationRequest(as, client, method, token)
  const response = await oauth.revocationRequest(as, client, method, token, options)
  return await oauth.processRevocationResponse(response)
}

export async function introspect(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  method: oauth.ClientAuth,
  token: string,
): Promise<oauth.IntrospectionResponse> {
  const options: oauth.IntrospectionRequestOptions = {
    additionalParameters: [['token_type_hint', 'access_token']],
    requestJwtResponse: true,
  }
  await oauth.introspectionRequest(as, client, method, token)
  const response = await oauth.introspectionRequest(as, client, method, token, options)
  await oauth.processIntrospectionResponse(as, client, response)
  return await oauth.processIntrospectionResponse(as, client, response, {
    [oauth.jweDecrypt]: (jwe) => Promise.resolve(jwe),
  })
}

export function read(token: oauth.IntrospectionResponse): unknown[] {
  const active: boolean = token.active
  const audience: string | string[] | undefined = token.aud
  const confirmation: oauth.ConfirmationClaims | undefined = token.cnf
  const details: oauth.AuthorizationDetails[] | undefined = token.authorization_details
  return [
    active,
    audience,
    confirmation?.jkt,
    details?.length,
    token.client_id?.length,
    token.exp?.toFixed(),
    token.iat?.toFixed(),
    token.nbf?.toFixed(),
    token.sid?.length,
    token.iss?.length,
    token.jti?.length,
    token.username?.length,
    token.scope?.split(' '),
    token.sub?.length,
    token.token_type?.length,
    token['a claim of its own'],
  ]
}

export async function register(
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  handle: oauth.DPoPHandle,
): Promise<oauth.OmitSymbolProperties<oauth.Client>> {
  const options: oauth.DynamicClientRegistrationRequestOptions = { initialAccessToken: 'token', DPoP: handle }
  const metadata: Partial<oauth.OmitSymbolProperties<oauth.Client>> = { redirect_uris: ['https://client.example/'] }
  await oauth.dynamicClientRegistrationRequest(as, metadata)
  const response = await oauth.dynamicClientRegistrationRequest(as, { ...metadata, ...client }, options)
  const registered = await oauth.processDynamicClientRegistrationResponse(response)
  const identifier: string = registered.client_id
  return identifier === '' ? client : registered
}
