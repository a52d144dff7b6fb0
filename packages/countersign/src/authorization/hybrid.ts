import { assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { aboutClaims } from '../jose/claims.ts'
import { halfHash } from '../jose/half-hash.ts'
import { jweDecrypt, type JWEDecryptOptions } from '../jose/jwe-decrypt.ts'
import type { ValidateSignatureOptions } from '../jwks/options.ts'
import { verifySignature } from '../jwks/verify.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { bodySizeOf } from '../metadata/body-size.ts'
import type { Client } from '../metadata/client.ts'
import { now } from '../metadata/clock.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { trace } from '../rules/trace.ts'
import { validateIdToken, type ValidIdToken } from '../tokens/id-token.ts'
import { checkAuthAge, checkNonce, maxAgeOf, type skipAuthTimeCheck } from '../tokens/requested-claims.ts'
import { describe } from '../values/describe.ts'
import { isText } from '../values/text.ts'
import { readFormPost } from './form-post.ts'
import * as rules from './hybrid.rules.ts'
import { aboutParameters, expectNoState, single, validateParameters } from './response.ts'

/** How old the ID Token of a hybrid response may be, in seconds. */
const MAXIMUM_AGE = 3600

/**
 * Validates an authorization response of `response_type=code id_token`: its parameters, and the ID Token with its
 * signature, `nonce` and `c_hash`; `s_hash` where it is there.
 *
 * @param as Metadata of the server to which this browser was sent.
 * @param client Metadata of the client.
 * @param parameters The parameters; or the URL that has them in its fragment; or the request by which the browser
 *   posted them (`form_post`).
 * @param expectedNonce `nonce` of the request, kept with the browser's session.
 * @param expectedState `state` of the request, kept with the browser's session; {@link expectNoState}, the default,
 *   where it had none.
 * @param maxAge Seconds since the person was authenticated, at most; the default is the client's `default_max_age`, and
 *   without it {@link skipAuthTimeCheck}.
 * @param options Options of the request for the server's keys, `jwksCache`, `jweDecrypt`.
 * @returns The parameters without the ID Token, for {@link authorizationCodeGrantRequest}.
 * @throws {AuthorizationResponseError} `OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server's own error.
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: a parameter or claim is missing or malformed, `state` is
 *   another's, the signature is not valid; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud`, `azp`, `nonce`, `c_hash`
 *   or `s_hash` is another's; `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now, older than an hour, or
 *   of an authentication too long ago; `OAUTH_KEY_SELECTION_FAILED`: no key of the server fits, or several;
 *   `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `jwks_uri`; `OAUTH_HTTP_REQUEST_FORBIDDEN`,
 *   `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL; `OAUTH_RESPONSE_IS_NOT_CONFORM`,
 *   `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: it answers with no key set, or the JWT is no JSON.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an encrypted ID Token without `jweDecrypt`;
 *   `crit`; an algorithm that is no digital signature; an access token among the parameters.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see OpenID Connect Core 1.0, section 3.3.2
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const hybridCallbackUrl: URL // https://shop.example.com/callback#code=…&id_token=eyJ…
 * declare const nonce: string // of this browser's session
 * declare const state: string
 *
 * const parameters = await countersign.validateCodeIdTokenResponse(as, client, hybridCallbackUrl, nonce, state)
 * ```
 */
export async function validateCodeIdTokenResponse(
  as: AuthorizationServer,
  client: Client,
  parameters: URLSearchParams | URL | Request,
  expectedNonce: string,
  expectedState?: string | typeof expectNoState,
  maxAge?: number | typeof skipAuthTimeCheck,
  options?: ValidateSignatureOptions & JWEDecryptOptions,
): Promise<URLSearchParams> {
  const expected: Expected = { nonce: expectedNonce, state: expectedState, maxAge, stateHash: false }
  return await validateHybridResponse(as, client, parameters, expected, options)
}

/**
 * Validates an authorization response whose ID Token is its detached signature (FAPI 1.0 Advanced): as
 * {@link validateCodeIdTokenResponse} does, and `s_hash` must be there where `state` is expected.
 *
 * @param as Metadata of the server to which this browser was sent.
 * @param client Metadata of the client.
 * @param parameters The parameters; or the URL that has them in its fragment; or the request by which the browser
 *   posted them (`form_post`).
 * @param expectedNonce `nonce` of the request, kept with the browser's session.
 * @param expectedState `state` of the request, kept with the browser's session; {@link expectNoState}, the default,
 *   where it had none.
 * @param maxAge Seconds since the person was authenticated, at most; the default is the client's `default_max_age`, and
 *   without it {@link skipAuthTimeCheck}.
 * @param options Options of the request for the server's keys, `jwksCache`, `jweDecrypt`.
 * @returns The parameters without the ID Token, for {@link authorizationCodeGrantRequest}.
 * @throws {AuthorizationResponseError} `OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server's own error.
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: a parameter or claim is missing or malformed, `state` is
 *   another's, the signature is not valid; `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud`, `azp`, `nonce`, `c_hash`
 *   or `s_hash` is another's; `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now, older than an hour, or
 *   of an authentication too long ago; `OAUTH_KEY_SELECTION_FAILED`: no key of the server fits, or several;
 *   `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `jwks_uri`; `OAUTH_HTTP_REQUEST_FORBIDDEN`,
 *   `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL; `OAUTH_RESPONSE_IS_NOT_CONFORM`,
 *   `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: it answers with no key set, or the JWT is no JSON.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an encrypted ID Token without `jweDecrypt`;
 *   `crit`; an algorithm that is no digital signature; an access token among the parameters.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see FAPI 1.0 Part 2, section 5.2.3.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const hybridCallbackUrl: URL // https://shop.example.com/callback#code=…&id_token=eyJ…
 * declare const nonce: string // of this browser's session
 * declare const state: string
 *
 * const parameters = await countersign.validateDetachedSignatureResponse(as, client, hybridCallbackUrl, nonce, state)
 * ```
 */
export async function validateDetachedSignatureResponse(
  as: AuthorizationServer,
  client: Client,
  parameters: URLSearchParams | URL | Request,
  expectedNonce: string,
  expectedState?: string | typeof expectNoState,
  maxAge?: number | typeof skipAuthTimeCheck,
  options?: ValidateSignatureOptions & JWEDecryptOptions,
): Promise<URLSearchParams> {
  const expected: Expected = { nonce: expectedNonce, state: expectedState, maxAge, stateHash: true }
  return await validateHybridResponse(as, client, parameters, expected, options)
}

/** What the request that is answered had, and whether `s_hash` must answer to its `state`. */
interface Expected {
  readonly nonce: string
  readonly state: string | typeof expectNoState | undefined
  readonly maxAge: number | typeof skipAuthTimeCheck | undefined
  readonly stateHash: boolean
}

async function validateHybridResponse(
  as: AuthorizationServer,
  client: Client,
  parameters: URLSearchParams | URL | Request,
  expected: Expected,
  options: (ValidateSignatureOptions & JWEDecryptOptions) | undefined,
): Promise<URLSearchParams> {
  assertServer(as)
  assertClient(client)
  const given = await parametersOf(client, parameters)
  const about = aboutParameters(client, given)
  const idToken = single(about, given, 'id_token')
  const { state = expectNoState } = expected
  if (state !== expectNoState) assertString(state, 'expectedState')
  given.delete('id_token')
  // the ID Token names the issuer, so that RFC 9207 §2.4 does not ask for iss beside it
  const result = validateParameters(
    about,
    { ...as, authorization_response_iss_parameter_supported: false },
    given,
    state,
  )
  check(about, rules.HYBRID_ID_TOKEN, idToken, 'id_token', 'missing')
  const code = single(about, given, 'code')
  check(about, rules.HYBRID_CODE, code, 'code', 'missing')

  assertString(expected.nonce, 'expectedNonce')
  const maxAge = maxAgeOf(client, expected.maxAge)
  const context: Context = { trace: client[trace] }
  const authTime = maxAge !== undefined || Boolean(client.require_auth_time)
  const requested = { nonce: true, authTime, ownMaxAge: expected.maxAge !== undefined }
  const valid = await validateIdToken(context, as, client, idToken, options?.[jweDecrypt], requested)
  checkAge(context, client, valid)
  checkAuthAge(context, client, valid.claims, maxAge)
  checkNonce(context, valid.claims, expected.nonce)
  checkHashForms(context, valid, given, expected.stateHash && state !== expectNoState)
  await verifySignature(context, as, valid.jwt, options ?? {})
  await checkHashes(context, valid, code, given.get('state'))
  return result
}

function checkAge(context: Context, client: Client, { claims }: ValidIdToken): void {
  const oldest = now(client) - MAXIMUM_AGE
  const about = aboutClaims(context, claims, { now: now(client) })
  check(about, rules.HYBRID_ISSUED_AT, claims.iat >= oldest, `${oldest} or later`, claims.iat)
}

function checkHashForms(context: Context, valid: ValidIdToken, given: URLSearchParams, stateHash: boolean): void {
  const { claims } = valid
  const about = aboutClaims(context, claims)
  const { c_hash: codeHash, s_hash: hash } = claims
  check(about, rules.CODE_HASH_PRESENT, isText(codeHash), 'a text', describe(codeHash))
  check(about, rules.STATE_HASH_PRESENT, !stateHash || hash !== undefined, 'present', 'missing')
  const wellFormed = hash === undefined || (isText(hash) && given.has('state'))
  check(
    { ...about, particulars: { parameters: given } },
    rules.STATE_HASH_FORM,
    wellFormed,
    'a text, with a state',
    describe(hash),
  )
}

async function checkHashes(context: Context, valid: ValidIdToken, code: string, state: string | null): Promise<void> {
  const { claims, jwt } = valid
  const about = aboutClaims(context, claims)
  // the algorithm of a signature that was verified is a name
  const alg = jwt.header.alg as string
  const codeHash = await halfHash(context, alg, code)
  const aboutCode = { ...about, particulars: { code, alg } }
  check(aboutCode, rules.CODE_HASH, claims.c_hash === codeHash, 'the hash of the code', 'another')
  if (claims.s_hash === undefined) return
  const expectedHash = await halfHash(context, alg, state ?? '')
  const aboutState = { ...about, particulars: { state, alg } }
  check(aboutState, rules.STATE_HASH, claims.s_hash === expectedHash, 'the hash of the state', 'another')
}

/** A copy of the parameters, from wherever the browser brought them. */
async function parametersOf(client: Client, parameters: URLSearchParams | URL | Request): Promise<URLSearchParams> {
  switch (Object.prototype.toString.call(parameters)) {
    case '[object URLSearchParams]':
      return new URLSearchParams(parameters as URLSearchParams)
    case '[object URL]':
      return fragmentOf(parameters as URL)
    case '[object Request]':
      return new URLSearchParams(
        await readFormPost({ trace: client[trace], maxBodySize: bodySizeOf(client) }, parameters as Request),
      )
    default: {
      const message = '"parameters" must be an instance of URLSearchParams, URL or Request'
      throw invalidArgument(message, 'ERR_INVALID_ARG_TYPE')
    }
  }
}

function fragmentOf({ hash }: URL): URLSearchParams {
  if (hash.length < 2) {
    throw invalidArgument('"parameters", as a URL, must have them in its fragment', 'ERR_INVALID_ARG_VALUE')
  }
  return new URLSearchParams(hash.slice(1))
}
