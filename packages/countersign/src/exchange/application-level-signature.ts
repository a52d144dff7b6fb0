import { trace } from '../rules/trace.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { assertServer } from '../metadata/parties.ts'
import type { ValidateSignatureOptions } from '../jwks/options.ts'
import { verifySignature } from '../jwks/verify.ts'
import { jwtOf } from './jwt-responses.ts'

/**
 * Verifies the signature of the JWT that a processed answer was (UserInfo, introspection) or held (an ID Token), under
 * a key that the server publishes at its `jwks_uri`.
 *
 * The claims of such a JWT are trusted without it where TLS has shown who answered (OpenID Connect Core 1.0, section
 * 3.1.3.7, item 6); call this where a proof must hold beyond the connection, such as under FAPI. Only digital
 * signatures are verified, no HMAC.
 *
 * The keys are kept for 5 minutes at most, in memory with the `as` object; where no key fits, they are fetched again if
 * they are older than 60 seconds. Calls at the same time share one request.
 *
 * @param as Metadata of the server.
 * @param ref The answer that was given to a process function before.
 * @param options Options of the request for the keys, and `jwksCache` for runtimes without memory.
 * @returns Nothing, when the signature is valid.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE`: `ref` held no JWT, or was not processed; `ERR_INVALID_ARG_TYPE`: a wrong
 *   argument.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: the algorithm is no digital signature, the runtime
 *   does not have it, or the RSA key is short.
 * @throws {OperationProcessingError} `OAUTH_KEY_SELECTION_FAILED`: no key fits, or several; `OAUTH_INVALID_RESPONSE`:
 *   the signature is not valid, or the key set is malformed; `OAUTH_MISSING_SERVER_METADATA`,
 *   `OAUTH_INVALID_SERVER_METADATA`: no `jwks_uri`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`:
 *   it is no `https:` URL; `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: it
 *   answers with no key set.
 * @see OpenID Connect Core 1.0, sections 3.1.3.7 and 10.1; RFC 7515, section 5.2
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const response: Response
 *
 * const tokens = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
 * await countersign.validateApplicationLevelSignature(as, response)
 * console.log(countersign.getValidatedIdTokenClaims(tokens)?.sub)
 * ```
 */
export async function validateApplicationLevelSignature(
  as: AuthorizationServer,
  ref: Response,
  options?: ValidateSignatureOptions,
): Promise<void> {
  assertServer(as)
  await verifySignature({ trace: options?.[trace], response: ref }, as, jwtOf(ref), options ?? {})
}
