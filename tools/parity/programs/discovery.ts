import * as oauth from 'countersign'

/** Discovery as a caller writes it, and every member of the metadata that comes of it. */
export async function discover(issuer: URL): Promise<oauth.AuthorizationServer> {
  const options: oauth.DiscoveryRequestOptions = {
    algorithm: 'oidc',
    signal: AbortSignal.timeout(5000),
    headers: { 'x-request': 'discovery' },
    [oauth.allowInsecureRequests]: true,
  }
  const response: Response = await oauth.discoveryRequest(issuer, options)
  await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' })
  await oauth.discoveryRequest(issuer)
  return await oauth.processDiscoveryResponse(issuer, response)
}

export const literal: oauth.AuthorizationServer = {
  issuer: 'https://as.example',
  token_endpoint: 'https://as.example/token',
  id_token_signing_alg_values_supported: ['ES256'],
  'a member of its own': [{ nested: null }, 1, true, 'text'],
}

export function endpoints(as: oauth.AuthorizationServer): (string | undefined)[] {
  const aliases: oauth.MTLSEndpointAliases | undefined = as.mtls_endpoint_aliases
  return [
    as.issuer,
    as.authorization_endpoint,
    as.token_endpoint,
    as.jwks_uri,
    as.registration_endpoint,
    as.revocation_endpoint,
    as.introspection_endpoint,
    as.device_authorization_endpoint,
    as.userinfo_endpoint,
    as.pushed_authorization_request_endpoint,
    as.backchannel_authentication_endpoint,
    as.check_session_iframe,
    as.end_session_endpoint,
    as.service_documentation,
    as.op_policy_uri,
    as.op_tos_uri,
    as.signed_metadata,
    aliases?.token_endpoint,
    aliases?.backchannel_authentication_endpoint,
    aliases?.device_authorization_endpoint,
    aliases?.introspection_endpoint,
    aliases?.pushed_authorization_request_endpoint,
    aliases?.revocation_endpoint,
    aliases?.userinfo_endpoint,
    aliases?.['an endpoint of its own'],
  ]
}

export function lists(as: oauth.AuthorizationServer): (string[] | undefined)[] {
  return [
    as.scopes_supported,
    as.response_types_supported,
    as.response_modes_supported,
    as.grant_types_supported,
    as.token_endpoint_auth_methods_supported,
    as.token_endpoint_auth_signing_alg_values_supported,
    as.ui_locales_supported,
    as.revocation_endpoint_auth_methods_supported,
    as.revocation_endpoint_auth_signing_alg_values_supported,
    as.introspection_endpoint_auth_methods_supported,
    as.introspection_endpoint_auth_signing_alg_values_supported,
    as.code_challenge_methods_supported,
    as.acr_values_supported,
    as.subject_types_supported,
    as.id_token_signing_alg_values_supported,
    as.id_token_encryption_alg_values_supported,
    as.id_token_encryption_enc_values_supported,
    as.userinfo_signing_alg_values_supported,
    as.userinfo_encryption_alg_values_supported,
    as.userinfo_encryption_enc_values_supported,
    as.request_object_signing_alg_values_supported,
    as.request_object_encryption_alg_values_supported,
    as.request_object_encryption_enc_values_supported,
    as.display_values_supported,
    as.claim_types_supported,
    as.claims_supported,
    as.claims_locales_supported,
    as.introspection_signing_alg_values_supported,
    as.introspection_encryption_alg_values_supported,
    as.introspection_encryption_enc_values_supported,
    as.authorization_signing_alg_values_supported,
    as.authorization_encryption_alg_values_supported,
    as.authorization_encryption_enc_values_supported,
    as.backchannel_authentication_request_signing_alg_values_supported,
    as.backchannel_token_delivery_modes_supported,
    as.dpop_signing_alg_values_supported,
    as.protected_resources,
  ]
}

export function switches(as: oauth.AuthorizationServer): (boolean | undefined)[] {
  return [
    as.tls_client_certificate_bound_access_tokens,
    as.claims_parameter_supported,
    as.request_parameter_supported,
    as.request_uri_parameter_supported,
    as.require_request_uri_registration,
    as.require_signed_request_object,
    as.require_pushed_authorization_requests,
    as.authorization_response_iss_parameter_supported,
    as.backchannel_user_code_parameter_supported,
    as.frontchannel_logout_session_supported,
    as.frontchannel_logout_supported,
    as.backchannel_logout_session_supported,
    as.backchannel_logout_supported,
  ]
}

export function unregistered(as: oauth.AuthorizationServer): oauth.JsonValue | undefined {
  return as['a member of its own']
}
