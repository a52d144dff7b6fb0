import type { CIBADeliveryMode, ClientMetadata, FindAccount } from 'oidc-provider'
import type { Accounts } from './accounts.ts'
import type { SigningAlgorithm } from '../key-parameters.ts'

/** How the embedded OpenID Provider differs from its defaults. */
export interface ProviderOptions {
  /**
   * Registered clients, as RFC 7591 and CIBA Core §4 metadata. What a client leaves out: `grant_types` is CIBA with
   * refresh tokens, `response_types` and `redirect_uris` are empty, `backchannel_token_delivery_mode` is `poll`,
   * `id_token_signed_response_alg` is the first of {@link signingAlgorithms}. A client with
   * `userinfo_signed_response_alg` receives its UserInfo as a JWT.
   */
  readonly clients?: readonly ClientMetadata[]
  /** The people who can sign in; unless given, one called Anna. Ignored with {@link findAccount}. */
  readonly accounts?: Accounts
  /** Looks a person up by `sub`, in place of {@link accounts}. */
  readonly findAccount?: FindAccount
  /** CIBA Core §5. Default: poll and ping. */
  readonly deliveryModes?: readonly CIBADeliveryMode[]
  /** Lifetime of an `auth_req_id` in seconds, and the most that `requested_expiry` can ask for. Default: 120. */
  readonly expiresIn?: number
  /**
   * Polling interval in seconds (CIBA Core §7.3), sent with the acknowledgement and held: who polls faster is told to
   * `slow_down`. Unless given, none is sent (so that 5 applies) and none is held.
   */
  readonly interval?: number
  /** Algorithms for ID Tokens and UserInfo JWTs; a key is made for each. Default: ES256. */
  readonly signingAlgorithms?: readonly [SigningAlgorithm, ...SigningAlgorithm[]]
  /** Whether every DPoP proof must carry a nonce that this provider handed out (RFC 9449 §8). Default: false. */
  readonly requireDPoPNonce?: boolean
  /** How the provider's own requests leave, such as a CIBA ping. Default: the global `fetch`. */
  readonly fetch?: typeof fetch
}
