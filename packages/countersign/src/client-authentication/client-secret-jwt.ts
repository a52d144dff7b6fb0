import { assertString } from '../errors/invalid-argument.ts'
import type { ModifyAssertionOptions } from '../jose/modify-assertion.ts'
import { signJwtWithSecret } from '../jose/sign.ts'
import { assertionClaims, setAssertion } from './assertion.ts'
import type { ClientAuth } from './client-auth.ts'
import { ofMethod } from './method.ts'

/**
 * `client_secret_jwt`: the client protects an assertion about itself with HMAC-SHA-256 under its secret, new for each
 * request and good for 60 seconds.
 *
 * @param clientSecret The secret, not empty.
 * @param options `modifyAssertion`, to change an assertion before it is protected.
 * @returns The method, for every function that takes a {@link ClientAuth}.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no secret.
 * @see RFC 7523, sections 2.2 and 3; OpenID Connect Core 1.0, section 9
 */
export function ClientSecretJwt(clientSecret: string, options?: ModifyAssertionOptions): ClientAuth {
  assertString(clientSecret, 'clientSecret')
  return ofMethod({ names: ['client_secret_jwt'] }, async (as, client, body) => {
    setAssertion(client, body, await signJwtWithSecret(clientSecret, assertionClaims(as, client), options))
  })
}
