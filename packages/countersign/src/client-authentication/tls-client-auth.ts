import type { ClientAuth } from './client-auth.ts'
import { ofMethod } from './method.ts'
import { None } from './none.ts'

/**
 * `tls_client_auth` and `self_signed_tls_client_auth`: the client names itself in the body, and proves it by the
 * certificate of the connection. The certificate is presented by the function given as {@link customFetch}; set
 * `use_mtls_endpoint_aliases` in the client's metadata where the server has endpoints for it.
 *
 * @returns The method, for every function that takes a {@link ClientAuth}.
 * @see RFC 8705, section 2
 */
export function TlsClientAuth(): ClientAuth {
  return ofMethod({ names: ['tls_client_auth', 'self_signed_tls_client_auth'] }, None())
}
