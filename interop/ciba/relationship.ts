// The steps of a CIBA sign-in in poll mode, each through published exports, for the tests of this folder.
import {
  allowInsecureRequests,
  backchannelAuthenticationGrantRequest,
  backchannelAuthenticationRequest,
  type AuthorizationServer,
  type BackchannelAuthenticationResponse,
  type Client,
  type ClientAuth,
  type customFetch,
  discoveryRequest,
  type DPoPHandle,
  getValidatedIdTokenClaims,
  type IDToken,
  processBackchannelAuthenticationGrantResponse,
  processBackchannelAuthenticationResponse,
  processDiscoveryResponse,
  processUserInfoResponse,
  type ProcessTokenResponseOptions,
  type TokenEndpointResponse,
  userInfoRequest,
  type UserInfoResponse,
  validateApplicationLevelSignature,
} from 'countersign'
import type { Outgoing } from './outgoing.ts'

/** How requests leave: options that every function of the library takes. */
export interface Transport {
  readonly [allowInsecureRequests]?: boolean
  readonly [customFetch]?: (url: string, init: Outgoing) => Promise<Response>
}

/** Providers of these tests listen on loopback, without TLS unless a test says otherwise. */
export const insecure: Transport = { [allowInsecureRequests]: true }

/** A client and a server that know each other. */
export interface Relationship {
  readonly as: AuthorizationServer
  readonly client: Client
  readonly authentication: ClientAuth
  readonly transport: Transport
}

export interface SignedIn {
  readonly tokens: TokenEndpointResponse
  readonly claims: IDToken
  readonly response: Response
}

export async function discover(issuer: string, transport: Transport = insecure): Promise<AuthorizationServer> {
  const identifier = new URL(issuer)
  return await processDiscoveryResponse(identifier, await discoveryRequest(identifier, transport))
}

/** Asks for an authentication of the person called anna, unless the parameters name another. */
export async function authenticate(
  { as, client, authentication, transport }: Relationship,
  parameters: Record<string, string> = {},
): Promise<BackchannelAuthenticationResponse> {
  const hint = Object.keys(parameters).some((name) => name.includes('hint')) ? {} : { login_hint: 'anna' }
  const all = { scope: 'openid profile', ...hint, ...parameters }
  const response = await backchannelAuthenticationRequest(as, client, authentication, all, transport)
  return await processBackchannelAuthenticationResponse(as, client, response)
}

/** One poll: the validated tokens, with the ID Token's signature verified too, or the error. */
export async function poll(
  { as, client, authentication, transport }: Relationship,
  authReqId: string,
  options: { readonly DPoP?: DPoPHandle } = {},
  processing: ProcessTokenResponseOptions = {},
): Promise<SignedIn> {
  const response = await backchannelAuthenticationGrantRequest(as, client, authentication, authReqId, {
    ...transport,
    ...options,
  })
  const tokens = await processBackchannelAuthenticationGrantResponse(as, client, response, processing)
  await validateApplicationLevelSignature(as, response, transport)
  const claims = getValidatedIdTokenClaims(tokens)
  if (claims === undefined) {
    throw new Error('the token response holds no ID Token')
  }
  return { tokens, claims, response }
}

export async function userInfo(
  { as, client, transport }: Relationship,
  { tokens, claims }: Pick<SignedIn, 'tokens' | 'claims'>,
  options: { readonly DPoP?: DPoPHandle } = {},
): Promise<UserInfoResponse> {
  const response = await userInfoRequest(as, client, tokens.access_token, { ...transport, ...options })
  return await processUserInfoResponse(as, client, claims.sub, response)
}
