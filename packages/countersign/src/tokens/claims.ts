import type { JsonValue } from '../values/json.ts'

/** What a token is bound to (RFC 7800, section 3.1). */
export interface ConfirmationClaims {
  /** SHA-256 of the client certificate (RFC 8705, section 3.1). */
  readonly 'x5t#S256'?: string
  /** Thumbprint of the DPoP key (RFC 9449, section 6.1). */
  readonly jkt?: string
  readonly [claim: string]: JsonValue | undefined
}

/** The claims that mean the same in every JWT (RFC 7519, section 4.1). */
export interface JWTPayload {
  /** Who issued the token. */
  readonly iss?: string
  /** Whom the token is about. */
  readonly sub?: string
  /** Whom the token is for. */
  readonly aud?: string | string[]
  /** The token's own name, which no other token of the issuer has. */
  readonly jti?: string
  /** When the token begins to be good, in seconds since the epoch. */
  readonly nbf?: number
  /** When the token stops being good, in seconds since the epoch. */
  readonly exp?: number
  /** When the token was issued, in seconds since the epoch. */
  readonly iat?: number
  /** What the token is bound to. */
  readonly cnf?: ConfirmationClaims
  readonly [claim: string]: JsonValue | undefined
}

/** The claims of an ID Token (OpenID Connect Core 1.0, section 2). */
export interface IDToken extends JWTPayload {
  /** The server that issued the token. */
  readonly iss: string
  /** Who was authenticated: unique and never given to another person, at that server. */
  readonly sub: string
  /** Whom the token is for. */
  readonly aud: string | string[]
  /** When the token was issued, in seconds since the epoch. */
  readonly iat: number
  /** When the token stops being good, in seconds since the epoch. */
  readonly exp: number
  /** `nonce` of the authentication request. */
  readonly nonce?: string
  /** When the person was last authenticated, in seconds since the epoch. */
  readonly auth_time?: number
  /** The one of several audiences that the token was issued to. */
  readonly azp?: string
  readonly [claim: string]: JsonValue | undefined
}
