import { assertFunction, assertObject, assertTagged, invalidArgument } from '../errors/invalid-argument.ts'
import { isBearerToken, parseAuthorization } from '../http/authorization.ts'
import { readBytes } from '../http/body.ts'
import { mediaTypeOf } from '../http/content-type.ts'
import { type BodySizeOptions, bodySizeOf } from '../metadata/body-size.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, parseJson } from '../values/json.ts'
import { decodeText, isText } from '../values/text.ts'
import * as rules from './callback.rules.ts'
import {
  assertExpectation,
  type CallbackExpectation,
  hashClientNotificationToken,
  isTokenHashOf,
} from './notification-token.ts'

/**
 * Looks the transaction up that a callback says it is about; `undefined` or `null` where there is none, or it is over. What
 * it is given came from whoever sent the request: the token is compared afterwards.
 *
 * @param callback What the callback says of itself.
 * @returns The transaction, as it was stored when it began.
 */
export type FindTransaction = (callback: {
  /** `auth_req_id` of the callback. */
  readonly auth_req_id: string
  /** What {@link hashClientNotificationToken} makes of the callback's token. */
  readonly client_notification_token_hash: string
}) => Promise<CallbackExpectation | null | undefined> | CallbackExpectation | null | undefined

/**
 * Options of the functions that validate a callback. `maxBodySize` is of the callback's body, and its default is 65,536 here
 * (64 KiB).
 */
export interface CallbackOptions extends BodySizeOptions {
  /** See {@link FindTransaction}. */
  findTransaction: FindTransaction
}

/** A callback that the server sent whom the token was given to. */
export interface Callback {
  readonly authReqId: string
  readonly body: JsonObject
  /** For rules about the body's other members. */
  readonly aboutBody: Context
}

/** Bytes that the body of a callback may have at most, where the caller does not say. */
const DEFAULT_SIZE = 65_536

/** Characters that a `client_notification_token` has at most (CIBA Core 1.0, section 7.1). */
const LONGEST_TOKEN = 1024

/** The arguments are a request that nobody has read, and options. */
export function assertCallback(request: Request, options: CallbackOptions): void {
  assertTagged(request, 'Request', 'request')
  if (request.bodyUsed || request.body?.locked) {
    throw invalidArgument('"request" has a body that is being read, or was', 'ERR_INVALID_ARG_VALUE')
  }
  assertObject(options, 'options')
  assertFunction(options.findTransaction, 'options.findTransaction')
}

/** What ping and push have in common: reads a callback, and sees that it comes from the server. */
export async function receiveCallback(context: Context, request: Request, options: CallbackOptions): Promise<Callback> {
  const maximum = bodySizeOf(options) ?? DEFAULT_SIZE
  check(context, rules.CALLBACK_METHOD, request.method === 'POST', 'POST', request.method)
  const hash = await hashClientNotificationToken(bearerTokenOf(context, request))
  const body = await readCallback(context, request, maximum)
  const aboutBody = aboutDocument(context, 'body', body)
  const { auth_req_id: authReqId } = body
  check(aboutBody, rules.CALLBACK_AUTH_REQ_ID, isText(authReqId), 'a text', describe(authReqId))

  const found = await options.findTransaction({ auth_req_id: authReqId, client_notification_token_hash: hash })
  const expectation = found ?? undefined
  if (expectation !== undefined) assertExpectation(expectation)
  const sameToken = await isTokenHashOf(expectation, hash)
  check(aboutBody, rules.CALLBACK_TRANSACTION, expectation !== undefined, 'a transaction', 'none')
  const { auth_req_id: expected = authReqId } = expectation
  check(aboutBody, rules.CALLBACK_SAME_TRANSACTION, authReqId === expected, 'the one of the transaction', 'another')
  check(context, rules.NOTIFICATION_TOKEN, sameToken, 'the token of the transaction', 'another')
  return { authReqId, body, aboutBody }
}

function bearerTokenOf(context: Context, { headers }: Request): string {
  const header = headers.get('authorization')
  const about = aboutDocument(context, 'headers', headers)
  check(about, rules.CALLBACK_AUTHORIZATION, header !== null, 'an Authorization header', 'none')
  const { scheme, values } = parseAuthorization(header)
  check(about, rules.CALLBACK_SCHEME, scheme === 'bearer', 'bearer', 'another')
  // Fetch Standard, "get" of a header list: two fields of one name are one value with a comma, which no token has
  const [token = '', ...more] = values
  check(about, rules.CALLBACK_TOKEN_FORM, isBearerToken(token) && more.length === 0, 'one bearer token', 'another text')
  const { length } = token
  check(about, rules.CALLBACK_TOKEN_LENGTH, length <= LONGEST_TOKEN, `at most ${LONGEST_TOKEN} characters`, length)
  return token
}

async function readCallback(context: Context, request: Request, maximum: number): Promise<JsonObject> {
  const mediaType = mediaTypeOf(request)
  check(context, rules.CALLBACK_MEDIA_TYPE, mediaType === 'application/json', 'application/json', mediaType)
  // what says of itself that it is too large is not read at all
  const length = Number(request.headers.get('content-length'))
  check(context, rules.CALLBACK_SIZE, !(length > maximum), `at most ${maximum} bytes`, length)
  const bounds = { whole: rules.CALLBACK_BODY, size: rules.CALLBACK_SIZE, maximum }
  const text = decodeText(await readBytes(context, request, bounds))
  const json = text === undefined ? undefined : parseJson(text)
  check(context, rules.CALLBACK_JSON, json !== undefined, 'JSON in UTF-8', 'other bytes')
  const about = aboutDocument(context, 'body', json)
  check(about, rules.CALLBACK_OBJECT, isJsonObject(json), 'an object', describe(json))
  return json
}
