import { digest } from '#engine'
import { randomText } from '../jose/random.ts'
import { signJwt } from '../jose/sign.ts'
import { now } from '../metadata/clock.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import { type DPoPHandle, jwkOf, stateOf } from './handle.ts'
import { learnNonce, nonceFor } from './nonces.ts'

/** A request that a proof is for, as far as the proof tells of it. */
export interface ProvenRequest {
  readonly url: URL
  readonly method: string
  /** The access token that the request carries. */
  readonly accessToken?: string
}

/** Sets the `DPoP` header of a request to a new proof. */
export async function setProof(handle: DPoPHandle, headers: Headers, request: ProvenRequest): Promise<void> {
  const state = stateOf(handle)
  const { url, method, accessToken } = request
  const header = { typ: 'dpop+jwt', jwk: await jwkOf(state) }
  const claims = {
    iat: now(state.clock),
    jti: randomText(),
    htm: method,
    nonce: nonceFor(state.nonces, url),
    // RFC 9449 §4.2: htu is the URI without query and fragment
    htu: `${url.origin}${url.pathname}`,
    ath: accessToken === undefined ? undefined : await tokenHash(accessToken),
  }
  headers.set('dpop', await signJwt({ trace: undefined }, state.keyPair.privateKey, header, claims, state.options))
}

/** Learns the nonce that an answer brings, for the next proof to the same origin. */
export function learnFrom(handle: DPoPHandle, url: URL, response: Response): void {
  learnNonce(stateOf(handle).nonces, url, response)
}

async function tokenHash(accessToken: string): Promise<string> {
  return encodeBase64url(await digest('SHA-256', encodeText(accessToken)))
}
