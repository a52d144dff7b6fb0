// One CIBA sign-in in poll mode, with nothing but web APIs and the published build: what every runtime must be able to
// do. It is compiled as it stands for Node, Bun and Deno, and bundled for workerd.
import * as countersign from 'countersign'

export interface SignInConfiguration {
  readonly issuer: string
  readonly clientId: string
  /** The client's private key for private_key_jwt; its public half is registered at the provider. */
  readonly clientKey: JsonWebKey & { readonly kid: string }
  readonly clientKeyAlgorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string }
  readonly idTokenAlgorithm: string
  readonly loginHint: string
  readonly bindingMessage: string
  /** Seconds between polls where the server names none. CIBA Core 7.3 says 5; a test has no time for that. */
  readonly defaultInterval: number
}

export interface SignedIn {
  readonly claims: countersign.IDToken
  readonly tokenType: string
  readonly userInfo: countersign.UserInfoResponse
  readonly polls: number
}

export interface Refused {
  readonly error: { readonly name: string; readonly code: string; readonly oauthError?: string }
}

/** What the program writes, one JSON text a line: that it waits for the person, then how it ended. */
export type Line = { readonly waitsFor: string } | SignedIn | Refused

/** Signs in; a refusal is an outcome too, told by the name and code of its error. */
export async function signIn(configuration: SignInConfiguration, write: (line: Line) => void): Promise<void> {
  try {
    write(await run(configuration, write))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) {
      throw error
    }
    const refusal = { name: error.name, code: String(error.code) }
    write({ error: error instanceof countersign.ResponseBodyError ? { ...refusal, oauthError: error.error } : refusal })
  }
}

async function run(configuration: SignInConfiguration, write: (line: Line) => void): Promise<SignedIn> {
  // the provider of the test is on loopback, without TLS
  const insecure = { [countersign.allowInsecureRequests]: true }

  const issuer = new URL(configuration.issuer)
  const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, insecure))

  const client: countersign.Client = {
    client_id: configuration.clientId,
    id_token_signed_response_alg: configuration.idTokenAlgorithm,
  }
  const { clientKey, clientKeyAlgorithm } = configuration
  const key = await crypto.subtle.importKey('jwk', clientKey, clientKeyAlgorithm, false, ['sign'])
  const authentication = countersign.PrivateKeyJwt({ key, kid: clientKey.kid })
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
    let tokens: countersign.TokenEndpointResponse
    try {
      tokens = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
    } catch (error) {
      if (!(error instanceof countersign.ResponseBodyError && error.error === 'authorization_pending')) {
        throw error
      }
      if (polls === 1) {
        write({ waitsFor: auth_req_id })
      }
      await new Promise((resolve) => setTimeout(resolve, interval * 1000))
      continue
    }
    await countersign.validateApplicationLevelSignature(as, response, insecure)
    const claims = countersign.getValidatedIdTokenClaims(tokens)
    if (claims === undefined) {
      throw new Error('the token response holds no ID Token')
    }
    const userInfo = await countersign.processUserInfoResponse(
      as,
      client,
      claims.sub,
      await countersign.userInfoRequest(as, client, tokens.access_token, { ...insecure, DPoP }),
    )
    return { claims, tokenType: tokens.token_type, userInfo, polls }
  }
}
