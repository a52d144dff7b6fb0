import { verify } from '#engine'
import type { HttpRequestOptions } from '../http/options.ts'
import type { Jwt } from '../jose/jwt.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7515 } from '../rules/specifications.ts'
import { decodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { JWKSCacheOptions } from './options.ts'
import { verificationKey } from './select.ts'

/**
 * A signature is base64url, spelled without padding, blanks or stray bits.
 *
 * Remedy: report it to the server's operator.
 */
export const SIGNATURE_ENCODING: Rule = rule('signature.encoding', RFC_7515, '5.2 (7)')

/**
 * A JWT's signature is valid under the server's key.
 *
 * Remedy: do not use the token. Where every token is refused, see that `jwks_uri` is the one of the server that signed.
 */
export const SIGNATURE_VALID: Rule = rule('signature.value', RFC_7515, '5.2 (8)')

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
  const signature = decodeBase64url(jwt.signature)
  check(context, SIGNATURE_ENCODING, signature !== undefined, 'base64url', 'other text')
  const valid = await verify(algorithm, key, signature, encodeText(jwt.signingInput))
  check(context, SIGNATURE_VALID, valid, { kid: jwt.header.kid, alg: jwt.header.alg }, 'another signature')
}
