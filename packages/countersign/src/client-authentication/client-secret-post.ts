import { assertString } from '../errors/invalid-argument.ts'
import type { ClientAuth } from './client-auth.ts'
import { ofMethod } from './method.ts'

/**
 * `client_secret_post`: the client's name and secret stand in the body.
 *
 * @param clientSecret The secret, not empty.
 * @returns The method, for every function that takes a {@link ClientAuth}.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no secret.
 * @see RFC 6749, section 2.3.1; OpenID Connect Core 1.0, section 9
 */
export function ClientSecretPost(clientSecret: string): ClientAuth {
  assertString(clientSecret, 'clientSecret')
  return ofMethod({ names: ['client_secret_post'] }, (_as, client, body) => {
    body.set('client_id', client.client_id)
    body.set('client_secret', clientSecret)
  })
}
