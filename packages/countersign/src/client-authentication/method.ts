import type { ClientAuth } from './client-auth.ts'

/** What a method of this library is, by the names that are registered (RFC 7591, section 2). */
export interface AuthenticationMethod {
  /** Values of `token_endpoint_auth_method` that the method satisfies. */
  readonly names: readonly string[]
  /** The JWS algorithm of its assertions, where it makes some under a private key. */
  readonly alg?: string
}

// a ClientAuth is a plain function, and a caller's own may be one: what ours are is remembered beside them
const methods = new WeakMap<ClientAuth, AuthenticationMethod>()

/** Remembers which method a function is. */
export function ofMethod(method: AuthenticationMethod, clientAuthentication: ClientAuth): ClientAuth {
  methods.set(clientAuthentication, method)
  return clientAuthentication
}

/** Which method a function is; `undefined` for one that this library did not make. */
export function methodOf(clientAuthentication: ClientAuth): AuthenticationMethod | undefined {
  return methods.get(clientAuthentication)
}
