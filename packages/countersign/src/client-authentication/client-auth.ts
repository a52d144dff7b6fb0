import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'

/**
 * A method of client authentication: adds to the request's body and headers what proves who the client is. Besides the
 * methods of this library, a function of your own may be one.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param body The form that will be sent, to be added to.
 * @param headers The headers that will be sent, to be added to.
 * @returns Nothing, at once or later; the request is sent afterwards. What it throws is passed on.
 *
 * @see RFC 6749, section 2.3; OpenID Connect Core 1.0, section 9
 */
export type ClientAuth = (
  as: AuthorizationServer,
  client: Client,
  body: URLSearchParams,
  headers: Headers,
) => void | Promise<void>
