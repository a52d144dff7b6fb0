// Access tokens that are always fresh: renewed shortly before they expire, once for all who ask at the same time.
import * as countersign from 'countersign'

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** Keeps the refresh token: a server that rotates has spent the one before (RFC 9700 §4.14.2). */
  readonly store: (refreshToken: string) => Promise<void>
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** Seconds before its end at which an access token is not used any more. */
const MARGIN = 30

/** What was kept of a sign-in: its tokens, and whom its ID Token named. */
export interface Held {
  readonly tokens: countersign.TokenEndpointResponse
  readonly sub: string
}

export function accessTokens(context: Context, { tokens: first, sub }: Held): () => Promise<string> {
  let tokens = first
  let expiry = expiryOf(first)
  let renewal: Promise<void> | undefined

  async function renew(): Promise<void> {
    const { as, client, clientAuth, store, options } = context
    const { refresh_token: refreshToken } = tokens
    if (refreshToken === undefined) throw new Error('the server gave no refresh token')
    const response = await countersign.refreshTokenGrantRequest(as, client, clientAuth, refreshToken, options)
    const renewed = await countersign.processRefreshTokenResponse(as, client, response)
    // OpenID Connect Core §12.2: an ID Token that comes along names the same person
    const claims = countersign.getValidatedIdTokenClaims(renewed)
    if (claims !== undefined && claims.sub !== sub) throw new Error("the tokens are another person's")
    tokens = { refresh_token: refreshToken, ...renewed }
    expiry = expiryOf(renewed)
    await store(tokens.refresh_token ?? refreshToken)
  }

  return async () => {
    // a refresh token that is sent twice may end the whole sign-in
    if (Date.now() >= expiry) await (renewal ??= renew().finally(() => (renewal = undefined)))
    return tokens.access_token
  }
}

function expiryOf({ expires_in = Infinity }: countersign.TokenEndpointResponse): number {
  return Date.now() + (expires_in - MARGIN) * 1000
}
