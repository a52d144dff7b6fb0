import { aboutClaims } from '../jose/claims.ts'
import { halfHash } from '../jose/half-hash.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import type { ValidateSignatureOptions } from '../jwks/options.ts'
import { verifySignature } from '../jwks/verify.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { trace } from '../rules/trace.ts'
import type { IDToken } from '../tokens/claims.ts'
import { validateIdToken, type ValidIdToken } from '../tokens/id-token.ts'
import { checkAuthAge, maxAgeOf } from '../tokens/requested-claims.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { checkTokenMembers, checkTokenType, type ProcessTokenResponseOptions } from '../tokens/token-response.ts'
import { rememberClaims } from '../tokens/validated-claims.ts'
import { describe } from '../values/describe.ts'
import { isText } from '../values/text.ts'
import { assertCallback, type Callback, type CallbackOptions, receiveCallback } from './callback.ts'
import * as rules from './push.rules.ts'

/** Options of {@link validatePushCallback}. */
export interface ValidatePushCallbackOptions
  extends CallbackOptions, ProcessTokenResponseOptions, ValidateSignatureOptions {}

/** A push with the tokens of a transaction that the person has approved. */
export interface ApprovedPushCallback {
  /** The person has approved. */
  readonly status: 'approved'
  /** The transaction. */
  readonly auth_req_id: string
  /** The members of the push; `token_type` in lower case, `expires_in` as a number. */
  readonly tokens: TokenEndpointResponse
  /** The claims of the ID Token, whose signature was verified. */
  readonly claims: IDToken
}

/** A push with the error that a transaction has ended with. */
export interface RefusedPushCallback {
  /** The transaction has ended without tokens. */
  readonly status: 'refused'
  /** The transaction. */
  readonly auth_req_id: string
  /** Why: the person refused, did not answer in time, or the server failed (CIBA Core 1.0, section 12). */
  readonly error: (typeof ERRORS)[number]
  /** The error in words, for the developer of the client. */
  readonly error_description?: string
}

/** What a push says. */
export type PushCallback = ApprovedPushCallback | RefusedPushCallback

/** The errors of a push (CIBA Core 1.0, section 12). */
const ERRORS = ['access_denied', 'expired_token', 'transaction_failed'] as const

const AUTH_REQ_ID_CLAIM = 'urn:openid:params:jwt:claim:auth_req_id'
const REFRESH_TOKEN_HASH_CLAIM = 'urn:openid:params:jwt:claim:rt_hash'

/**
 * Validates the request by which the server delivers the outcome of a CIBA transaction (push mode): the tokens, or the error
 * that it has ended with. Keep the outcome, and answer the server with {@link callbackResponse}.
 *
 * The request is seen to be one of the server's as {@link validatePingCallback} does. The ID Token acts as a signature over
 * everything: its claims are validated by OpenID Connect Core 1.0, section 3.1.3.7, its signature is always verified, and it
 * must have been issued for this `auth_req_id`, this access token and this refresh token.
 *
 * Not checked: whether the same push came before, since a server may repeat one; `findTransaction` gives nothing for a
 * transaction that is over. `acr`, which is for the caller to compare with what was asked for.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client; its {@link trace} receives every check.
 * @param request The request, its body unread.
 * @param options `findTransaction` looks the transaction up; {@link maxBodySize} of the callback, and of the
 *   answer with the server's keys where it is given; `jweDecrypt` for encrypted ID Tokens;
 *   `recognizedTokenTypes` for uncommon access tokens, whose functions are given an empty `Response`; options of the request
 *   for the server's keys, and `jwksCache`.
 * @returns By `status`: the tokens and the claims of the ID Token, which {@link getValidatedIdTokenClaims} gives too; or the
 *   error.
 * @throws {OperationProcessingError} `OAUTH_INVALID_REQUEST`, `OAUTH_PARSE_ERROR`: the request is no push of this server;
 *   `OAUTH_INVALID_RESPONSE`: a member or a claim is missing or malformed, or the signature is not valid;
 *   `OAUTH_JWT_CLAIM_COMPARISON_FAILED`: `iss`, `aud`, `azp`, `auth_req_id`, `at_hash` or `rt_hash` is another's;
 *   `OAUTH_JWT_TIMESTAMP_CHECK_FAILED`: the ID Token is not good now; `OAUTH_KEY_SELECTION_FAILED`: no key fits, or several;
 *   `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `jwks_uri`; `OAUTH_HTTP_REQUEST_FORBIDDEN`,
 *   `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL; `OAUTH_RESPONSE_IS_NOT_CONFORM`,
 *   `OAUTH_RESPONSE_IS_NOT_JSON`: it answers with no key set.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: an unknown `token_type`; an encrypted ID Token without
 *   `jweDecrypt`; `crit` in its header; an algorithm that is no digital signature, or that has no hash function.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument, a body that was read already, or
 *   something else than a transaction from `findTransaction`.
 * @throws {unknown} What `findTransaction`, `jweDecrypt` and the request for the keys throw.
 * @see CIBA Core 1.0, sections 9, 10.3.1 and 12
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const transactions: Map<string, countersign.CallbackExpectation> // by the hash of their token
 *
 * // the client notification endpoint
 * async function answer(request: Request): Promise<Response> {
 *   try {
 *     const push = await countersign.validatePushCallback(as, client, request, {
 *       findTransaction: ({ client_notification_token_hash }) => transactions.get(client_notification_token_hash),
 *     })
 *     if (push.status === 'approved') console.log(push.claims.sub, 'has approved')
 *     else console.log('ended with', push.error)
 *     return countersign.callbackResponse()
 *   } catch (error) {
 *     return countersign.callbackResponse(error)
 *   }
 * }
 * ```
 */
export async function validatePushCallback(
  as: AuthorizationServer,
  client: Client,
  request: Request,
  options: ValidatePushCallbackOptions,
): Promise<PushCallback> {
  assertServer(as)
  assertClient(client)
  assertCallback(request, options)
  const context: Context = { trace: client[trace] }
  const callback = await receiveCallback(context, request, options)
  const { aboutBody, body } = callback
  const hasTokens = body.access_token !== undefined || body.id_token !== undefined
  const hasError = body.error !== undefined
  check(aboutBody, rules.PUSH_MODE, hasTokens || hasError, 'push', 'neither tokens nor an error')
  check(aboutBody, rules.PUSH_ERROR_ALONE, !hasTokens || !hasError, 'tokens or an error', 'both')
  return hasError ? refusedPush(callback) : await approvedPush(context, as, client, callback, options)
}

function refusedPush({ aboutBody, authReqId, body }: Callback): RefusedPushCallback {
  const { error_description: description } = body
  const error = ERRORS.find((code) => code === body.error)
  const actual = isText(body.error) ? body.error : describe(body.error)
  check(aboutBody, rules.PUSH_ERROR, error !== undefined, ERRORS, actual)
  const plain = description === undefined || (typeof description === 'string' && /^[ !#-[\]-~]*$/.test(description))
  check(aboutBody, rules.PUSH_ERROR_DESCRIPTION, plain, 'plain ASCII', describe(description))
  const refused = { status: 'refused', auth_req_id: authReqId, error } as const
  return description === undefined ? refused : { ...refused, error_description: description }
}

async function approvedPush(
  context: Context,
  as: AuthorizationServer,
  client: Client,
  { aboutBody, authReqId, body }: Callback,
  options: ValidatePushCallbackOptions,
): Promise<ApprovedPushCallback> {
  const tokens = checkTokenMembers(aboutBody, body)
  const { id_token: idToken } = tokens
  check(aboutBody, rules.PUSH_ID_TOKEN, idToken !== undefined, 'present', 'missing')
  const valid = await validateIdToken(context, as, client, idToken, options[jweDecrypt])
  const { claims, jwt } = valid
  checkAuthAge(context, client, claims, maxAgeOf(client, undefined))
  checkBindingForms(context, claims, tokens)
  await verifySignature(context, as, jwt, options)
  await checkBinding(context, valid, tokens, authReqId)
  // what came is a request; the functions of token types are shared with the token endpoint, which answers
  checkTokenType(aboutBody, tokens, new Response(), options.recognizedTokenTypes)
  rememberClaims(tokens, claims)
  return { status: 'approved', auth_req_id: authReqId, tokens, claims }
}

/** The claims by which an ID Token is bound to what it was pushed with are there. */
function checkBindingForms(context: Context, claims: IDToken, { refresh_token }: TokenEndpointResponse): void {
  const about = aboutClaims(context, claims)
  const { [AUTH_REQ_ID_CLAIM]: authReqId, at_hash: accessHash, [REFRESH_TOKEN_HASH_CLAIM]: refreshHash } = claims
  check(about, rules.PUSH_AUTH_REQ_ID_PRESENT, isText(authReqId), 'a text', describe(authReqId))
  check(about, rules.PUSH_ACCESS_TOKEN_HASH_PRESENT, isText(accessHash), 'a text', describe(accessHash))
  const bound = refresh_token === undefined || isText(refreshHash)
  check(about, rules.PUSH_REFRESH_TOKEN_HASH_PRESENT, bound, 'a text', describe(refreshHash))
}

/** Their values are those of what it was pushed with. */
async function checkBinding(
  context: Context,
  { claims, jwt }: ValidIdToken,
  { access_token, refresh_token }: TokenEndpointResponse,
  authReqId: string,
): Promise<void> {
  const about = aboutClaims(context, claims)
  // the algorithm of a signature that was verified is a name
  const alg = jwt.header.alg as string
  const sameTransaction = claims[AUTH_REQ_ID_CLAIM] === authReqId
  check(about, rules.PUSH_AUTH_REQ_ID, sameTransaction, 'the one of the push', 'another')
  const accessHash = await halfHash(context, alg, access_token)
  check(about, rules.PUSH_ACCESS_TOKEN_HASH, claims.at_hash === accessHash, 'the hash of the access token', 'another')
  if (refresh_token === undefined) return
  const refreshHash = await halfHash(context, alg, refresh_token)
  const sameToken = claims[REFRESH_TOKEN_HASH_CLAIM] === refreshHash
  check(about, rules.PUSH_REFRESH_TOKEN_HASH, sameToken, 'the hash of the refresh token', 'another')
}
