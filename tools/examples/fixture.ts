import { ClientSecretPost, type JWKSCacheInput, processBackchannelAuthenticationGrantResponse } from 'countersign'
import { client, encodePart } from '../../packages/countersign/src/testing/answers.ts'
import { leftHalfOf } from '../../packages/countersign/src/testing/hybrid-response.ts'
import { as, RESOURCE } from './provider.ts'
import type { Fixture } from './run.ts'
import { ACCESS_TOKEN, type Signer, tokenResponse } from './signer.ts'

/** What a client keeps of an authorization request with the browser's session. */
const REQUEST = { state: 'state', nonce: 'nonce' }

/** A value for each name that examples declare, new for each example. */
export function fixtureOf({ signAccessToken, signIdToken }: Signer): Fixture {
  return {
    as: () => ({ ...as }),
    client: () => ({ ...client }),
    clientAuth: () => ClientSecretPost('secret'),
    /** What the token endpoint answered; its ID Token is encrypted for an example that can decrypt. */
    async response(declared) {
      const idToken = await signIdToken(client.client_id)
      return tokenResponse(declared.includes('decrypt') ? encrypted(idToken) : idToken)
    },
    async processed() {
      const response = tokenResponse(await signIdToken(client.client_id))
      await processBackchannelAuthenticationGrantResponse(as, client, response)
      return response
    },
    async tokens() {
      const response = tokenResponse(await signIdToken(client.client_id))
      return await processBackchannelAuthenticationGrantResponse(as, client, response)
    },
    accessToken: () => ACCESS_TOKEN,
    refreshToken: () => 'refresh_token',
    deviceCode: () => 'device_code',
    /** Of an authorization request. */
    parameters: () => new URLSearchParams({ response_type: 'code', scope: 'openid', ...REQUEST }),
    state: () => REQUEST.state,
    nonce: () => REQUEST.nonce,
    codeVerifier: () => 'code_verifier-of-43-characters-or-more-in-real',
    callbackUrl: () => callback('?', { code: 'code', state: REQUEST.state }),
    async jwtCallbackUrl() {
      const response = await signIdToken(client.client_id, { code: 'code', state: REQUEST.state })
      return callback('?', { response })
    },
    async hybridCallbackUrl() {
      const hashes = { c_hash: leftHalfOf('sha256', 'code'), s_hash: leftHalfOf('sha256', REQUEST.state) }
      const id_token = await signIdToken(client.client_id, { nonce: REQUEST.nonce, ...hashes })
      return callback('#', { code: 'code', state: REQUEST.state, id_token })
    },
    async request() {
      const token = await signAccessToken(RESOURCE)
      return new Request(`${RESOURCE}/items`, { headers: { authorization: `Bearer ${token}` } })
    },
    transactions: () => new Map(),
    decrypt: () => decrypt,
    store: () => {
      let stored: JWKSCacheInput | undefined
      return {
        get: () => Promise.resolve(stored),
        set: (value: JWKSCacheInput) => {
          stored = value
          return Promise.resolve()
        },
      }
    },
  }
}

function callback(delimiter: '?' | '#', parameters: Record<string, string>): URL {
  return new URL(`${delimiter}${new URLSearchParams(parameters).toString()}`, 'https://shop.example.com/callback')
}

/** In the form of a compact JWE (RFC 7516 §3.1), behind which the examples need no cryptography. */
function encrypted(plaintext: string): string {
  return `${encodePart({ alg: 'ECDH-ES', enc: 'A256GCM' })}..iv.${Buffer.from(plaintext).toString('base64url')}.tag`
}

function decrypt(jwe: string): Promise<string> {
  return Promise.resolve(Buffer.from(jwe.split('.')[3] ?? '', 'base64url').toString())
}
