import type { CryptoKey } from '../engine/crypto-key.ts'
import { hashText } from '#engine'
import type { SigningOptions } from '../jose/signing-options.ts'
import type { PublicJwk } from '../jose/public-jwk.ts'
import { uniqueName } from '../jose/random.ts'
import { signJwt } from '../jose/sign.ts'
import { type ClockOptions, now } from '../metadata/clock.ts'
import type { ProvenRequest } from './handle.ts'

/** What a proof is made with, beside the request that it is for. */
export interface ProofKey {
  readonly privateKey: CryptoKey
  readonly jwk: PublicJwk
  readonly clock: ClockOptions
  readonly options: SigningOptions | undefined
}

/** Makes a proof for one request (RFC 9449, section 4.2). */
export async function signProof(key: ProofKey, request: ProvenRequest, nonce: string | undefined): Promise<string> {
  const { url, method, accessToken } = request
  // a copy, so that what modifyAssertion does to it stays in this proof
  const header = { typ: 'dpop+jwt', jwk: { ...key.jwk } }
  const claims = {
    iat: now(key.clock),
    jti: uniqueName(),
    htm: method,
    nonce,
    // the URI without query and fragment
    htu: `${url.origin}${url.pathname}`,
    ath: accessToken === undefined ? undefined : hashText(accessToken),
  }
  return await signJwt({ trace: undefined }, key.privateKey, header, claims, key.options)
}
