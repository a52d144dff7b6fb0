import { webcrypto } from 'node:crypto'
import { generateKeyPair, PrivateKeyJwt } from 'countersign'
import { startProvider } from '../provider/index.ts'
import {
  CLIENT_ID,
  CLIENT_NAME,
  type Delivery,
  registrationOf,
  type RelyingParty,
  usualParameters,
} from './relying-party.ts'

/** CIBA Core §7.3 defaults to 5, which would make the demo wait; a provider may name another. */
const INTERVAL = 2

/** Starts a provider and registers a client that authenticates with a key made for this run (private_key_jwt). */
export async function embedded(delivery: Exclude<Delivery, { readonly mode: 'push' }>): Promise<RelyingParty> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await webcrypto.subtle.exportKey('jwk', publicKey)
  const kid = 'demo-1'
  const provider = await startProvider({
    interval: INTERVAL,
    clients: [
      {
        client_id: CLIENT_ID,
        client_name: CLIENT_NAME,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },
        ...registrationOf(delivery),
      },
    ],
    ...(delivery.mode === 'ping' && { fetch: delivery.endpoint.fetch }),
  })
  return {
    issuer: new URL(provider.issuer),
    client: { client_id: CLIENT_ID, id_token_signed_response_alg: 'ES256' },
    delivery,
    authentication: () => Promise.resolve(PrivateKeyJwt({ key: privateKey, kid })),
    parameters: usualParameters,
    phone: provider.phone,
    close: () => provider.close(),
  }
}
