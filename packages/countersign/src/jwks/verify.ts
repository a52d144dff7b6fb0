import type { HttpRequestOptions } from '../http/options.ts'
import type { Jwt } from '../jose/jwt.ts'
import { verifyJws } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Context } from '../rules/context.ts'
import type { JWKSCacheOptions } from './options.ts'
import { verificationKey } from './select.ts'

/** Options of the functions that verify a signature under a server's key. */
export interface ValidateSignatureOptions extends HttpRequestOptions<'GET'>, JWKSCacheOptions {}

/** Verifies the signature of a JWT under a key that the server publishes. */
export async function verifySignature(
  context: Context,
  as: AuthorizationServer,
  jwt: Jwt,
  options: ValidateSignatureOptions,
): Promise<void> {
  const { key, algorithm } = await verificationKey(context, as, jwt.header, options)
  await verifyJws(context, jwt, key, algorithm)
}
