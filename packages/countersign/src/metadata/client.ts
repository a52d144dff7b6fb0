import type { TraceOptions } from '../rules/trace.ts'
import type { JsonValue } from '../values/json.ts'
import type { BodySizeOptions } from './body-size.ts'
import type { clockSkew, clockTolerance } from './clock.ts'

/**
 * What this application is registered as at the authorization server, as far as it decides what is accepted. Other
 * registered members may stand here too; they change nothing.
 *
 * @see RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0, section 2
 */
export interface Client extends TraceOptions, BodySizeOptions {
  /** The client identifier. */
  client_id: string

  /**
   * JWS algorithm that ID Tokens must be signed with. Absent: one of the server's
   * `id_token_signing_alg_values_supported`, and `RS256` where the server does not say.
   */
  id_token_signed_response_alg?: string

  /**
   * JWS algorithm that JARM responses must be signed with. Absent: one of the server's
   * `authorization_signing_alg_values_supported`, and `RS256` where the server does not say.
   */
  authorization_signed_response_alg?: string

  /** ID Tokens must have `auth_time`. Default false. */
  require_auth_time?: boolean

  /**
   * JWS algorithm that UserInfo answers must be signed with; with it, an unsigned answer is refused. Absent: one of the
   * server's `userinfo_signing_alg_values_supported` when the answer is signed, and a refusal where the server does not
   * say.
   */
  userinfo_signed_response_alg?: string

  /**
   * JWS algorithm that introspection answers must be signed with; with it, an unsigned answer is refused. Absent: one
   * of the server's `introspection_signing_alg_values_supported` when the answer is signed, and `RS256` where the
   * server does not say.
   */
  introspection_signed_response_alg?: string

  /** Seconds since the person last signed in, at most, where a request names no `max_age` of its own; 0 or more. */
  default_max_age?: number

  /** How the outcome of CIBA comes: `poll`, `ping` or `push` (CIBA Core 1.0, section 4). */
  backchannel_token_delivery_mode?: string

  /** Where the server calls back in ping and push mode; an `https:` URL. */
  backchannel_client_notification_endpoint?: string

  /** JWS algorithm that backchannel authentication requests are signed with. Absent: they are not signed. */
  backchannel_authentication_request_signing_alg?: string

  /** Backchannel authentication requests may carry a `user_code`. Default false. */
  backchannel_user_code_parameter?: boolean

  /**
   * Send requests to the server's `mtls_endpoint_aliases` where it has them. The certificate itself is presented by the
   * function given as `customFetch`. Default false.
   */
  use_mtls_endpoint_aliases?: boolean

  /** See {@link clockSkew}. */
  [clockSkew]?: number

  /** See {@link clockTolerance}. */
  [clockTolerance]?: number

  [metadata: string]: JsonValue | undefined
}
