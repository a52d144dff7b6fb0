import { ClientSecretPost, type JWKSCacheInput, processBackchannelAuthenticationGrantResponse } from 'countersign'
import { as, client, encodePart } from '../../packages/countersign/src/testing/answers.ts'
import type { Fixture } from './run.ts'
import { ACCESS_TOKEN, type Signer, tokenResponse } from './signer.ts'

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
    accessToken: () => ACCESS_TOKEN,
    callbackUrl: () => new URL('https://shop.example.com/callback?code=code&state=state'),
    state: () => 'state',
    async request() {
      const token = await signAccessToken('https://api.example.com')
      return new Request('https://api.example.com/items', { headers: { authorization: `Bearer ${token}` } })
    },
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

/** In the form of a compact JWE (RFC 7516 §3.1), behind which the examples need no cryptography. */
function encrypted(plaintext: string): string {
  return `${encodePart({ alg: 'ECDH-ES', enc: 'A256GCM' })}..iv.${Buffer.from(plaintext).toString('base64url')}.tag`
}

function decrypt(jwe: string): Promise<string> {
  return Promise.resolve(Buffer.from(jwe.split('.')[3] ?? '', 'base64url').toString())
}
