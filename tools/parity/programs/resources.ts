import * as oauth from 'countersign'

/** A protected resource from both sides. */
export async function call(accessToken: string, url: URL, handle: oauth.DPoPHandle): Promise<Response> {
  const options: oauth.ProtectedResourceRequestOptions = {
    DPoP: handle,
    signal: () => AbortSignal.timeout(5000),
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (target, { body, method, headers }) =>
      Response.json({ target, method, headers, body: typeof body }),
  }
  const bodies: oauth.ProtectedResourceRequestBody[] = [
    null,
    undefined,
    'text',
    new Uint8Array(1),
    new ArrayBuffer(1),
    new URLSearchParams(),
    new ReadableStream(),
  ]
  for (const body of bodies) await oauth.protectedResourceRequest(accessToken, 'PUT', url, new Headers(), body, options)
  return await oauth.protectedResourceRequest(accessToken, 'GET', url)
}

export async function discover(identifier: URL): Promise<oauth.ResourceServer> {
  const options: oauth.HttpRequestOptions<'GET'> = { headers: { 'x-request': 'metadata' } }
  await oauth.resourceDiscoveryRequest(identifier)
  const response = await oauth.resourceDiscoveryRequest(identifier, options)
  return await oauth.processResourceDiscoveryResponse(identifier, response)
}

export function read(resource: oauth.ResourceServer): unknown[] {
  return [
    resource.resource.length,
    resource.authorization_servers?.length,
    resource.jwks_uri?.length,
    resource.scopes_supported?.length,
    resource.bearer_methods_supported?.length,
    resource.resource_signing_alg_values_supported?.length,
    resource.resource_name?.length,
    resource.resource_documentation?.length,
    resource.resource_policy_uri?.length,
    resource.resource_tos_uri?.length,
    resource.tls_client_certificate_bound_access_tokens === true,
    resource.authorization_details_types_supported?.length,
    resource.dpop_signing_alg_values_supported?.length,
    resource.dpop_bound_access_tokens_required === true,
    resource.signed_metadata?.length,
    resource['a member of its own'],
  ]
}

export async function serve(as: oauth.AuthorizationServer, request: Request): Promise<unknown[]> {
  const options: oauth.ValidateJWTAccessTokenOptions = {
    requireDPoP: true,
    signingAlgorithms: ['ES256'],
    [oauth.clockSkew]: -5,
    [oauth.clockTolerance]: 10,
    [oauth.jwksCache]: {},
  }
  await oauth.validateJwtAccessToken(as, request, 'https://rs.example')
  const claims: oauth.JWTAccessTokenClaims = await oauth.validateJwtAccessToken(
    as,
    request,
    'https://rs.example',
    options,
  )
  const audience: string | string[] = claims.aud
  return [
    audience,
    claims.iss.length,
    claims.sub.length,
    claims.jti.length,
    claims.client_id.length,
    claims.exp.toFixed(),
    claims.iat.toFixed(),
    claims.nbf?.toFixed(),
    claims.scope?.split(' '),
    claims.cnf?.jkt,
    claims.authorization_details?.map(({ type }) => type),
    claims['a claim of its own'],
  ]
}
