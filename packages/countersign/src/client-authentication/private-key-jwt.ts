import type { CryptoKey } from '../engine/crypto-key.ts'
import type { PrivateKey } from '../jose/private-key.ts'
import { algorithmName } from '../jose/algorithms.ts'
import { privateKeyOf } from '../jose/keys.ts'
import type { SigningOptions } from '../jose/signing-options.ts'
import { signJwt } from '../jose/sign.ts'
import { trace } from '../rules/trace.ts'
import { assertionClaims, setAssertion } from './assertion.ts'
import type { ClientAuth } from './client-auth.ts'
import { ofMethod } from './method.ts'

/**
 * `private_key_jwt`: the client signs an assertion about itself with its private key, new for each request and good for
 * 60 seconds. Its `aud` is the server's issuer; a server that wants the endpoint's URL there gets it by
 * {@link modifyAssertion}.
 *
 * @param clientPrivateKey The key, alone or with the `kid` by which the server knows it.
 * @param options `modifyAssertion`, to change an assertion before it is signed.
 * @returns The method, for every function that takes a {@link ClientAuth}.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no private key, or a `kid` that is no text.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: when a request is made, a key that is for no
 *   algorithm of {@link JWSAlgorithm}, or an RSA key of fewer than 2048 bits.
 * @see RFC 7523, sections 2.2 and 3; OpenID Connect Core 1.0, section 9
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const { privateKey } = await countersign.generateKeyPair('ES256')
 * const clientAuth = countersign.PrivateKeyJwt({ key: privateKey, kid: 'key-of-2026' })
 * ```
 */
export function PrivateKeyJwt(clientPrivateKey: CryptoKey | PrivateKey, options?: SigningOptions): ClientAuth {
  const { key, kid } = privateKeyOf(clientPrivateKey, 'clientPrivateKey')
  return ofMethod({ names: ['private_key_jwt'], alg: algorithmName(key) }, async (as, client, body) => {
    const claims = assertionClaims(as, client)
    setAssertion(client, body, await signJwt({ trace: client[trace] }, key, { kid }, claims, options))
  })
}
