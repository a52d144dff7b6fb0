import type { ClientAuth } from './client-auth.ts'
import { ofMethod } from './method.ts'

/**
 * `none`: a public client, which has nothing to prove itself with, names itself in the body.
 *
 * @returns The method, for every function that takes a {@link ClientAuth}.
 * @see RFC 6749, section 2.3.1; OpenID Connect Core 1.0, section 9
 */
export function None(): ClientAuth {
  return ofMethod({ names: ['none'] }, (_as, client, body) => {
    body.set('client_id', client.client_id)
  })
}
