import { assertObject, invalidArgument } from '../errors/invalid-argument.ts'
import type { CryptoKeyPair } from '../engine/crypto-key.ts'
import { algorithmName } from '../jose/algorithms.ts'
import { assertKey } from '../jose/keys.ts'
import type { SigningOptions } from '../jose/signing-options.ts'
import { type PublicJwk, publicJwk, thumbprint } from '../jose/public-jwk.ts'
import type { Client } from '../metadata/client.ts'
import type { clockSkew } from '../metadata/clock.ts'
import { type DPoPHandle, makeHandle } from './handle.ts'
import { learnNonce, nonceFor, type Nonces } from './nonces.ts'
import { signProof } from './proof.ts'

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
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: when a request is made, a key that is for no
 *   algorithm of {@link JWSAlgorithm}, or an RSA key of fewer than 2048 bits.
 * @see RFC 9449, sections 4.2, 5 and 8
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
  options?: SigningOptions,
): DPoPHandle {
  assertObject(keyPair, 'keyPair')
  const { privateKey, publicKey } = keyPair
  assertKey(privateKey, 'private', 'DPoP.privateKey')
  assertKey(publicKey, 'public', 'DPoP.publicKey')
  if (!publicKey.extractable) {
    throw invalidArgument('"DPoP.publicKey.extractable" must be true', 'ERR_INVALID_ARG_VALUE')
  }
  const nonces: Nonces = new Map()
  // as it is now: a change of the client's metadata later on does not reach the proofs
  const clock = { ...client }
  let exported: Promise<PublicJwk> | undefined
  const jwk = (): Promise<PublicJwk> => (exported ??= publicJwk(publicKey))

  return makeHandle(
    { calculateThumbprint: async () => thumbprint(await jwk()) },
    {
      alg: algorithmName(privateKey),
      async setProof(headers, request) {
        const key = { privateKey, jwk: await jwk(), clock, options }
        headers.set('dpop', await signProof(key, request, nonceFor(nonces, request.url)))
      },
      learnNonce(url, response) {
        learnNonce(nonces, url, response)
      },
    },
  )
}
