import { invalidArgument } from '../errors/invalid-argument.ts'

/** Makes the proofs of one key pair, and keeps the nonces that servers ask to see in them. */
export interface DPoPHandle {
  /**
   * The thumbprint of the public key, as the `dpop_jkt` parameter of an authorization request.
   *
   * @returns base64url of the SHA-256 of the key, 43 characters (RFC 7638).
   * @see RFC 9449, section 10
   */
  calculateThumbprint(): Promise<string>
}

/** What carries a {@link DPoPHandle}. */
export interface DPoPRequestOptions {
  /** Sends a DPoP proof with the request; see {@link DPoP}. */
  DPoP?: DPoPHandle
}

/** A request that a proof is for, as far as the proof tells of it. */
export interface ProvenRequest {
  readonly url: URL
  readonly method: string
  /** The access token that the request carries. */
  readonly accessToken?: string | undefined
}

/** What a handle does for the requests that it is given to. */
export interface Prover {
  /** The JWS algorithm of its proofs. */
  readonly alg: string
  /** Sets the `DPoP` header of a request to a new proof. */
  setProof(headers: Headers, request: ProvenRequest): Promise<void>
  /** Learns the nonce that an answer brings, for the next proof to the same origin. */
  learnNonce(url: URL, response: Response): void
}

// only DPoP() makes handles, so that a program that never calls it does not carry the code of proofs
const provers = new WeakMap<DPoPHandle, Prover>()

/** Makes a handle of what it does. */
export function makeHandle(handle: DPoPHandle, prover: Prover): DPoPHandle {
  provers.set(handle, prover)
  return handle
}

/** What the handle of a request's options does; `undefined` where there is no handle. */
export function proverOf(options: DPoPRequestOptions): Prover | undefined {
  if (options.DPoP === undefined) return undefined
  const prover = provers.get(options.DPoP)
  if (prover === undefined) {
    throw invalidArgument('"options.DPoP" is not a handle made by DPoP()', 'ERR_INVALID_ARG_VALUE')
  }
  return prover
}
