// What every flow begins with: the server's metadata, the client, its key, and a key for DPoP.
import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'

export interface Session {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly authentication: countersign.ClientAuth
  readonly DPoP: countersign.DPoPHandle
  readonly key: countersign.PrivateKey
}

/** The provider of the test is on loopback, without TLS. */
export const INSECURE = { [countersign.allowInsecureRequests]: true } as const

export async function startSession(configuration: Configuration): Promise<Session> {
  const { algorithm, clientId, clientKey, clientKeyAlgorithm, signed } = configuration
  const client: countersign.Client = {
    client_id: clientId,
    id_token_signed_response_alg: algorithm,
    authorization_signed_response_alg: algorithm,
    introspection_signed_response_alg: algorithm,
    ...(signed && { userinfo_signed_response_alg: algorithm }),
  }
  const imported = await crypto.subtle.importKey('jwk', clientKey, clientKeyAlgorithm, false, ['sign'])
  const key = { key: imported, kid: clientKey.kid }
  return {
    as: await discover(configuration),
    client,
    key,
    authentication: countersign.PrivateKeyJwt(key),
    DPoP: countersign.DPoP(client, await countersign.generateKeyPair('ES256')),
  }
}

export async function discover({ issuer }: Configuration): Promise<countersign.AuthorizationServer> {
  const url = new URL(issuer)
  return await countersign.processDiscoveryResponse(url, await countersign.discoveryRequest(url, INSECURE))
}

/** RFC 9449 §8: a server that wants a nonce in the proof refuses once, and says which; the handle remembers it. */
export async function withNonce<T>(exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange()
  } catch (error) {
    if (!countersign.isDPoPNonceError(error)) {
      throw error
    }
    return await exchange()
  }
}

/** Tells the person what waits for them, and resolves with what came of it. */
export async function tellPerson({ person, decision }: Configuration, about: string, value: string): Promise<string> {
  const response = await fetch(`${person}/${decision}/${about}`, { method: 'POST', body: value })
  if (!response.ok) {
    throw new Error(`the person answered ${response.status}: ${await response.text()}`)
  }
  return await response.text()
}

/** Asks until the person has answered. The first refusal, `authorization_pending`, is what the person is told upon. */
export async function poll<T>(exchange: () => Promise<T>, onWaiting: () => Promise<unknown>): Promise<[T, number]> {
  for (let polls = 1; ; polls++) {
    try {
      return [await withNonce(exchange), polls]
    } catch (error) {
      if (!(error instanceof countersign.ResponseBodyError && error.error === 'authorization_pending' && polls < 5)) {
        throw error
      }
      await onWaiting()
    }
  }
}

/** What the server tells about the person who signed in, and its signature where it has one. */
export async function userInfoOf(
  { as, client, DPoP }: Session,
  tokens: countersign.TokenEndpointResponse,
  subject: string,
): Promise<countersign.UserInfoResponse> {
  return await withNonce(async () => {
    const response = await countersign.userInfoRequest(as, client, tokens.access_token, { ...INSECURE, DPoP })
    const userInfo = await countersign.processUserInfoResponse(as, client, subject, response)
    if (client.userinfo_signed_response_alg !== undefined) {
      await countersign.validateApplicationLevelSignature(as, response, INSECURE)
    }
    return userInfo
  })
}

/** The claims of the ID Token in a token response that must have one. */
export function claimsOf(tokens: countersign.TokenEndpointResponse): countersign.IDToken {
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) {
    throw new Error('the token response holds no ID Token')
  }
  return claims
}
