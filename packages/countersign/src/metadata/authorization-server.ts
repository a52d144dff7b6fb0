import type { JsonValue } from '../values/json.ts'

/**
 * What an authorization server publishes about itself. Discover it with `discoveryRequest` and
 * `processDiscoveryResponse`, or write it down when the server publishes nothing. Members that are not listed here are
 * kept as they came.
 *
 * @see RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3
 */
export interface AuthorizationServer {
  // What every server says (RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3)

  /** The issuer identifier: the exact string that `iss` must equal. */
  readonly issuer: string
  /** Where the browser is sent to sign in. */
  readonly authorization_endpoint?: string
  /** Where grants are exchanged for tokens. */
  readonly token_endpoint?: string
  /** Where the public keys of the server are published. */
  readonly jwks_uri?: string
  /** Where clients register themselves (RFC 7591). */
  readonly registration_endpoint?: string
  /** Scope values that may be asked for; the list need not be complete. */
  readonly scopes_supported?: string[]
  /** Values of `response_type`. */
  readonly response_types_supported?: string[]
  /** Values of `response_mode`. */
  readonly response_modes_supported?: string[]
  /** Values of `grant_type`; absent means `authorization_code` and `implicit`. */
  readonly grant_types_supported?: string[]
  /** PKCE methods (RFC 7636); absent means that PKCE is not supported. */
  readonly code_challenge_methods_supported?: string[]
  /** A page for developers. */
  readonly service_documentation?: string
  /** Languages of the user interface, as BCP 47 tags. */
  readonly ui_locales_supported?: string[]
  /** A page about what the client may do with what it gets. */
  readonly op_policy_uri?: string
  /** A page with the server's terms of service. */
  readonly op_tos_uri?: string
  /** These metadata as a signed JWT (RFC 8414, section 2.1). This library does not read it. */
  readonly signed_metadata?: string
  /** Resource identifiers that this server issues tokens for (RFC 9728, section 4). */
  readonly protected_resources?: string[]

  // How clients authenticate

  /** Methods at the token endpoint; absent means `client_secret_basic`. */
  readonly token_endpoint_auth_methods_supported?: string[]
  /** JWS algorithms of client assertions at the token endpoint. */
  readonly token_endpoint_auth_signing_alg_values_supported?: string[]
  /** Methods at the revocation endpoint. */
  readonly revocation_endpoint_auth_methods_supported?: string[]
  /** JWS algorithms of client assertions at the revocation endpoint. */
  readonly revocation_endpoint_auth_signing_alg_values_supported?: string[]
  /** Methods at the introspection endpoint. */
  readonly introspection_endpoint_auth_methods_supported?: string[]
  /** JWS algorithms of client assertions at the introspection endpoint. */
  readonly introspection_endpoint_auth_signing_alg_values_supported?: string[]

  // Revocation, introspection and the device flow (RFC 7009, RFC 7662, RFC 9701, RFC 8628)

  /** Where tokens are revoked. */
  readonly revocation_endpoint?: string
  /** Where a resource server asks about a token. */
  readonly introspection_endpoint?: string
  /** JWS algorithms of signed introspection answers. */
  readonly introspection_signing_alg_values_supported?: string[]
  /** JWE key management algorithms of introspection answers. */
  readonly introspection_encryption_alg_values_supported?: string[]
  /** JWE content encryption algorithms of introspection answers. */
  readonly introspection_encryption_enc_values_supported?: string[]
  /** Where the device flow starts. */
  readonly device_authorization_endpoint?: string

  // Sender-constrained tokens (RFC 8705, RFC 9449)

  /** The server issues access tokens bound to the client certificate. */
  readonly tls_client_certificate_bound_access_tokens?: boolean
  /** The endpoints for clients that present a certificate. */
  readonly mtls_endpoint_aliases?: MTLSEndpointAliases
  /** JWS algorithms of DPoP proofs. */
  readonly dpop_signing_alg_values_supported?: string[]

  // OpenID Connect (Discovery 1.0, section 3)

  /** Where the claims about the person are fetched. */
  readonly userinfo_endpoint?: string
  /** Authentication context classes. */
  readonly acr_values_supported?: string[]
  /** Kinds of `sub`: `public`, `pairwise`. */
  readonly subject_types_supported?: string[]
  /** JWS algorithms of ID Tokens. */
  readonly id_token_signing_alg_values_supported?: string[]
  /** JWE key management algorithms of ID Tokens. */
  readonly id_token_encryption_alg_values_supported?: string[]
  /** JWE content encryption algorithms of ID Tokens. */
  readonly id_token_encryption_enc_values_supported?: string[]
  /** JWS algorithms of signed UserInfo answers. */
  readonly userinfo_signing_alg_values_supported?: string[]
  /** JWE key management algorithms of UserInfo answers. */
  readonly userinfo_encryption_alg_values_supported?: string[]
  /** JWE content encryption algorithms of UserInfo answers. */
  readonly userinfo_encryption_enc_values_supported?: string[]
  /** Values of the `display` parameter. */
  readonly display_values_supported?: string[]
  /** Kinds of claims: `normal`, `aggregated`, `distributed`. */
  readonly claim_types_supported?: string[]
  /** Names of claims that the server may give. */
  readonly claims_supported?: string[]
  /** Languages of claim values, as BCP 47 tags. */
  readonly claims_locales_supported?: string[]
  /** The `claims` parameter is understood. */
  readonly claims_parameter_supported?: boolean

  // Request objects and pushed requests (RFC 9101, RFC 9126)

  /** JWS algorithms of request objects. */
  readonly request_object_signing_alg_values_supported?: string[]
  /** JWE key management algorithms of request objects. */
  readonly request_object_encryption_alg_values_supported?: string[]
  /** JWE content encryption algorithms of request objects. */
  readonly request_object_encryption_enc_values_supported?: string[]
  /** The `request` parameter is understood. */
  readonly request_parameter_supported?: boolean
  /** The `request_uri` parameter is understood; absent means true. */
  readonly request_uri_parameter_supported?: boolean
  /** Values of `request_uri` must be registered first. */
  readonly require_request_uri_registration?: boolean
  /** Only signed authorization requests are taken. */
  readonly require_signed_request_object?: boolean
  /** Where authorization requests are pushed. */
  readonly pushed_authorization_request_endpoint?: string
  /** Only pushed authorization requests are taken. */
  readonly require_pushed_authorization_requests?: boolean

  // Authorization responses (RFC 9207, JARM)

  /** Authorization responses carry `iss`; then one without it is refused. */
  readonly authorization_response_iss_parameter_supported?: boolean
  /** JWS algorithms of JARM responses. */
  readonly authorization_signing_alg_values_supported?: string[]
  /** JWE key management algorithms of JARM responses. */
  readonly authorization_encryption_alg_values_supported?: string[]
  /** JWE content encryption algorithms of JARM responses. */
  readonly authorization_encryption_enc_values_supported?: string[]

  // Client-Initiated Backchannel Authentication (CIBA Core 1.0, section 4)

  /** Where a backchannel authentication starts. */
  readonly backchannel_authentication_endpoint?: string
  /** JWS algorithms of signed requests; absent means that none are taken. */
  readonly backchannel_authentication_request_signing_alg_values_supported?: string[]
  /** `poll`, `ping`, `push`. */
  readonly backchannel_token_delivery_modes_supported?: string[]
  /** The `user_code` parameter is understood; absent means false. */
  readonly backchannel_user_code_parameter_supported?: boolean

  // Logout and sessions

  /** A page that tells whether the session at the server has changed. */
  readonly check_session_iframe?: string
  /** Where the browser is sent to sign out (RP-Initiated Logout 1.0). */
  readonly end_session_endpoint?: string
  /** Front-channel logout carries `iss` and `sid`. */
  readonly frontchannel_logout_session_supported?: boolean
  /** Front-channel logout is supported. */
  readonly frontchannel_logout_supported?: boolean
  /** Logout tokens may carry `sid`. */
  readonly backchannel_logout_session_supported?: boolean
  /** Back-channel logout is supported. */
  readonly backchannel_logout_supported?: boolean

  readonly [metadata: string]: JsonValue | undefined
}

/**
 * The endpoints for clients that present a certificate, each in place of the one with the same name.
 *
 * @see RFC 8705, section 5
 */
export interface MTLSEndpointAliases extends Pick<
  AuthorizationServer,
  | 'backchannel_authentication_endpoint'
  | 'device_authorization_endpoint'
  | 'introspection_endpoint'
  | 'pushed_authorization_request_endpoint'
  | 'revocation_endpoint'
  | 'token_endpoint'
  | 'userinfo_endpoint'
> {
  readonly [metadata: string]: string | undefined
}
