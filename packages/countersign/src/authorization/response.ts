import { assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { AuthorizationResponseError } from '../errors/authorization-response-error.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { RFC_6749 } from '../rules/specifications.ts'
import { trace } from '../rules/trace.ts'
import { quote } from '../values/quote.ts'
import * as rules from './response.rules.ts'

/**
 * Value of `expectedState`: the request had no `state`, and a response that has one is refused. It is the default. Such
 * a request is safe only with PKCE and `nonce`, which do for `state` what is bound to the browser's session.
 *
 * @see RFC 6749, section 10.12; RFC 9700, section 4.7
 */
export const expectNoState: unique symbol = Symbol('expectNoState')

/**
 * Value of `expectedState`: the caller looks at `state`.
 *
 * Safe only where `state` protects itself, such as a signed value that is bound to the browser's session; otherwise
 * anybody can sign a person's browser in as somebody else.
 *
 * @see RFC 6749, section 10.12
 */
export const skipStateCheck: unique symbol = Symbol('skipStateCheck')

// what was validated, by the very object: nothing else can be exchanged for tokens
const validated = new WeakSet<URLSearchParams>()

/**
 * Validates the parameters with which the browser came back from the authorization endpoint: that they are the answer
 * to this browser's request (`state`), and the answer of this server (`iss`, where it is there or promised by the
 * metadata).
 *
 * Not checked: that the URL is the `redirect_uri` of the request; and the code itself, which the token endpoint judges.
 *
 * @param as Metadata of the server to which this browser was sent.
 * @param client Metadata of the client.
 * @param parameters The parameters, or the URL that has them in its query.
 * @param expectedState `state` of the request, kept with the browser's session; {@link expectNoState}, the default,
 *   where it had none; {@link skipStateCheck}.
 * @returns The parameters, for {@link authorizationCodeGrantRequest}.
 * @throws {AuthorizationResponseError} `OAUTH_AUTHORIZATION_RESPONSE_ERROR`: the server's own error, such as
 *   `access_denied` (RFC 6749, section 4.1.2.1).
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: `state` or `iss` is missing or another's, a parameter
 *   stands there twice, or the response is a JWT.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: there are tokens in it.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6749, section 4.1.2; RFC 9207, section 2.4
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const callbackUrl: URL
 * declare const state: string
 *
 * try {
 *   const parameters = countersign.validateAuthResponse(as, client, callbackUrl, state)
 *   console.log(parameters.has('code'))
 * } catch (error) {
 *   if (error instanceof countersign.AuthorizationResponseError) console.log('the server says', error.error)
 *   else throw error
 * }
 * ```
 */
export function validateAuthResponse(
  as: AuthorizationServer,
  client: Client,
  parameters: URLSearchParams | URL,
  expectedState?: string | typeof expectNoState | typeof skipStateCheck,
): URLSearchParams {
  assertServer(as)
  assertClient(client)
  const given = searchParametersOf(parameters)
  return validateParameters(aboutParameters(client, given), as, given, expectedState)
}

/** Validates the parameters of a response, however they came. */
export function validateParameters(
  about: Context,
  as: AuthorizationServer,
  given: URLSearchParams,
  expectedState: string | typeof expectNoState | typeof skipStateCheck | undefined,
): URLSearchParams {
  const response = single(about, given, 'response')
  check(about, rules.RESPONSE_PLAIN, !response, 'plain parameters', 'a JWT')
  checkIssuer(about, as, given)
  checkState(about, given, expectedState)
  const error = single(about, given, 'error')
  if (error) {
    const evidence = { spec: { document: RFC_6749, section: '4.1.2.1' } }
    throw new AuthorizationResponseError(`the server answered ${quote(error)}`, { cause: given, evidence })
  }
  const tokens = ['id_token', 'token'].filter((name) => single(about, given, name) !== undefined)
  check(about, rules.RESPONSE_CODE_ONLY, tokens.length === 0, 'a code', tokens)

  const result = new URLSearchParams(given)
  validated.add(result)
  return result
}

function checkIssuer(about: Context, as: AuthorizationServer, given: URLSearchParams): void {
  const iss = single(about, given, 'iss')
  const needed = Boolean(as.authorization_response_iss_parameter_supported)
  check(about, rules.RESPONSE_ISSUER_PRESENT, !needed || iss, as.issuer, 'missing')
  check(about, rules.RESPONSE_ISSUER, !iss || iss === as.issuer, as.issuer, iss)
}

function checkState(
  about: Context,
  given: URLSearchParams,
  expectedState: string | typeof expectNoState | typeof skipStateCheck | undefined,
): void {
  const state = single(about, given, 'state')
  if (expectedState === skipStateCheck) return
  const particulars = { expected: typeof expectedState === 'string' ? expectedState : undefined }
  if (expectedState === undefined || expectedState === expectNoState) {
    check({ ...about, particulars }, rules.RESPONSE_STATE, state === undefined, 'no state', 'a state')
    return
  }
  assertString(expectedState, 'expectedState')
  const actual = state === undefined ? 'missing' : 'another state'
  check({ ...about, particulars }, rules.RESPONSE_STATE, state === expectedState, 'the state of the request', actual)
}

/** The one value of a parameter; `undefined` where it is missing. */
export function single(about: Context, parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name)
  check(about, rules.PARAMETER_ONCE, values.length < 2, `${name} once`, `${values.length} times`)
  return values[0]
}

/** Throws unless these are the very parameters of a response that was validated here. */
export function assertValidated(parameters: URLSearchParams): void {
  if (validated.has(parameters)) return
  const message = '"callbackParameters" must be what a function that validates authorization responses gave back'
  throw invalidArgument(message, 'ERR_INVALID_ARG_VALUE')
}

/** The code of a response. */
export function codeOf(parameters: URLSearchParams, context: Context): string {
  const code = single(context, parameters, 'code')
  check(context, rules.RESPONSE_CODE, code, 'a code', 'none')
  return code
}

/** The context of a rule about the parameters of a response. */
export function aboutParameters(client: Client, value: URLSearchParams): Context {
  return { trace: client[trace], document: { kind: 'parameters', value } }
}

/** The parameters that a caller gave, alone or in the query of a URL. */
export function searchParametersOf(parameters: unknown): URLSearchParams {
  const tag = Object.prototype.toString.call(parameters)
  // the tag says which of the two it is, of whatever realm
  if (tag === '[object URL]') return (parameters as URL).searchParams
  if (tag === '[object URLSearchParams]') return parameters as URLSearchParams
  throw invalidArgument('"parameters" must be an instance of URLSearchParams or URL', 'ERR_INVALID_ARG_TYPE')
}
