import { assertString, invalidArgument } from '../errors/invalid-argument.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { trace } from '../rules/trace.ts'
import { isText } from '../values/text.ts'
import { type BindingMessageOptions, checkBindingMessage } from './binding-message.ts'
import * as rules from './check-parameters.rules.ts'
import { checkNotificationToken, generateClientNotificationToken } from './notification-token.ts'
import {
  type BackchannelAuthenticationParametersInit,
  checkValues,
  type Parameters,
  readParameters,
} from './parameters.ts'
import { type DeliveryMode, deliveryModeOf } from './registration.ts'

/** Options of {@link checkBackchannelAuthenticationParameters}. */
export interface CheckBackchannelAuthenticationParametersOptions extends BindingMessageOptions {}

/**
 * Checks the parameters of a backchannel authentication request by every rule of CIBA Core 1.0, section 7.1, against the
 * metadata of both parties, before anything is sent: for showing somebody what is wrong with what they typed in.
 * {@link initiateBackchannelAuthentication} and {@link issueBackchannelAuthenticationRequestObject} do it themselves.
 *
 * Not checked: whether a hint names anybody, whether the server knows the scope values, and the signature of an ID Token
 * that is the hint; the server sees to these. That a `client_notification_token` is random cannot be seen, only that it is
 * long enough for 128 random bits.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client, with its `backchannel_token_delivery_mode`.
 * @param parameters The request's parameters. In ping and push mode they have a `client_notification_token`.
 * @param options `maximumBindingMessageLength`.
 * @returns Nothing, when the request may be sent.
 * @throws {OperationProcessingError} `OAUTH_REQUEST_FORBIDDEN`: a paragraph forbids the request; `rule` and `spec` say
 *   which. No error repeats a hint, a code, a token or a message.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument or parameter.
 * @see CIBA Core 1.0, sections 4 and 7.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * const client: countersign.Client = { client_id: 'shop', backchannel_token_delivery_mode: 'poll' }
 *
 * try {
 *   countersign.checkBackchannelAuthenticationParameters(as, client, {
 *     scope: 'openid',
 *     login_hint: 'anna@example.com',
 *     binding_message: 'two\nlines',
 *   })
 * } catch (error) {
 *   if (!(error instanceof countersign.OperationProcessingError)) throw error
 *   console.log(error.rule) // backchannel-request.binding_message
 * }
 * ```
 */
export function checkBackchannelAuthenticationParameters(
  as: AuthorizationServer,
  client: Client,
  parameters: BackchannelAuthenticationParametersInit,
  options?: CheckBackchannelAuthenticationParametersOptions,
): void {
  checkedRequest(as, client, parameters, options ?? {})
}

/** A request that may be sent. It may hold a `user_code`, so it goes no further than the request (CIBA Core §7.1.2). */
export interface CheckedRequest {
  readonly mode: DeliveryMode
  readonly parameters: Parameters
}

/**
 * Reads and checks the parameters of a request.
 *
 * @param generateToken Whether a `client_notification_token` is made where the client needs one and none was given.
 */
export function checkedRequest(
  as: AuthorizationServer,
  client: Client,
  given: BackchannelAuthenticationParametersInit,
  options: CheckBackchannelAuthenticationParametersOptions,
  generateToken = false,
): CheckedRequest {
  assertServer(as)
  assertClient(client)
  const context: Context = { trace: client[trace] }
  const mode = deliveryModeOf(context, as, client)
  const parameters = new Map(readParameters(context, given))
  const tokenMissing = mode !== 'poll' && !parameters.has(TOKEN)
  if (tokenMissing && generateToken) parameters.set(TOKEN, generateClientNotificationToken())
  checkScope(context, parameters)
  checkHint(context, parameters)
  checkToken(context, mode, parameters)
  checkUserCode(context, as, client, parameters)
  const message = parameters.get('binding_message')
  if (isText(message)) checkBindingMessage(context, message, options)
  checkValues(context, parameters)
  return { mode, parameters }
}

const TOKEN = 'client_notification_token'

function checkScope(context: Context, parameters: Parameters): void {
  const scope = parameters.get('scope')
  assertString(scope, 'parameters.scope')
  // RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
  const wellFormed = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(scope)
  check(context, rules.SCOPE_SYNTAX, wellFormed, 'values with one space between two', 'other text')
  check(context, rules.SCOPE_OPENID, scope.split(' ').includes('openid'), 'openid among its values', 'others')
}

function checkHint(context: Context, parameters: Parameters): void {
  const names = ['login_hint_token', 'id_token_hint', 'login_hint']
  const given = names.filter((name) => parameters.has(name))
  check(context, rules.HINT, given.length === 1, `exactly one of ${names.join(', ')}`, given)
  const idToken = parameters.get('id_token_hint')
  if (!isText(idToken)) return
  const { length } = idToken.split('.', 6)
  const actual = `${length} parts${length === 5 ? ': it is still encrypted' : ''}`
  check(context, rules.ID_TOKEN_HINT, length === 3, 'a signed ID Token, which has 3 parts', actual)
}

function checkToken(context: Context, mode: DeliveryMode, parameters: Parameters): void {
  const token = parameters.get(TOKEN)
  if (mode === 'poll') {
    if (token === undefined) return
    // nobody will ever show it: a caller who gives one waits for a callback that does not come
    throw invalidArgument(`"parameters.${TOKEN}" is for ping and push mode`, 'ERR_INVALID_ARG_VALUE')
  }
  check(context, rules.NOTIFICATION_TOKEN_PRESENT, token !== undefined, `one, in ${mode} mode`, 'missing')
  if (isText(token)) checkNotificationToken(context, token)
}

function checkUserCode(context: Context, as: AuthorizationServer, client: Client, parameters: Parameters): void {
  if (!parameters.has('user_code')) return
  const registered = client.backchannel_user_code_parameter
  check(
    context,
    rules.USER_CODE_REGISTERED,
    registered === true,
    'a client registered for user codes',
    registered ?? 'missing',
  )
  const supported: unknown = as.backchannel_user_code_parameter_supported
  check(context, rules.USER_CODE_SUPPORTED, supported === true, true, supported ?? 'missing')
}
