import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { as, client } from './answers.ts'

/** Parties and parameters of a valid backchannel authentication request; each test changes one member of one of them. */

/** A server that takes everything that a request may be. */
export const op: AuthorizationServer = {
  ...as,
  backchannel_user_code_parameter_supported: true,
  backchannel_authentication_request_signing_alg_values_supported: ['ES256', 'PS256', 'RS256', 'Ed25519', 'EdDSA'],
}

/** A client in poll mode that signs nothing. */
export const shop: Client = { ...client, backchannel_token_delivery_mode: 'poll' }

/** The same in ping mode. */
export const pinged: Client = { ...shop, backchannel_token_delivery_mode: 'ping' }

/** The same, registered to sign its requests. */
export function signing(alg: string): Client {
  return { ...shop, backchannel_authentication_request_signing_alg: alg }
}

/** What every request has. */
export const PARAMETERS = { scope: 'openid profile', login_hint: 'anna@example.com' } as const

/** A token of 256 bits, in base64url. */
export const NOTIFICATION_TOKEN = 'mF_9.B5f-4.1JqM~x+y/z8d67dc787faa4d41aabd67='

/** A copy with some members changed, also to what their types forbid. */
export function changed<T extends object>(valid: T, changes: Record<string, unknown>): T {
  return Object.assign({ ...valid }, changes)
}
