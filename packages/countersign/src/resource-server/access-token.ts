import { syncCrypto } from '../engine/sync-crypto.ts'
import { invalidArgument, assertString, assertTagged } from '../errors/invalid-argument.ts'
import { parseAuthorization } from '../http/authorization.ts'
import { JWS_ALGORITHMS } from '../jose/algorithms.ts'
import { aboutClaims, checkRegisteredClaims, namesAudience } from '../jose/claims.ts'
import type { ExpectedAlgorithms } from '../jose/expected-algorithms.ts'
import { issuerOf } from '../jose/issuer.ts'
import { checkType, type Jwt, parseJwt } from '../jose/jwt.ts'
import type { ValidateSignatureOptions } from '../jwks/options.ts'
import { verifySignature } from '../jwks/verify.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { trace } from '../rules/trace.ts'
import type { JWTPayload } from '../tokens/claims.ts'
import type { AuthorizationDetails } from '../tokens/token-endpoint-response.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../values/json.ts'
import * as rules from './access-token.rules.ts'
import { beginProofVerification, validateProof } from './dpop-proof.ts'
import { knownHeaders, rememberHeader } from './known-headers.ts'

/** The claims of a JWT access token (RFC 9068, section 2.2). */
export interface JWTAccessTokenClaims extends JWTPayload {
  /** The server that issued the token. */
  readonly iss: string
  /** When the token stops being good, in seconds since the epoch. */
  readonly exp: number
  /** Whom the token is for; this resource is among them. */
  readonly aud: string | string[]
  /** Whom the token is about: a person, or the client itself. */
  readonly sub: string
  /** When the token was issued, in seconds since the epoch. */
  readonly iat: number
  /** The token's own name, which no other token of the issuer has. */
  readonly jti: string
  /** The client that the token was issued to. */
  readonly client_id: string
  /** What was granted in detail (RFC 9396, section 9.1). */
  readonly authorization_details?: AuthorizationDetails[]
  /** The scope of the token, its values separated by spaces. */
  readonly scope?: string
  readonly [claim: string]: JsonValue | undefined
}

/** Options of {@link validateJwtAccessToken}. */
export interface ValidateJWTAccessTokenOptions extends ValidateSignatureOptions {
  /** Access tokens that are not bound to a DPoP key are refused. Default false. */
  requireDPoP?: boolean
  /** See {@link clockSkew}. */
  [clockSkew]?: number
  /** See {@link clockTolerance}. */
  [clockTolerance]?: number
  /** JWS algorithms of access tokens and DPoP proofs. The default is all of {@link JWSAlgorithm}. */
  signingAlgorithms?: string[]
}

/**
 * Validates the access token of a request for a protected resource: a JWT by RFC 9068 with its signature, and where it
 * is bound to a DPoP key, the proof beside it.
 *
 * Not checked: `scope`, `sub`, `client_id` and what else decides whether this request is allowed, which is the caller's
 * to say; whether a proof was used before, and its `nonce`, which needs a memory; certificates. A token that is bound
 * to a client certificate is refused.
 *
 * @param as Metadata of the server whose access tokens are accepted.
 * @param request The request. Its body stays unread.
 * @param expectedAudience What `aud` must be or have: the name of this resource.
 * @param options `requireDPoP`, `signingAlgorithms`, the clock's options, options of the request for the server's keys,
 *   `jwksCache`.
 * @returns The claims.
 * @throws {OperationProcessingError} `OAUTH_INVALID_REQUEST`: the `Authorization` header is missing or malformed, or a
 *   claim is; `OAUTH_PARSE_ERROR`, `OAUTH_INVALID_RESPONSE`: the token or the proof is malformed, lacks a claim, or its
 *   signature is not valid; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: a claim is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: it is not good now; `OAUTH_KEY_SELECTION_FAILED`: no key of the server fits, or
 *   several; `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `jwks_uri`;
 *   `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL;
 *   `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`: it answers with no key set.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: another scheme than Bearer or DPoP; an encrypted
 *   token; `crit`; a token that is bound in another way than to a DPoP key.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 9068, section 4; RFC 6750, section 2.1; RFC 9449, sections 4.3 and 7.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const request: Request
 *
 * try {
 *   const claims = await countersign.validateJwtAccessToken(as, request, 'https://api.example.com')
 *   if (!claims.scope?.split(' ').includes('read')) console.log('answer 403')
 * } catch (error) {
 *   if (error instanceof countersign.OperationProcessingError) console.log('answer 401:', error.rule)
 *   else throw error
 * }
 * ```
 */
export async function validateJwtAccessToken(
  as: AuthorizationServer,
  request: Request,
  expectedAudience: string,
  options?: ValidateJWTAccessTokenOptions,
): Promise<JWTAccessTokenClaims> {
  assertServer(as)
  assertTagged(request, 'Request', 'request')
  assertString(expectedAudience, 'expectedAudience')
  const settings = options ?? {}
  const context: Context = { trace: settings[trace] }
  const { headers } = request
  const { scheme, token } = credentialsOf(context, headers)
  const proof = headers.get('dpop')
  const proofExpected = Boolean(settings.requireDPoP) || scheme === 'dpop' || proof !== null
  const algorithms = algorithmsOf(settings)
  const jwt = parseJwt(context, token, algorithms, rules.ACCESS_TOKEN_ALG, undefined, knownHeaders)
  checkRegisteredClaims(context, jwt, settings)
  checkType(context, jwt, rules.ACCESS_TOKEN_TYPE, 'at+jwt')
  const about = aboutClaims(context, jwt.claims)
  checkClaims(about, as, jwt, expectedAudience, proofExpected)
  const boundKey = checkConfirmation(about, jwt.claims)
  // another thread verifies the proof's signature while one verifies the token's
  const begun = proof === null || settings[syncCrypto] ? undefined : beginProofVerification(proof)
  await verifySignature(context, as, jwt, settings)
  rememberHeader(jwt)
  if (proofExpected || boundKey !== undefined) {
    await validateProof(
      context,
      { request, proof, scheme, token, claims: jwt.claims, boundKey },
      algorithms,
      settings,
      begun,
    )
  }
  // the members that the type demands were looked at
  return jwt.claims as JsonObject & JWTAccessTokenClaims
}

/** The scheme of the `Authorization` header, in lower case, and the token behind it. */
function credentialsOf(context: Context, headers: Headers): { scheme: string; token: string } {
  const header = headers.get('authorization')
  const about = aboutDocument(context, 'headers', headers)
  check(about, rules.AUTHORIZATION_PRESENT, header !== null, 'an Authorization header', 'none')
  const { scheme, values } = parseAuthorization(header)
  const [token] = values
  check(about, rules.AUTHORIZATION_SCHEME, scheme === 'bearer' || scheme === 'dpop', ['bearer', 'dpop'], 'another')
  check(about, rules.AUTHORIZATION_FORM, token !== undefined && values.length === 1, 'one token', 'another number')
  return { scheme, token }
}

function algorithmsOf({ signingAlgorithms: names }: ValidateJWTAccessTokenOptions): ExpectedAlgorithms {
  if (names === undefined) return { names: JWS_ALGORITHMS, particulars: { reason: 'default value' } }
  if (Array.isArray(names)) return { names, particulars: { reason: 'client configuration' } }
  throw invalidArgument('"options.signingAlgorithms" must be an array', 'ERR_INVALID_ARG_TYPE')
}

function checkClaims(about: Context, as: AuthorizationServer, jwt: Jwt, audience: string, bound: boolean): void {
  const { aud, client_id: clientId, cnf, exp, iat, iss, jti, sub } = jwt.claims
  check(about, rules.ACCESS_TOKEN_ISSUER_PRESENT, iss !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_EXPIRES, exp !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_AUDIENCE_PRESENT, aud !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_SUBJECT_PRESENT, sub !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_ISSUED_AT, iat !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_ID_PRESENT, jti !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_CLIENT_PRESENT, clientId !== undefined, 'present', 'missing')
  check(about, rules.ACCESS_TOKEN_BOUND, !bound || cnf !== undefined, 'present', 'missing')
  const issuer = issuerOf(as, jwt)
  check(about, rules.ACCESS_TOKEN_ISSUER, iss === issuer, issuer, iss)
  check(about, rules.ACCESS_TOKEN_AUDIENCE, namesAudience(aud, audience), audience, aud)
  check(about, rules.ACCESS_TOKEN_CLIENT, typeof clientId === 'string', 'a string', describe(clientId))
  check(about, rules.ACCESS_TOKEN_ID, typeof jti === 'string', 'a string', describe(jti))
  check(about, rules.ACCESS_TOKEN_SUBJECT, typeof sub === 'string', 'a string', describe(sub))
}

/** The thumbprint of the DPoP key that a token is bound to; `undefined` where it is bound to none. */
function checkConfirmation(about: Context, { cnf }: JsonObject): JsonValue | undefined {
  check(about, rules.CONFIRMATION, cnf === undefined || isJsonObject(cnf), 'an object', describe(cnf))
  const methods = Object.keys(cnf ?? {})
  check(about, rules.CONFIRMATION_SINGLE, methods.length < 2, 'one method', methods)
  check(
    about,
    rules.CONFIRMATION_METHOD,
    methods.every((method) => method === 'jkt'),
    'jkt',
    methods,
  )
  return cnf?.jkt
}
