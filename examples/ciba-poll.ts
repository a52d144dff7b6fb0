// A whole CIBA sign-in in poll mode: a person approves on their phone, while this program asks for the tokens.
import * as countersign from 'countersign'

export interface Context {
  readonly issuer: URL
  readonly client: countersign.Client
  /** Signs the client's assertions (private_key_jwt); its public half is registered at the server. */
  readonly privateKey: countersign.PrivateKey
  /** Who is to be authenticated. */
  readonly loginHint: string
  /** A short text to show beside the button, and on the phone: the person sees that both belong together. */
  readonly bindingMessage: string
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export interface SignedIn {
  readonly claims: countersign.IDToken
  readonly userInfo: countersign.UserInfoResponse
}

export async function run(context: Context): Promise<SignedIn> {
  const { issuer, client, loginHint, bindingMessage, options } = context
  const clientAuth = countersign.PrivateKeyJwt(context.privateKey)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))

  // ask the server to ask the person (CIBA Core §7.1)
  const parameters = { scope: 'openid profile', login_hint: loginHint, binding_message: bindingMessage }
  const sentAt = performance.now()
  const started = await countersign.processBackchannelAuthenticationResponse(
    as,
    client,
    await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options),
  )

  // the tokens, every rule applied, the ID Token's signature too (CIBA Core §10.1)
  const tokens = await poll(started, sentAt, async () => {
    const response = await countersign.backchannelAuthenticationGrantRequest(
      as,
      client,
      clientAuth,
      started.auth_req_id,
      options,
    )
    const valid = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
    await countersign.validateApplicationLevelSignature(as, response, options)
    return valid
  })
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('the server sent no ID Token')

  // more about the person; must be the same person (OpenID Connect Core §5.3)
  const userInfo = await countersign.processUserInfoResponse(
    as,
    client,
    claims.sub,
    await countersign.userInfoRequest(as, client, tokens.access_token, options),
  )
  return { claims, userInfo }
}

/**
 * CIBA Core §7.3: wait `interval` seconds (5 unless the server says another number) before each request, and stop when
 * `expires_in` seconds have passed. §11: `slow_down` makes the interval 5 seconds longer, for good;
 * `authorization_pending` means to go on; every other error ends it.
 */
async function poll<Tokens>(
  { expires_in, interval = 5 }: countersign.BackchannelAuthenticationResponse,
  sentAt: number,
  ask: () => Promise<Tokens>,
): Promise<Tokens> {
  const expiry = sentAt + expires_in * 1000
  let wait = interval * 1000
  while (performance.now() + wait < expiry) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    try {
      return await ask()
    } catch (error) {
      const answer = error instanceof countersign.ResponseBodyError ? error.error : undefined
      if (answer === 'slow_down') wait += 5000
      else if (answer !== 'authorization_pending') throw error
    }
  }
  throw new Error('the person did not answer in time')
}
