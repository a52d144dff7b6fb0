import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { methodOf } from '../client-authentication/method.ts'
import {
  ACKNOWLEDGEMENT_STATUS,
  type BackchannelAuthenticationResponse,
  checkAcknowledgement,
} from '../endpoints/backchannel-authentication.ts'
import type { CryptoKey } from '../engine/crypto-key.ts'
import { assertObject, invalidArgument } from '../errors/invalid-argument.ts'
import { authenticatedPost } from '../exchange/authenticated-post.ts'
import { endpointUrl } from '../exchange/endpoint.ts'
import { readJsonAnswer } from '../exchange/json-answer.ts'
import type { HttpRequestOptions } from '../http/options.ts'
import { privateKeyOf } from '../jose/keys.ts'
import type { ModifyAssertionFunction } from '../jose/modify-assertion.ts'
import type { PrivateKey } from '../jose/private-key.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { Clock } from '../polling/clock.ts'
import { type CibaTransaction, cibaTransaction } from '../polling/transaction.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { trace } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import { isText } from '../values/text.ts'
import { epochMilliseconds } from '../values/time.ts'
import { type CheckBackchannelAuthenticationParametersOptions, checkedRequest } from './check-parameters.ts'
import { checkFapiRequest, checkFapiRequestObject, type FapiCibaOptions } from './fapi-ciba.ts'
import * as rules from './initiate.rules.ts'
import { type BackchannelAuthenticationParametersInit, formOf, type Parameters } from './parameters.ts'
import { includes } from './registration.ts'
import { type RequestSigningOptions, signRequest } from './request-object.ts'

/** Options of {@link initiateBackchannelAuthentication}. */
export interface InitiateBackchannelAuthenticationOptions
  extends
    HttpRequestOptions<'POST', URLSearchParams>,
    CheckBackchannelAuthenticationParametersOptions,
    RequestSigningOptions,
    FapiCibaOptions {
  /** What is asked for. */
  parameters: BackchannelAuthenticationParametersInit

  /**
   * Signs the request, by the algorithm that the client registered as `backchannel_authentication_request_signing_alg`.
   * Absent: the request is not signed, which is refused for a client that registered one.
   */
  signingKey?: CryptoKey | PrivateKey

  /**
   * `fapi-ciba` holds the request to the Financial-grade API profile of CIBA: no push, only signed requests, PS256 or
   * ES256, private_key_jwt or mutual TLS, sender-constrained tokens, a `binding_message`, and an `acr` that was asked for.
   * The handle `DPoP` counts here as that of the token requests to come; it proves nothing at this endpoint.
   */
  profile?: 'fapi-ciba'

  /**
   * The ID Token's `acr` must be one of the `acr_values` of the request: {@link poll} and {@link pollOnce} refuse any other.
   * Default false, and always so with the profile `fapi-ciba`.
   */
  requireAcr?: boolean

  /** Tells when the request is sent: the clock that {@link poll} will be given. Default: the clock of the machine. */
  clock?: Pick<Clock, 'now'>
}

/** A transaction that has begun. */
export interface InitiatedBackchannelAuthentication {
  /** The server's answer. */
  readonly acknowledgement: BackchannelAuthenticationResponse
  /** What the token requests go on from: give it to {@link poll}, or store it for {@link pollOnce}. */
  readonly transaction: CibaTransaction
  /** In ping and push mode, with what the server will prove itself when it calls back. Keep it, or its hash. */
  readonly client_notification_token?: string
}

/**
 * Asks the server to authenticate a person on a device of theirs, and begins the transaction: checks the request by every
 * rule of CIBA Core 1.0, section 7.1, signs it where there is a `signingKey` (section 7.1.1), sends it, and validates the
 * acknowledgement (sections 7.3 and 7.4). In ping and push mode it makes the `client_notification_token` where none is
 * given.
 *
 * The request is sent once: a request that got no answer is not repeated, since the person may have been asked already.
 * Of a `user_code` nothing is kept.
 *
 * Not checked: what `modifyAssertion` makes of a signed request, but for its algorithm and lifetime under `fapi-ciba`; the
 * algorithm of a DPoP handle; whether a certificate was presented, which is up to the function given as `customFetch`.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client, with its `backchannel_token_delivery_mode`, and what else of CIBA Core 1.0,
 *   section 4 it registered.
 * @param clientAuthentication How the client proves who it is.
 * @param options The request's parameters; `signingKey`, `lifetime` of the signed request in seconds, `modifyAssertion`;
 *   `profile`; headers, signal, `customFetch`.
 * @returns The acknowledgement, the transaction to poll for, and the token of the callbacks.
 * @throws {OperationProcessingError} `OAUTH_REQUEST_FORBIDDEN`: a paragraph forbids the request, and it was not sent;
 *   `OAUTH_MISSING_SERVER_METADATA`, `OAUTH_INVALID_SERVER_METADATA`: no `backchannel_authentication_endpoint`;
 *   `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: it is no `https:` URL;
 *   `OAUTH_RESPONSE_IS_NOT_CONFORM`, `OAUTH_RESPONSE_IS_NOT_JSON`, `OAUTH_PARSE_ERROR`: the answer is none of this
 *   endpoint; `OAUTH_INVALID_RESPONSE`: a member of it is missing or malformed.
 * @throws {ResponseBodyError} `OAUTH_RESPONSE_BODY_ERROR`: the server's own error, such as `unknown_user_id` or
 *   `missing_user_code` (CIBA Core 1.0, section 13).
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the client was not authenticated.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: the key is for no supported algorithm, or too weak.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument or parameter.
 * @see CIBA Core 1.0, sections 4 and 7; FAPI-CIBA, section 5.2
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const clientAuth: countersign.ClientAuth
 * const client: countersign.Client = { client_id: 'shop', backchannel_token_delivery_mode: 'poll' }
 *
 * const { transaction } = await countersign.initiateBackchannelAuthentication(as, client, clientAuth, {
 *   parameters: { scope: 'openid', login_hint: 'anna@example.com', binding_message: 'W4-K7' },
 * })
 * console.log('the person has until', new Date(transaction.expiresAt))
 * ```
 */
export async function initiateBackchannelAuthentication(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  options: InitiateBackchannelAuthenticationOptions,
): Promise<InitiatedBackchannelAuthentication> {
  assertObject(options, 'options')
  const { signingKey, profile } = options
  if (profile !== undefined && (profile as string) !== 'fapi-ciba') {
    throw invalidArgument('"options.profile" must be "fapi-ciba" or absent', 'ERR_INVALID_ARG_VALUE')
  }
  const request = checkedRequest(as, client, options.parameters, options, true)
  const context: Context = { trace: client[trace] }
  const key = signingKey === undefined ? undefined : privateKeyOf(signingKey, 'options.signingKey')
  if (profile) checkFapiRequest(context, client, clientAuthentication, request, key !== undefined, options)
  checkRegistration(context, client, clientAuthentication, key !== undefined)

  const { parameters } = request
  const expectedAcr = expectedAcrOf(parameters, options)
  const inspect: ModifyAssertionFunction | undefined =
    profile && ((header, claims) => checkFapiRequestObject(context, header, claims))
  const body = key
    ? new URLSearchParams({ request: await signRequest(as, client, parameters, key, options, inspect) })
    : formOf(parameters)
  const { acknowledgement, sentAt } = await send(as, client, clientAuthentication, body, options)

  const token = parameters.get('client_notification_token')
  return {
    acknowledgement,
    transaction: cibaTransaction(acknowledgement, sentAt, {
      ...(client[trace] && { [trace]: client[trace] }),
      ...(expectedAcr !== undefined && { acr_values: expectedAcr }),
    }),
    ...(isText(token) && { client_notification_token: token }),
  }
}

/** The `acr_values` of which the ID Token's `acr` must be one; `undefined` where any will do. */
function expectedAcrOf(
  parameters: Parameters,
  { profile, requireAcr }: InitiateBackchannelAuthenticationOptions,
): string | undefined {
  const acrValues = parameters.get('acr_values')
  if (isText(acrValues)) return profile || requireAcr ? acrValues : undefined
  if (requireAcr) throw invalidArgument('"options.requireAcr" needs "acr_values"', 'ERR_INVALID_ARG_VALUE')
  return undefined
}

/** What the client registered about its requests, beside what they may hold. */
function checkRegistration(context: Context, client: Client, clientAuthentication: ClientAuth, signed: boolean): void {
  const alg = client.backchannel_authentication_request_signing_alg
  check(context, rules.SIGNED, signed || alg === undefined, 'a signed request', 'an unsigned one')
  const registered = client.token_endpoint_auth_method
  const names = methodOf(clientAuthentication)?.names
  const agreed = registered === undefined || names === undefined || includes(names, registered)
  check(context, rules.CLIENT_AUTHENTICATION, agreed, registered, names)
}

/** Sends the request, and reads the acknowledgement; when it was sent is told in milliseconds since 1970. */
async function send(
  as: AuthorizationServer,
  client: Client,
  clientAuthentication: ClientAuth,
  body: URLSearchParams,
  options: InitiateBackchannelAuthenticationOptions,
): Promise<{ acknowledgement: BackchannelAuthenticationResponse; sentAt: number }> {
  const url = endpointUrl(as, client, 'backchannel_authentication_endpoint', options)
  // §7.1.1: beside `request` stands only what the client's authentication adds
  if (!body.has('request')) body.set('client_id', client.client_id)
  // §7.3 counts from when the server received it, which is later
  const sentAt = options.clock?.now() ?? epochMilliseconds()
  const response = await authenticatedPost(as, client, clientAuthentication, url, body, options, undefined, false)
  const answer = await readJsonAnswer(as, client, response, 200, ACKNOWLEDGEMENT_STATUS)
  const { expires_in } = answer.body
  const isNumber = typeof expires_in !== 'string'
  check(answer.aboutBody, rules.ACKNOWLEDGEMENT_EXPIRES_IN_NUMBER, isNumber, 'a number', describe(expires_in))
  return { acknowledgement: checkAcknowledgement(answer.aboutBody, answer.body), sentAt }
}
