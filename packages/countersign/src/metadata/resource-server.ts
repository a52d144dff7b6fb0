import type { JsonValue } from '../values/json.ts'

/**
 * What a protected resource publishes about itself.
 *
 * @see RFC 9728, section 2
 */
export interface ResourceServer {
  /** The resource identifier: the exact URL that was asked for. */
  readonly resource: string
  /** Issuers of the authorization servers whose tokens the resource takes. */
  readonly authorization_servers?: string[]
  /** Where the resource publishes its own keys. */
  readonly jwks_uri?: string
  /** Scope values for access to the resource. */
  readonly scopes_supported?: string[]
  /** How an access token may be sent: `header`, `body`, `query`. This library sends it in the header. */
  readonly bearer_methods_supported?: string[]
  /** JWS algorithms that the resource signs its answers with. */
  readonly resource_signing_alg_values_supported?: string[]
  /** The resource's name, for people. */
  readonly resource_name?: string
  /** A page for developers. */
  readonly resource_documentation?: string
  /** A page about what a client may do with what it gets. */
  readonly resource_policy_uri?: string
  /** A page with the resource's terms of service. */
  readonly resource_tos_uri?: string
  /** The resource takes access tokens that are bound to a client certificate (RFC 8705). */
  readonly tls_client_certificate_bound_access_tokens?: boolean
  /** Values of `type` in `authorization_details` (RFC 9396). */
  readonly authorization_details_types_supported?: string[]
  /** JWS algorithms of DPoP proofs (RFC 9449). */
  readonly dpop_signing_alg_values_supported?: string[]
  /** Only access tokens that are bound to a DPoP key are taken. */
  readonly dpop_bound_access_tokens_required?: boolean
  /** These metadata as a signed JWT (RFC 9728, section 2.2). This library does not read it. */
  readonly signed_metadata?: string
  readonly [metadata: string]: JsonValue | undefined
}
