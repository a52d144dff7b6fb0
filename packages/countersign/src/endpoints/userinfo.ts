import type { DPoPRequestOptions } from '../dpop/handle.ts'
import {
  JSON_ATTRIBUTE_COMPARISON,
  JWT_CLAIM_COMPARISON,
  JWT_USERINFO_EXPECTED,
  RESPONSE_IS_NOT_CONFORM,
} from '../errors/codes.ts'
import { assertString } from '../errors/invalid-argument.ts'
import { endpointUrl } from '../exchange/endpoint.ts'
import { rememberJwt } from '../exchange/jwt-responses.ts'
import { resourceRequest } from '../exchange/resource-request.ts'
import { assertUnread, readJsonObject, readText } from '../http/body.ts'
import { aboutEndpointAnswer } from '../exchange/json-answer.ts'
import { mediaTypeOf } from '../http/content-type.ts'
import { refuseChallenges } from '../http/error-answer.ts'
import { requestHeaders } from '../http/headers.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import { aboutClaims, checkRegisteredClaims, namesAudience } from '../jose/claims.ts'
import { expectedAlgorithms } from '../jose/expected-algorithms.ts'
import { jweDecrypt, type JWEDecryptOptions } from '../jose/jwe-decrypt.ts'
import { issuerOf } from '../jose/issuer.ts'
import { parseJwt } from '../jose/jwt.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_CORE } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject, JsonValue } from '../values/json.ts'
import { isText } from '../values/text.ts'

/**
 * Claims about the person are answered with status 200.
 *
 * Remedy: look at the answer's body, in the error's `cause`; see that the endpoint's URL is right.
 */
export const USERINFO_STATUS: Rule = rule('userinfo.status', OIDC_CORE, '5.3.3', RESPONSE_IS_NOT_CONFORM)

/**
 * UserInfo is signed where the client registered that.
 *
 * Remedy: find out why the server sent it unsigned, or drop `userinfo_signed_response_alg` from the client's metadata
 * where it is not registered.
 */
export const USERINFO_SIGNED: Rule = rule('userinfo.signed', OIDC_CORE, '5.3.2', JWT_USERINFO_EXPECTED)

/**
 * Signed UserInfo is signed by the algorithm that the client registered, or else by one that the server publishes.
 *
 * Remedy: set `userinfo_signed_response_alg` in the client's metadata to what is registered at the server.
 */
export const USERINFO_ALG: Rule = rule('userinfo.alg', OIDC_CORE, '5.3.4 (3)')

/**
 * Signed UserInfo that names its issuer was issued by the server that was asked.
 *
 * Remedy: see that the metadata are those of the server that answered.
 */
export const USERINFO_ISSUER: Rule = rule('userinfo.iss', OIDC_CORE, '5.3.2', JWT_CLAIM_COMPARISON)

/**
 * Signed UserInfo that names its audience was issued for this client.
 *
 * Remedy: do not use it, it was made for another client.
 */
export const USERINFO_AUDIENCE: Rule = rule('userinfo.aud', OIDC_CORE, '5.3.2', JWT_CLAIM_COMPARISON)

/**
 * UserInfo says whom it is about.
 *
 * Remedy: report it to the server's operator.
 */
export const USERINFO_SUBJECT_PRESENT: Rule = rule('userinfo.sub-present', OIDC_CORE, '5.3.2')

/**
 * UserInfo is about the person whom the ID Token is about.
 *
 * Remedy: do not use it. See that the access token is the one that came with the ID Token; where it is, somebody
 * substituted tokens.
 */
export const USERINFO_SUBJECT: Rule = rule('userinfo.sub', OIDC_CORE, '5.3.2', JSON_ATTRIBUTE_COMPARISON)

/**
 * Value of `expectedSubject` for {@link processUserInfoResponse}: any person's claims are accepted.
 *
 * Safe only where no ID Token tells whom the access token is about, and the access token cannot have been substituted;
 * otherwise an attacker's access token signs the attacker's victim in as the attacker, or the other way round.
 *
 * @see OpenID Connect Core 1.0, section 5.3.2
 */
export const skipSubjectCheck: unique symbol = Symbol('skipSubjectCheck')

/** Options of {@link userInfoRequest}. */
export interface UserInfoRequestOptions extends HttpRequestOptions<'GET'>, DPoPRequestOptions {}

/** The `address` claim (OpenID Connect Core 1.0, section 5.1.1). */
export interface UserInfoAddress {
  /** The whole address, as it is written on a letter, with line breaks. */
  readonly formatted?: string
  /** Street, house number, and what else is in these lines, with line breaks. */
  readonly street_address?: string
  /** City or place. */
  readonly locality?: string
  /** State, province or region. */
  readonly region?: string
  /** Postal code. */
  readonly postal_code?: string
  /** Country. */
  readonly country?: string
  readonly [claim: string]: JsonValue | undefined
}

/**
 * Claims about the person. Only `sub` was looked at; the others are passed on as the server sent them.
 *
 * @see OpenID Connect Core 1.0, section 5.1
 */
export interface UserInfoResponse {
  /** Who it is: the only claim, with `iss`, by which a person is known again. */
  readonly sub: string
  /** The full name, as it is displayed. */
  readonly name?: string
  /** Given names. */
  readonly given_name?: string
  /** Family names. */
  readonly family_name?: string
  /** Middle names. */
  readonly middle_name?: string
  /** What the person is called by friends. */
  readonly nickname?: string
  /** What the person wants to be called here; others may have the same. */
  readonly preferred_username?: string
  /** URL of a page about the person. */
  readonly profile?: string
  /** URL of a picture of the person. */
  readonly picture?: string
  /** URL of the person's own site. */
  readonly website?: string
  /** An email address; it is nobody's for ever, and no name for an account. */
  readonly email?: string
  /** The server has seen that the address was the person's. */
  readonly email_verified?: boolean
  /** Gender; `female`, `male`, or another value. */
  readonly gender?: string
  /** `YYYY-MM-DD`, or `YYYY` alone; year `0000` where it is left out. */
  readonly birthdate?: string
  /** Time zone, such as `Europe/Paris`. */
  readonly zoneinfo?: string
  /** Language, as a BCP 47 tag. */
  readonly locale?: string
  /** Telephone number, best in the form of E.164. */
  readonly phone_number?: string
  /** When these claims were last changed, in seconds since the epoch. */
  readonly updated_at?: number
  /** Postal address. */
  readonly address?: UserInfoAddress
  readonly [claim: string]: JsonValue | undefined
}

/**
 * Asks for the claims about the person who is signed in.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param accessToken The access token.
 * @param options Headers, signal, `customFetch`, `DPoP`.
 * @returns The answer, for {@link processUserInfoResponse}.
 * @throws {OperationProcessingError} `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no
 *   `userinfo_endpoint`; `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see OpenID Connect Core 1.0, section 5.3.1; RFC 9449, section 7
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const tokens: countersign.TokenEndpointResponse // of a process function
 *
 * const sub = countersign.getValidatedIdTokenClaims(tokens)?.sub ?? ''
 * const response = await countersign.userInfoRequest(as, client, tokens.access_token)
 * const { name, email } = await countersign.processUserInfoResponse(as, client, sub, response)
 * ```
 */
export async function userInfoRequest(
  as: AuthorizationServer,
  client: Client,
  accessToken: string,
  options?: UserInfoRequestOptions,
): Promise<Response> {
  assertServer(as)
  assertClient(client)
  const url = endpointUrl(as, client, 'userinfo_endpoint', options ?? {})
  const plain = client.userinfo_signed_response_alg ? '' : 'application/json, '
  const headers = requestHeaders(options?.headers, `${plain}application/jwt`)
  assertString(accessToken, 'accessToken')
  return await resourceRequest(accessToken, url, 'GET', headers, undefined, options ?? {})
}

/**
 * Validates the claims about the person, plain, signed or encrypted.
 *
 * Not checked: the signature of a signed answer, which {@link validateApplicationLevelSignature} verifies.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client; with `userinfo_signed_response_alg`, an unsigned answer is refused.
 * @param expectedSubject `sub` of the ID Token that came with the access token, or {@link skipSubjectCheck}.
 * @param response What {@link userInfoRequest} resolved with.
 * @param options `jweDecrypt` for encrypted answers.
 * @returns The claims.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the access token is not accepted, or the
 *   server wants a DPoP nonce.
 * @throws {OperationProcessingError} `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`,
 *   `OAUTH_PARSE_ERROR`: the answer is none of this endpoint; `OAUTH_JWT_USERINFO_EXPECTED`: it should be signed;
 *   `OAUTH_INVALID_RESPONSE`: a claim is missing or malformed, or the algorithm is not the expected one;
 *   `OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED`: it is about another person; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss` or
 *   `aud` is another's; `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: a signed answer is not good now.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an encrypted answer without `jweDecrypt`; `crit`
 *   in its header.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see OpenID Connect Core 1.0, sections 5.3.2 and 5.3.4
 */
export async function processUserInfoResponse(
  as: AuthorizationServer,
  client: Client,
  expectedSubject: string | typeof skipSubjectCheck,
  response: Response,
  options?: JWEDecryptOptions,
): Promise<UserInfoResponse> {
  const context = aboutEndpointAnswer(as, client, response)
  refuseChallenges(response)
  check(context, USERINFO_STATUS, response.status === 200, 200, response.status)
  assertUnread(response)

  const signed = mediaTypeOf(response) === 'application/jwt'
  if (!signed) {
    check(context, USERINFO_SIGNED, !client.userinfo_signed_response_alg, 'application/jwt', mediaTypeOf(response))
  }
  const body = signed
    ? await readSignedClaims(context, as, client, response, options)
    : await readJsonObject(context, response)

  const about = aboutDocument(context, 'body', body)
  check(about, USERINFO_SUBJECT_PRESENT, isText(body.sub), 'a text', describe(body.sub))
  if (expectedSubject !== skipSubjectCheck) {
    assertString(expectedSubject, 'expectedSubject')
    const particulars = { expected: expectedSubject }
    const same = body.sub === expectedSubject
    check({ ...about, particulars }, USERINFO_SUBJECT, same, 'sub of the ID Token', 'another sub')
  }
  // sub, the one member that the type demands, was looked at
  return body as JsonObject & UserInfoResponse
}

async function readSignedClaims(
  context: Context,
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options: JWEDecryptOptions | undefined,
): Promise<JsonObject> {
  const text = await readText(context, response)
  const { userinfo_signed_response_alg: registered } = client
  const algorithms = expectedAlgorithms(registered, as.userinfo_signing_alg_values_supported)
  const jwt = await parseJwt(context, text, algorithms, USERINFO_ALG, options?.[jweDecrypt])
  checkRegisteredClaims(context, jwt, client)
  const about = aboutClaims(context, jwt.claims)
  const { iss, aud } = jwt.claims
  check(about, USERINFO_AUDIENCE, aud === undefined || namesAudience(aud, client.client_id), client.client_id, aud)
  const issuer = iss === undefined ? undefined : issuerOf(as, jwt)
  check(about, USERINFO_ISSUER, iss === issuer, issuer, iss)
  rememberJwt(response, jwt)
  return jwt.claims
}
