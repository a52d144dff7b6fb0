import type { JsonValue } from '../values/json.ts'

/** One entry of `authorization_details` (RFC 9396, section 2). */
export interface AuthorizationDetails {
  /** What the other members mean. */
  readonly type: string
  /** The resources that it is about. */
  readonly locations?: string[]
  /** What is done to them. */
  readonly actions?: string[]
  /** Which data of them. */
  readonly datatypes?: string[]
  /** At which level of privilege. */
  readonly privileges?: string[]
  /** One resource in particular. */
  readonly identifier?: string
  readonly [parameter: string]: JsonValue | undefined
}

/** A token endpoint's answer of success (RFC 6749, section 5.1). */
export interface TokenEndpointResponse {
  /** The access token. What is in it is the resource's to read, not the client's. */
  readonly access_token: string
  /** Seconds that the access token is good for, from when the answer was made. */
  readonly expires_in?: number
  /** The ID Token as it came; its validated claims are what {@link getValidatedIdTokenClaims} gives. */
  readonly id_token?: string
  /** For {@link refreshTokenGrantRequest}. It is a credential: keep it as well as a password. */
  readonly refresh_token?: string
  /** The scope that was granted, where it differs from the one that was asked for. */
  readonly scope?: string
  /** What was granted in detail (RFC 9396, section 7). */
  readonly authorization_details?: AuthorizationDetails[]
  /** How the access token is used, lower-cased, because the value is case-insensitive. */
  readonly token_type: 'bearer' | 'dpop' | Lowercase<string>
  readonly [parameter: string]: JsonValue | undefined
}
