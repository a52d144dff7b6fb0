import { invalidArgument } from '../errors/invalid-argument.ts'
import type { CryptoKeyPair } from '../jose/crypto-key.ts'
import { assertKey } from '../jose/keys.ts'
import type { ModifyAssertionOptions } from '../jose/modify-assertion.ts'
import { type PublicJwk, publicJwk, thumbprint } from '../jose/public-jwk.ts'
import type { Client } from '../metadata/client.ts'
import { clockSkew } from '../metadata/clock.ts'
import type { Nonces } from './nonces.ts'

/** Makes the proofs of one key pair, and keeps the nonces that servers ask to see in them. */
export interface DPoPHandle {
  /**
   * The thumbprint of the public key, as the `dpop_jkt` parameter of an authorization request.
   *
   * @see RFC 9449, section 10
   */
  calculateThumbprint(): Promise<string>
}

/** What carries a {@link DPoPHandle}. */
export interface DPoPRequestOptions {
  /** Sends a DPoP proof with the request; see {@link DPoP}. */
  DPoP?: DPoPHandle
}

/** What a handle stands for. */
export interface DPoPState {
  readonly clock: Pick<Client, typeof clockSkew>
  readonly keyPair: CryptoKeyPair
  readonly options: ModifyAssertionOptions | undefined
  readonly nonces: Nonces
  /** The public key, exported when it is first needed. */
  jwk?: Promise<PublicJwk>
}

const states = new WeakMap<DPoPHandle, DPoPState>()

/**
 * Makes a handle that binds tokens to a key pair: given to requests as their option `DPoP`, it sends a proof with each,
 * and learns the nonces that servers ask for. Use one handle for all requests of a session, since its tokens are of use
 * with it only.
 *
 * @param client Its `clockSkew` is applied to the proofs' `iat`.
 * @param keyPair The pair; the public key must be extractable. Use {@link generateKeyPair}.
 * @param options `modifyAssertion`, to change a proof before it is signed.
 * @returns The handle.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: not a pair of keys, or the public one cannot be
 *   exported.
 * @see RFC 9449
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 *
 * const DPoP = countersign.DPoP(client, await countersign.generateKeyPair('ES256'))
 * const request = () =>
 *   countersign.backchannelAuthenticationGrantRequest(as, client, clientAuth, 'auth_req_id', { DPoP })
 * const process = (response: Response) =>
 *   countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
 *
 * const tokens = await process(await request()).catch(async (error: unknown) => {
 *   // the server wants its nonce in the proof, and the handle has just learned it
 *   if (countersign.isDPoPNonceError(error)) return process(await request())
 *   throw error
 * })
 * ```
 */
export function DPoP(
  client: Pick<Client, typeof clockSkew>,
  keyPair: CryptoKeyPair,
  options?: ModifyAssertionOptions,
): DPoPHandle {
  assertKey(keyPair.privateKey, 'private', 'DPoP.privateKey')
  assertKey(keyPair.publicKey, 'public', 'DPoP.publicKey')
  if (!keyPair.publicKey.extractable) {
    throw invalidArgument('"DPoP.publicKey.extractable" must be true', 'ERR_INVALID_ARG_VALUE')
  }
  const skew = client[clockSkew]
  const state: DPoPState = {
    clock: skew === undefined ? {} : { [clockSkew]: skew },
    keyPair,
    options,
    nonces: new Map(),
  }
  const handle = { calculateThumbprint: async () => thumbprint(await jwkOf(state)) }
  states.set(handle, state)
  return handle
}

/** What a handle stands for. */
export function stateOf(handle: DPoPHandle): DPoPState {
  const state = states.get(handle)
  if (state === undefined) {
    throw invalidArgument('"options.DPoP" is not a handle made by DPoP()', 'ERR_INVALID_ARG_VALUE')
  }
  return state
}

/** The public key of a handle. */
export function jwkOf(state: DPoPState): Promise<PublicJwk> {
  return (state.jwk ??= publicJwk(state.keyPair.publicKey))
}
