import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { JWT_CLAIM_COMPARISON, RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { aboutEndpointAnswer } from '../exchange/json-answer.ts'
import { rememberJwt } from '../exchange/jwt-responses.ts'
import { postToken } from '../exchange/post-token.ts'
import { readJsonObject, readText } from '../http/body.ts'
import { mediaTypeOf } from '../http/content-type.ts'
import { assertStatus } from '../http/error-answer.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import { aboutClaims, checkRegisteredClaims, namesAudience } from '../jose/claims.ts'
import { expectedAlgorithms } from '../jose/expected-algorithms.ts'
import { jweDecrypt, type JWEDecryptOptions } from '../jose/jwe-decrypt.ts'
import { issuerOf } from '../jose/issuer.ts'
import { checkType, parseJwt } from '../jose/jwt.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7662, RFC_9701 } from '../rules/specifications.ts'
import type { ConfirmationClaims } from '../tokens/claims.ts'
import type { AuthorizationDetails } from '../tokens/token-endpoint-response.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../values/json.ts'

/**
 * An introspection is answered with status 200.
 *
 * Remedy: look at the answer's body, in the error's `cause`; see that the endpoint's URL is right.
 */
export const INTROSPECTION_STATUS: Rule = rule('introspection.status', RFC_7662, '2.2', RESPONSE_IS_NOT_CONFORM)

/**
 * An introspection says whether the token is good: `active` is true or false.
 *
 * Remedy: take the token as not good, and report it to the server's operator.
 */
export const INTROSPECTION_ACTIVE: Rule = rule('introspection.active', RFC_7662, '2.2')

/**
 * A signed introspection is signed by the algorithm that the client registered, or else by one that the server
 * publishes, or else by RS256.
 *
 * Remedy: set `introspection_signed_response_alg` in the client's metadata to what is registered at the server.
 */
export const INTROSPECTION_ALG: Rule = rule('introspection.alg', RFC_9701, '6')

/**
 * A signed introspection says that it is one: `typ` is `token-introspection+jwt`.
 *
 * Remedy: do not use it: it may be another kind of token.
 */
export const INTROSPECTION_TYPE: Rule = rule('introspection.typ', RFC_9701, '5')

/**
 * A signed introspection has `aud`.
 *
 * Remedy: report it to the server's operator.
 */
export const INTROSPECTION_AUDIENCE_PRESENT: Rule = rule('introspection.aud-present', RFC_9701, '5')

/**
 * A signed introspection has `iat`.
 *
 * Remedy: report it to the server's operator.
 */
export const INTROSPECTION_ISSUED_AT: Rule = rule('introspection.iat', RFC_9701, '5')

/**
 * A signed introspection has `iss`.
 *
 * Remedy: report it to the server's operator.
 */
export const INTROSPECTION_ISSUER_PRESENT: Rule = rule('introspection.iss-present', RFC_9701, '5')

/**
 * A signed introspection was issued by the server that was asked.
 *
 * Remedy: see that the metadata are those of the server that answered.
 */
export const INTROSPECTION_ISSUER: Rule = rule('introspection.iss', RFC_9701, '5', JWT_CLAIM_COMPARISON)

/**
 * A signed introspection was issued for this client.
 *
 * Remedy: do not use it, it was made for another client.
 */
export const INTROSPECTION_AUDIENCE: Rule = rule('introspection.aud', RFC_9701, '5', JWT_CLAIM_COMPARISON)

/**
 * A signed introspection has its answer in the claim `token_introspection`, an object.
 *
 * Remedy: report it to the server's operator.
 */
export const TOKEN_INTROSPECTION: Rule = rule('introspection.token_introspection', RFC_9701, '5')

const JWT_MEDIA_TYPE = 'application/token-introspection+jwt'

/** Options of {@link introspectionRequest}. */
export interface IntrospectionRequestOptions extends HttpRequestOptions<'POST', URLSearchParams> {
  /** Parameters to send beside `token`, such as `token_type_hint`. */
  additionalParameters?: URLSearchParams | Record<string, string> | string[][]
  /** Ask for a signed answer. The default is true for a client with `introspection_signed_response_alg`. */
  requestJwtResponse?: boolean
}

/** What a server tells about a token (RFC 7662, section 2.2). */
export interface IntrospectionResponse {
  /** The token is good, here and now. Where it is false, nothing else counts. */
  readonly active: boolean
  /** The client that the token was issued to. */
  readonly client_id?: string
  /** When the token stops being good, in seconds since the epoch. */
  readonly exp?: number
  /** When the token was issued, in seconds since the epoch. */
  readonly iat?: number
  /** The session at the server that the token belongs to. */
  readonly sid?: string
  /** Who issued the token. */
  readonly iss?: string
  /** The token's own name, which no other token of the issuer has. */
  readonly jti?: string
  /** A name of the person, for people to read. */
  readonly username?: string
  /** Whom the token is for. */
  readonly aud?: string | string[]
  /** The scope of the token, its values separated by spaces. */
  readonly scope?: string
  /** Whom the token is about. */
  readonly sub?: string
  /** When the token begins to be good, in seconds since the epoch. */
  readonly nbf?: number
  /** How the token is used, such as `Bearer`. */
  readonly token_type?: string
  /** What the token is bound to: whoever sends it must prove that too. */
  readonly cnf?: ConfirmationClaims
  /** What was granted in detail (RFC 9396, section 9.2). */
  readonly authorization_details?: AuthorizationDetails[]
  readonly [claim: string]: JsonValue | undefined
}

/**
 * Asks the server about a token: whether it is good, and what it is for.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client, which here is the resource server.
 * @param clientAuthentication How it proves who it is.
 * @param token The token.
 * @param options Headers, signal, `customFetch`, `additionalParameters`, `requestJwtResponse`.
 * @returns The answer, for {@link processIntrospectionResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `introspection_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:`
 *   URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 7662, section 2.1; RFC 9701, section 4
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const clientAuth: countersign.ClientAuth
 * declare const accessToken: string
 *
 * const response = await countersign.introspectionRequest(as, client, clientAuth, accessToken)
 * const { active, scope } = await countersign.processIntrospectionResponse(as, client, response)
 * if (active && scope?.split(' ').includes('read')) console.log('let it in')
 * ```
 */
export async function introspectionRequest(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  token: string,
  options?: IntrospectionRequestOptions,
): Promise<Response> {
  // both are looked at again; here the order of two mistakes is decided
  assertServer(as)
  assertClient(client)
  const signed = options?.requestJwtResponse ?? Boolean(client.introspection_signed_response_alg)
  const accept = signed ? JWT_MEDIA_TYPE : 'application/json'
  return await postToken(as, client, clientAuthentication, 'introspection_endpoint', token, options, accept)
}

/**
 * Validates what the server tells about a token, plain, signed or encrypted.
 *
 * Not checked: the signature of a signed answer, which {@link validateApplicationLevelSignature} verifies; and what the
 * members say: `active`, `aud`, `scope`, `cnf` are for the caller to look at.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param response What {@link introspectionRequest} resolved with.
 * @param options `jweDecrypt` for encrypted answers.
 * @returns The members of the answer; of a signed one, those of its `token_introspection`.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_INVALID_RESPONSE`: a member or claim is missing or
 *   malformed, or the algorithm is not the expected one; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss` or `aud` is
 *   another's; `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: a signed answer is not good now.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an encrypted answer without `jweDecrypt`; `crit`
 *   in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 7662, section 2.2; RFC 9701, section 5
 */
export async function processIntrospectionResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options?: JWEDecryptOptions,
): Promise<IntrospectionResponse> {
  const context = aboutEndpointAnswer(as, client, response)
  await assertStatus(context, response, 200, INTROSPECTION_STATUS)
  const body =
    mediaTypeOf(response) === JWT_MEDIA_TYPE
      ? await readSignedAnswer(context, as, client, response, options)
      : await readJsonObject(context, response)
  const about = aboutDocument(context, 'body', body)
  check(about, INTROSPECTION_ACTIVE, typeof body.active === 'boolean', 'a boolean', describe(body.active))
  // active, the one member that the type demands, was looked at
  return body as JsonObject & IntrospectionResponse
}

async function readSignedAnswer(
  context: Context,
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options: JWEDecryptOptions | undefined,
): Promise<JsonObject> {
  const { introspection_signed_response_alg: registered } = client
  const algorithms = expectedAlgorithms(registered, as.introspection_signing_alg_values_supported, 'RS256')
  const text = await readText(context, response)
  const jwt = await parseJwt(context, text, algorithms, INTROSPECTION_ALG, options?.[jweDecrypt])
  checkRegisteredClaims(context, jwt, client)
  checkType(context, jwt, INTROSPECTION_TYPE, 'token-introspection+jwt')

  const { aud, iat, iss, token_introspection: answer } = jwt.claims
  const about = aboutClaims(context, jwt.claims)
  check(about, INTROSPECTION_AUDIENCE_PRESENT, aud !== undefined, 'present', 'missing')
  check(about, INTROSPECTION_ISSUED_AT, iat !== undefined, 'present', 'missing')
  check(about, INTROSPECTION_ISSUER_PRESENT, iss !== undefined, 'present', 'missing')
  const issuer = issuerOf(as, jwt)
  check(about, INTROSPECTION_ISSUER, iss === issuer, issuer, iss)
  check(about, INTROSPECTION_AUDIENCE, namesAudience(aud, client.client_id), client.client_id, aud)
  rememberJwt(response, jwt)
  check(about, TOKEN_INTROSPECTION, isJsonObject(answer), 'an object', describe(answer))
  return answer
}
