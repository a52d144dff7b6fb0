import { seldom, usually } from './metadata.ts'
import type { MemberOf } from './metadata.ts'

/** Server metadata for a request to one endpoint, with its mutual-TLS alias (RFC 8705 §5). */
export function endpoint(name: string): Record<string, MemberOf> {
  const urls = [
    'http://as.example/x',
    'http://127.0.0.1/x',
    'HTTPS://as.example/x',
    'https://as.example/x?query=1#fragment',
    'https://user:password@as.example/x',
    'https://as.example:8443/x',
    'relative',
    '/x',
    'https://',
    'https:/as.example/x',
    'ftp://as.example/x',
    'javascript:void 0',
    ' https://as.example/x ',
    'https://ü.example/ü',
  ]
  const aliases = [...urls, 'https://mtls.example/x'].map((url) => ({ [name]: url }))
  return {
    [name]: usually('https://as.example/x', ...urls),
    mtls_endpoint_aliases: seldom({ [name]: 'https://mtls.example/x' }, {}, { [name]: 1 }, ...aliases),
  }
}

/** The client's part in choosing the alias. */
export const aliasing: Record<string, MemberOf> = {
  use_mtls_endpoint_aliases: seldom(true, true, true, false, 'true', 1),
}
