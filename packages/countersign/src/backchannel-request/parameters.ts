import { assertObject, assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import type { AuthorizationDetails } from '../tokens/token-endpoint-response.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../values/json.ts'
import { isText } from '../values/text.ts'
import * as rules from './parameters.rules.ts'

/**
 * The parameters of a backchannel authentication request. A member that is `undefined` is not sent.
 *
 * A signed request carries each value as the JSON that it is here. An unsigned one is a form, whose values are text: there
 * a number or boolean is its JSON text, a list of `resource` is several parameters, and every other object or array is
 * sent as its JSON text.
 *
 * @see CIBA Core 1.0, section 7.1
 */
export interface BackchannelAuthenticationParameters {
  /** Scope values, separated by one space each; `openid` is one of them. */
  readonly scope: string
  /** Says who is to be authenticated: what the server knows the person by. One of the three hints is given. */
  readonly login_hint?: string
  /** Says it by a token, whose form is between the server and its clients. */
  readonly login_hint_token?: string
  /** Says it by an ID Token that the server issued to this client before; where it came encrypted, decrypted. */
  readonly id_token_hint?: string
  /**
   * What the person sees on both devices. Letters, marks, digits, punctuation and symbols, with single spaces between
   * them: no line break, and nothing that is invisible or turns the direction of the text. Servers have their own limits:
   * oidc-provider takes at most 20 of `a-z A-Z 0-9 - . _ + / ! ? #` unless it is configured otherwise.
   */
  readonly binding_message?: string
  /** The person's own code against unsolicited requests. Ask for it each time, and never store it (section 7.1.2). */
  readonly user_code?: string
  /** Seconds that the transaction should last; an integer, 1 or more. The server decides. */
  readonly requested_expiry?: number | string
  /** Authentication contexts, the preferred one first: a list, or a text with one space between two. */
  readonly acr_values?: string | readonly string[]
  /** With this the server will prove itself in ping and push mode; see {@link generateClientNotificationToken}. */
  readonly client_notification_token?: string
  /**
   * What helps the server judge the risk, such as where the consumption device is (FAPI-CIBA, section 5.3). oidc-provider
   * reads it in a signed request only where `modifyAssertion` makes it JSON text.
   */
  readonly request_context?: JsonObject
  /** The resources that the access token is for, absolute URIs without fragment (RFC 8707, section 2). */
  readonly resource?: string | readonly string[]
  /** What is to be authorized in detail (RFC 9396, section 2). */
  readonly authorization_details?: readonly AuthorizationDetails[]
  /** Parameters of an extension or profile. */
  readonly [parameter: string]: JsonValue | readonly JsonValue[] | undefined
}

/**
 * The forms in which parameters can be given: by their types, or as {@link backchannelAuthenticationRequest} takes them. Of
 * the latter, `request_context` and `authorization_details` are JSON text.
 */
export type BackchannelAuthenticationParametersInit =
  BackchannelAuthenticationParameters | URLSearchParams | Record<string, string> | string[][]

/** A request's parameters by name, each once, its value as a JWT has it. */
export type Parameters = ReadonlyMap<string, JsonValue>

/** The parameters whose values CIBA Core 1.0 §7.1 defines as text. */
const TEXTS = [
  'login_hint',
  'login_hint_token',
  'id_token_hint',
  'binding_message',
  'user_code',
  'client_notification_token',
  'acr_values',
]

// client authentication, the signed request and its claims are not the caller's to write beside the parameters. With a
// `sub`, a signed request would be a client assertion for whoever gets hold of it (RFC 9101 §10.8)
const RESERVED = new Set([
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'request',
  'request_uri',
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
])

/** Reads parameters from any of their forms, and looks at what each value is. */
export function readParameters(context: Context, given: BackchannelAuthenticationParametersInit): Parameters {
  assertObject(given, 'parameters')
  const parameters = new Map<string, JsonValue>(isForm(given) ? ofForm(context, given) : ofMembers(given))
  for (const name of parameters.keys()) {
    if (RESERVED.has(name)) throw invalidArgument(`"parameters" must not include "${name}"`, 'ERR_INVALID_ARG_VALUE')
  }
  for (const name of TEXTS) {
    const value = parameters.get(name)
    if (value !== undefined) assertString(value, `parameters.${name}`)
  }
  readJson(parameters, 'request_context')
  readJson(parameters, 'authorization_details')
  return parameters
}

function isForm(given: BackchannelAuthenticationParametersInit): given is URLSearchParams | string[][] {
  return Array.isArray(given) || Object.prototype.toString.call(given) === '[object URLSearchParams]'
}

function ofForm(context: Context, given: URLSearchParams | string[][]): Map<string, JsonValue> {
  const form = new URLSearchParams(given)
  const parameters = new Map<string, JsonValue>()
  for (const [name, value] of form) {
    // RFC 8707 §2: the one parameter that may come several times
    const values = form.getAll(name)
    const once = values.length === 1 || name === 'resource'
    check(context, rules.REQUEST_PARAMETER_ONCE, once, `${name} once`, `${values.length} times`)
    parameters.set(name, values.length === 1 ? value : values)
  }
  return parameters
}

function ofMembers(given: BackchannelAuthenticationParameters | Record<string, string>): Map<string, JsonValue> {
  const parameters = new Map<string, JsonValue>()
  for (const [name, value] of Object.entries<unknown>({ ...given })) {
    if (value === undefined) continue
    if (!isJson(value)) {
      throw invalidArgument(`"parameters.${name}" must be JSON, it is ${describe(value)}`, 'ERR_INVALID_ARG_TYPE')
    }
    const list = name === 'acr_values' && Array.isArray(value) && value.every(isText)
    parameters.set(name, list ? value.join(' ') : value)
  }
  return parameters
}

/** What a value is at its surface: a text, a finite number, true, false, null, an object or an array. */
function isJson(value: unknown): value is JsonValue {
  return ['string', 'boolean', 'object'].includes(typeof value) || Number.isFinite(value)
}

/** Where the parameter is text, it is the text of JSON. */
function readJson(parameters: Map<string, JsonValue>, name: string): void {
  const value = parameters.get(name)
  if (typeof value !== 'string') return
  const parsed = parseJson(value)
  if (parsed === undefined) throw invalidArgument(`"parameters.${name}" must be JSON`, 'ERR_INVALID_ARG_VALUE')
  parameters.set(name, parsed)
}

/** The values of the request that have types of their own, each looked at. */
export function checkValues(context: Context, parameters: Parameters): void {
  const expiry = parameters.get('requested_expiry')
  if (expiry !== undefined) {
    check(context, rules.REQUESTED_EXPIRY, isPositiveInteger(expiry), 'a positive integer', described(expiry))
  }
  const acrValues = parameters.get('acr_values')
  if (acrValues !== undefined) {
    const separated = typeof acrValues === 'string' && /^[^\s\p{Cc}]+( [^\s\p{Cc}]+)*$/u.test(acrValues)
    check(context, rules.ACR_VALUES, separated, 'values with one space between two', 'other text')
  }
  const requestContext = parameters.get('request_context')
  if (requestContext !== undefined) {
    check(context, rules.REQUEST_CONTEXT, isJsonObject(requestContext), 'a JSON object', describe(requestContext))
  }
  const details = parameters.get('authorization_details')
  if (details !== undefined) {
    const typed = Array.isArray(details) && details.every((entry) => isJsonObject(entry) && isText(entry.type))
    check(context, rules.AUTHORIZATION_DETAILS, typed, 'an array of objects, each with a type', describe(details))
  }
  const resource = parameters.get('resource')
  if (resource !== undefined) {
    const absolute = [resource].flat().every(isAbsoluteUri)
    check(context, rules.RESOURCE_INDICATOR, absolute, 'absolute URIs without fragment', describe(resource))
  }
}

function isPositiveInteger(value: JsonValue): boolean {
  if (typeof value === 'string') return /^[1-9]\d*$/.test(value) && Number.isSafeInteger(Number(value))
  return Number.isSafeInteger(value) && Number(value) > 0
}

function described(value: JsonValue): unknown {
  return typeof value === 'number' ? value : describe(value)
}

/** RFC 3986 §4.3: a scheme and something behind it; no fragment. */
function isAbsoluteUri(value: JsonValue): boolean {
  return typeof value === 'string' && /^[a-z][a-z\d+.-]*:[!-"$-~]+$/i.test(value)
}

/** The parameters as a form, for an unsigned request. */
export function formOf(parameters: Parameters): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of parameters) {
    const values = name === 'resource' ? [value].flat() : [value]
    for (const one of values) form.append(name, typeof one === 'string' ? one : JSON.stringify(one))
  }
  return form
}
