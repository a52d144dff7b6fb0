import { assertString } from '../errors/invalid-argument.ts'
import type { ClientAuth } from './client-auth.ts'

/**
 * `client_secret_post`: the client's name and secret stand in the body.
 *
 * @param clientSecret The secret, not empty.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no secret.
 * @see RFC 6749, section 2.3.1; OpenID Connect Core 1.0, section 9
 */
export function ClientSecretPost(clientSecret: string): ClientAuth {
  assertString(clientSecret, 'clientSecret')
  return (_as, client, body) => {
    body.set('client_id', client.client_id)
    body.set('client_secret', clientSecret)
  }
}
