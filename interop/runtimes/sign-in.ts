// One CIBA sign-in in poll mode, with nothing but web APIs and the published build: what every runtime must be able to
// do. It is compiled as it stands for Node, Bun and Deno, and bundled for workerd.
import * as countersign from '../library.ts'

export interface SignInConfiguration {
  readonly issuer: string
  readonly clientId: string
  /** The client's private key for private_key_jwt; its public half is registered at the provider. */
  readonly clientKey: JsonWebKey & { readonly kid: string }
  readonly loginHint: string
  readonly bindingMessage: string
  /** Seconds between polls where the server names none. CIBA Core 7.3 says 5; a test has no time for that. */
  readonly defaultInterval: number
}

export type SignInOutcome =
  | {
      readonly claims: countersign.IDToken
      readonly tokenType: string
      readonly userInfo: countersign.UserInfoResponse
      readonly dpopThumbprint: string
      readonly polls: number
    }
  | { readonly error: { readonly name: string; readonly code: string; readonly oauthError?: string } }

/** Signs in; a refusal is an outcome too, told by the name and code of its error. */
export async function signIn(configuration: SignInConfiguration): Promise<SignInOutcome> {
  try {
    return await signInOrThrow(configuration)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code = 'code' in error ? String(error.code) : error.message
    if (!(error instanceof countersign.ResponseBodyError)) return { error: { name: error.name, code } }
    return { error: { name: error.name, code, oauthError: error.error } }
  }
}

async function signInOrThrow(configuration: SignInConfiguration): Promise<SignInOutcome> {
  // the provider of the test is on loopback, without TLS
  const insecure = { [countersign.allowInsecureRequests]: true }

  const issuer = new URL(configuration.issuer)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, insecure))

  const client: countersign.Client = { client_id: configuration.clientId }
  const key = await crypto.subtle.importKey(
    'jwk',
    configuration.clientKey,
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )
  const authentication = countersign.PrivateKeyJwt({ key, kid: configuration.clientKey.kid })
  const DPoP = countersign.DPoP(client, await countersign.generateKeyPair('ES256'))

  const parameters = {
    scope: 'openid profile',
    login_hint: configuration.loginHint,
    binding_message: configuration.bindingMessage,
  }
  const { auth_req_id, interval = configuration.defaultInterval } =
    await countersign.processBackchannelAuthenticationResponse(
      as,
      client,
      await countersign.backchannelAuthenticationRequest(as, client, authentication, parameters, insecure),
    )

  for (let polls = 1; ; polls++) {
    const response = await countersign.backchannelAuthenticationGrantRequest(as, client, authentication, auth_req_id, {
      ...insecure,
      DPoP,
    })
    try {
      const tokens = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
      await countersign.validateApplicationLevelSignature(as, response, insecure)
      const claims = countersign.getValidatedIdTokenClaims(tokens)
      if (claims === undefined) throw new Error('the token response has no ID Token')
      const userInfo = await countersign.processUserInfoResponse(
        as,
        client,
        claims.sub,
        await countersign.userInfoRequest(as, client, tokens.access_token, { ...insecure, DPoP }),
      )
      return {
        claims,
        tokenType: tokens.token_type,
        userInfo,
        dpopThumbprint: await DPoP.calculateThumbprint(),
        polls,
      }
    } catch (error) {
      if (!(error instanceof countersign.ResponseBodyError && error.error === 'authorization_pending')) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, interval * 1000))
  }
}
