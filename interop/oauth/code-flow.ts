// The steps of an authorization code flow, each through published exports, for the tests of this folder.
import {
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  type ClientAuth,
  type DPoPHandle,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  type ProcessAuthorizationCodeResponseOptions,
  validateApplicationLevelSignature,
  validateAuthResponse,
} from 'countersign'
import type { Relationship, SignedIn } from '../ciba/relationship.ts'
import { comeBack, type Get, type Person } from './browser.ts'
import { REDIRECT_URI } from './interactive-provider.ts'

/** An authorization request, with what the client keeps until the browser comes back. */
export interface Begun {
  readonly parameters: Readonly<Record<string, string>>
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** Every request has PKCE, `state` and `nonce`; the parameters come beside them, or in their place. */
export async function begin({ client }: Relationship, more: Record<string, string> = {}): Promise<Begun> {
  const [state, nonce, codeVerifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()]
  const parameters = {
    client_id: client.client_id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...more,
  }
  return { parameters, state, nonce, codeVerifier }
}

/** Where the browser is sent with these parameters. */
export function authorizationUrl(as: AuthorizationServer, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(String(as.authorization_endpoint))
  url.search = new URLSearchParams(parameters).toString()
  return url
}

interface ExchangeOptions extends ProcessAuthorizationCodeResponseOptions {
  readonly DPoP?: DPoPHandle
}

/** Exchanges the code: the validated tokens, with the ID Token's signature verified too, or the error. */
export async function exchange(
  { as, client, authentication, transport }: Relationship,
  { nonce, codeVerifier }: Begun,
  callbackParameters: URLSearchParams,
  { DPoP, ...processing }: ExchangeOptions = {},
): Promise<SignedIn> {
  const options = { ...transport, ...(DPoP && { DPoP }) }
  const response = await authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    callbackParameters,
    REDIRECT_URI,
    codeVerifier,
    options,
  )
  const wanted = { expectedNonce: nonce, ...processing }
  const tokens = await processAuthorizationCodeResponse(as, client, response, wanted)
  await validateApplicationLevelSignature(as, response, transport)
  const claims = getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('the token response holds no ID Token')
  return { tokens, claims, response }
}

/** The whole way, for tests that are about what comes after it. */
export async function signIn(
  relationship: Relationship,
  parameters?: Record<string, string>,
  { person, get, DPoP }: { readonly person?: Person; readonly get?: Get; readonly DPoP?: DPoPHandle } = {},
): Promise<SignedIn> {
  const begun = await begin(relationship, parameters)
  const callback = await comeBack(authorizationUrl(relationship.as, begun.parameters), person, get)
  const answer = validateAuthResponse(relationship.as, relationship.client, callback, begun.state)
  return await exchange(relationship, begun, answer, { ...(DPoP && { DPoP }) })
}

/** The same relationship with other client metadata, or another way to authenticate. */
export function withClient(
  relationship: Relationship,
  metadata: Partial<Relationship['client']>,
  authentication: ClientAuth = relationship.authentication,
): Relationship {
  return { ...relationship, client: { ...relationship.client, ...metadata }, authentication }
}
