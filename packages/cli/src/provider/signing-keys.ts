import { webcrypto } from 'node:crypto'
import type { JWK, JWKS } from 'oidc-provider'
import { KEY_PARAMETERS, type SigningAlgorithm } from '../key-parameters.ts'

/** One private JWK for each algorithm; its `kid` is the algorithm's name. */
export async function generateSigningKeys(algorithms: readonly SigningAlgorithm[]): Promise<JWKS> {
  return { keys: await Promise.all(algorithms.map(generateSigningKey)) }
}

async function generateSigningKey(alg: SigningAlgorithm): Promise<JWK> {
  const pair = await webcrypto.subtle.generateKey(KEY_PARAMETERS[alg], true, ['sign', 'verify'])
  if (!('privateKey' in pair)) {
    throw new TypeError(`${alg} has no key pair`)
  }
  const jwk = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
  delete jwk.ext
  delete jwk.key_ops
  return { ...jwk, alg, use: 'sig', kid: alg }
}
