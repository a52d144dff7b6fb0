import type { CryptoKey } from '../engine/crypto-key.ts'
import { digest } from '#engine'
import type { ModifyAssertionOptions } from '../jose/modify-assertion.ts'
import type { PublicJwk } from '../jose/public-jwk.ts'
import { randomText } from '../jose/random.ts'
import { signJwt } from '../jose/sign.ts'
import { type ClockOptions, now } from '../metadata/clock.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { ProvenRequest } from './handle.ts'

/** What a proof is made with, beside the request that it is for. */
export interface ProofKey {
  readonly privateKey: CryptoKey
  readonly jwk: PublicJwk
  readonly clock: ClockOptions
  readonly options: ModifyAssertionOptions | undefined
}

/** Makes a proof for one request (RFC 9449, section 4.2). */
export async function signProof(key: ProofKey, request: ProvenRequest, nonce: string | undefined): Promise<string> {
  const { url, method, accessToken } = request
  // a copy, so that what modifyAssertion does to it stays in this proof
  const header = { typ: 'dpop+jwt', jwk: { ...key.jwk } }
  const claims = {
    iat: now(key.clock),
    jti: randomText(),
    htm: method,
    nonce,
    // the URI without query and fragment
    htu: `${url.origin}${url.pathname}`,
    ath: accessToken === undefined ? undefined : await tokenHash(accessToken),
  }
  return signJwt({ trace: undefined }, key.privateKey, header, claims, key.options)
}

async function tokenHash(accessToken: string): Promise<string> {
  return encodeBase64url(await digest('SHA-256', encodeText(accessToken)))
}
