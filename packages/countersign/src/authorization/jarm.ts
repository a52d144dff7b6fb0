import { JWT_CLAIM_COMPARISON } from '../errors/codes.ts'
import { aboutClaims, checkRegisteredClaims, namesAudience } from '../jose/claims.ts'
import { expectedAlgorithms } from '../jose/expected-algorithms.ts'
import { jweDecrypt, type JWEDecryptOptions } from '../jose/jwe-decrypt.ts'
import { issuerOf } from '../jose/issuer.ts'
import { parseJwt } from '../jose/jwt.ts'
import type { ValidateSignatureOptions } from '../jwks/options.ts'
import { verifySignature } from '../jwks/verify.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { JARM } from '../rules/specifications.ts'
import { trace } from '../rules/trace.ts'
import {
  aboutParameters,
  type expectNoState,
  searchParametersOf,
  single,
  type skipStateCheck,
  validateAuthResponse,
} from './response.ts'

/**
 * A JARM response has the parameter `response`.
 *
 * Remedy: ask for a `response_mode` of JARM, such as `query.jwt`; otherwise call `validateAuthResponse`.
 */
export const JARM_RESPONSE: Rule = rule('jarm.response', JARM, '2.3')

/**
 * A JARM response is signed by the algorithm that the client registered, or else by one that the server publishes, or
 * else by RS256.
 *
 * Remedy: set `authorization_signed_response_alg` in the client's metadata to what is registered at the server.
 */
export const JARM_ALG: Rule = rule('jarm.alg', JARM, '2.4 (5)')

/**
 * A JARM response has `aud`.
 *
 * Remedy: report it to the server's operator.
 */
export const JARM_AUDIENCE_PRESENT: Rule = rule('jarm.aud-present', JARM, '2.1')

/**
 * A JARM response has `exp`.
 *
 * Remedy: report it to the server's operator.
 */
export const JARM_EXPIRES: Rule = rule('jarm.exp', JARM, '2.1')

/**
 * A JARM response has `iss`.
 *
 * Remedy: report it to the server's operator.
 */
export const JARM_ISSUER_PRESENT: Rule = rule('jarm.iss-present', JARM, '2.1')

/**
 * A JARM response was issued by the server that was asked.
 *
 * Remedy: do not go on: this is what a mix-up attack looks like. See that the metadata are those of the server to which
 * this browser was sent.
 */
export const JARM_ISSUER: Rule = rule('jarm.iss', JARM, '2.4 (2)', JWT_CLAIM_COMPARISON)

/**
 * A JARM response was issued for this client.
 *
 * Remedy: do not go on: the response was made for another client.
 */
export const JARM_AUDIENCE: Rule = rule('jarm.aud', JARM, '2.4 (3)', JWT_CLAIM_COMPARISON)

/**
 * Validates an authorization response that is a JWT (JARM), its signature included. For `response_mode` `jwt`,
 * `query.jwt` and `form_post.jwt`; the parameters of a form are given as `URLSearchParams`.
 *
 * @param as Metadata of the server to which this browser was sent.
 * @param client Metadata of the client.
 * @param parameters The parameters, or the URL that has them in its query.
 * @param expectedState `state` of the request, kept with the browser's session; {@link expectNoState}, the default,
 *   where it had none; {@link skipStateCheck}.
 * @param options Options of the request for the server's keys, `jwksCache`, `jweDecrypt`.
 * @returns The parameters that the JWT holds, for {@link authorizationCodeGrantRequest}.
 * @throws {AuthorizationResponseError} `OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server's own error.
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: a parameter or claim is missing or malformed, `state` is
 *   another's, the signature is not valid; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss` or `aud` is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the JWT is not good now; `OAUTH_KEY_SELECTION_FAILED`: no key of the server
 *   fits, or several; `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `jwks_uri`;
 *   `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL;
 *   `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: it answers with no key set, or
 *   the JWT is no JSON.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an encrypted response without `jweDecrypt`;
 *   `crit`; an algorithm that is no digital signature; tokens among the parameters.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see JARM, section 2.4
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const jwtCallbackUrl: URL // https://shop.example.com/callback?response=eyJ…
 * declare const state: string // of this browser's session
 *
 * const parameters = await countersign.validateJwtAuthResponse(as, client, jwtCallbackUrl, state)
 * ```
 */
export async function validateJwtAuthResponse(
  as: AuthorizationServer,
  client: Client,
  parameters: URLSearchParams | URL,
  expectedState?: string | typeof expectNoState | typeof skipStateCheck,
  options?: ValidateSignatureOptions & JWEDecryptOptions,
): Promise<URLSearchParams> {
  assertServer(as)
  assertClient(client)
  const given = searchParametersOf(parameters)
  const about = aboutParameters(client, given)
  const response = single(about, given, 'response')
  check(about, JARM_RESPONSE, response, 'response', 'missing')

  const { authorization_signed_response_alg: registered } = client
  const algorithms = expectedAlgorithms(registered, as.authorization_signing_alg_values_supported, 'RS256')
  const context = { trace: client[trace] }
  const jwt = await parseJwt(context, response, algorithms, JARM_ALG, options?.[jweDecrypt])
  checkRegisteredClaims(context, jwt, client)
  const { aud, exp, iss } = jwt.claims
  const inClaims = aboutClaims(context, jwt.claims)
  check(inClaims, JARM_AUDIENCE_PRESENT, aud !== undefined, 'present', 'missing')
  check(inClaims, JARM_EXPIRES, exp !== undefined, 'present', 'missing')
  check(inClaims, JARM_ISSUER_PRESENT, iss !== undefined, 'present', 'missing')
  const issuer = issuerOf(as, jwt)
  check(inClaims, JARM_ISSUER, iss === issuer, issuer, iss)
  check(inClaims, JARM_AUDIENCE, namesAudience(aud, client.client_id), client.client_id, aud)
  await verifySignature(context, as, jwt, options ?? {})

  // JARM §2.1: the parameters are members of the JWT; aud is none of them
  const inside = new URLSearchParams()
  for (const [name, value] of Object.entries(jwt.claims)) {
    if (typeof value === 'string' && name !== 'aud') inside.append(name, value)
  }
  return validateAuthResponse(as, client, inside, expectedState)
}
