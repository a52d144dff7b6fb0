import { assertNumber, assertObject, assertString, invalidArgument } from '../errors/invalid-argument.ts'
import type { BackchannelAuthenticationResponse } from '../endpoints/backchannel-authentication.ts'
import type { DeviceAuthorizationResponse } from '../endpoints/device-authorization.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { trace, type TraceOptions } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import { epochMilliseconds } from '../values/time.ts'
import * as rules from './transaction.rules.ts'

/** Grant type of {@link CibaTransaction}. */
export const CIBA_GRANT: CibaTransaction['grant_type'] = 'urn:openid:params:grant-type:ciba'

/** Grant type of {@link DeviceTransaction}. */
export const DEVICE_GRANT: DeviceTransaction['grant_type'] = 'urn:ietf:params:oauth:grant-type:device_code'

/** Seconds between two token requests where the server names no interval (CIBA Core 1.0 §7.3, RFC 8628 §3.2). */
const DEFAULT_INTERVAL = 5

/** When the next token request is due, and what became of those before it. */
export interface Schedule {
  /** Milliseconds since 1970 when the transaction ends by itself; counted from the sending of the request. */
  readonly expiresAt: number
  /** Seconds between two token requests at least; what makes it grow makes it grow for good. */
  readonly interval: number
  /** Milliseconds since 1970 before which no token request is sent; never later than {@link expiresAt}. */
  readonly nextPollAt: number
  /** Milliseconds since 1970 when the last token request was sent; absent where none was. */
  readonly lastRequestAt?: number
  /** Token requests in a row that the server did not answer, or answered with a fault of its own. */
  readonly failures: number
  /** A token request was sent whose answer is not known: it may have redeemed the transaction. */
  readonly unanswered: boolean
}

/**
 * A CIBA transaction between two token requests. It is JSON: store it, and go on in another process. Whoever reads
 * `auth_req_id` and can authenticate as the client gets the tokens, so store it as you store those.
 */
export interface CibaTransaction extends Schedule {
  /** What its token requests are for. */
  readonly grant_type: 'urn:openid:params:grant-type:ciba'
  /** The name of the transaction. */
  readonly auth_req_id: string
  /** Authentication contexts, separated by spaces, of which the ID Token's `acr` must be one. */
  readonly acr_values?: string
}

/** A device authorization between two token requests; to be stored like {@link CibaTransaction}. */
export interface DeviceTransaction extends Schedule {
  /** What its token requests are for. */
  readonly grant_type: 'urn:ietf:params:oauth:grant-type:device_code'
  /** The name of the transaction. */
  readonly device_code: string
}

/** What {@link poll} and {@link pollOnce} ask about. */
export type PollingTransaction = CibaTransaction | DeviceTransaction

/** Options of {@link deviceTransaction}. */
export interface TransactionOptions extends TraceOptions {}

/** Options of {@link cibaTransaction}. */
export interface CibaTransactionOptions extends TransactionOptions {
  /**
   * The `acr_values` of the authentication request, where the ID Token's `acr` must be one of them (FAPI-CIBA, section
   * 5.2.3.1, item 3). Absent: any `acr` goes, and none.
   */
  acr_values?: string
}

/**
 * The transaction that an authentication request began. Its first token request is due a full interval after the request
 * was sent, and it ends `expires_in` seconds after that.
 *
 * @param acknowledgement What {@link processBackchannelAuthenticationResponse} resolved with.
 * @param sentAt When the authentication request was sent, in milliseconds since 1970: take it before you send.
 * @param options `acr_values` to hold the ID Token to; `trace`.
 * @returns The transaction, for {@link poll} and {@link pollOnce}.
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: `expires_in` or `interval` is no positive integer.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, sections 7.3 and 7.4
 */
export function cibaTransaction(
  acknowledgement: BackchannelAuthenticationResponse,
  sentAt: number,
  options?: CibaTransactionOptions,
): CibaTransaction {
  assertObject(acknowledgement, 'acknowledgement')
  const { auth_req_id, expires_in, interval = DEFAULT_INTERVAL } = acknowledgement
  assertString(auth_req_id, 'acknowledgement.auth_req_id')
  const acrValues = options?.acr_values
  if (acrValues !== undefined) assertString(acrValues, 'options.acr_values')
  const about = aboutBody(acknowledgement, options)
  check(about, rules.CIBA_LIFETIME, isPositiveInteger(expires_in), 'a positive integer', shown(expires_in))
  check(about, rules.CIBA_INTERVAL, isPositiveInteger(interval), 'a positive integer', shown(interval))
  return {
    grant_type: CIBA_GRANT,
    auth_req_id,
    ...scheduleOf(sentAt, expires_in, interval),
    ...(acrValues !== undefined && { acr_values: acrValues }),
  }
}

/**
 * The transaction that a device authorization request began. Its first token request is due a full interval after the
 * request was sent, and it ends `expires_in` seconds after that.
 *
 * @param response What {@link processDeviceAuthorizationResponse} resolved with.
 * @param sentAt When the device authorization request was sent, in milliseconds since 1970: take it before you send.
 * @param options `trace`.
 * @returns The transaction, for {@link poll} and {@link pollOnce}.
 * @throws {OperationProcessingError} `OAUTH_INVALID_RESPONSE`: `expires_in` is not more than 0.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 8628, section 3.2
 */
export function deviceTransaction(
  response: DeviceAuthorizationResponse,
  sentAt: number,
  options?: TransactionOptions,
): DeviceTransaction {
  assertObject(response, 'response')
  const { device_code, expires_in, interval = DEFAULT_INTERVAL } = response
  assertString(device_code, 'response.device_code')
  const lives = expires_in > 0 && expires_in <= Number.MAX_SAFE_INTEGER
  check(aboutBody(response, options), rules.DEVICE_LIFETIME, lives, 'a number, more than 0', expires_in)
  return { grant_type: DEVICE_GRANT, device_code, ...scheduleOf(sentAt, expires_in, interval) }
}

/**
 * The transaction after a ping told that the person has answered: its next token request is due as soon as the interval
 * since the last one allows, and at once where there was none. Where the server asked for a pause, or did not answer, its
 * next request stays where it is.
 *
 * @param transaction The transaction that the ping named. That it did is for {@link validatePingCallback} to see.
 * @param now The present, in milliseconds since 1970; the clock's unless given.
 * @returns The transaction to go on from.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, sections 10.1 and 10.2
 */
export function pingedTransaction(transaction: CibaTransaction, now: number = epochMilliseconds()): CibaTransaction {
  assertTransaction(transaction)
  assertNumber(now, 'now')
  const { interval, lastRequestAt, nextPollAt, failures } = transaction
  if (failures > 0) return transaction
  const due = lastRequestAt === undefined ? now : Math.max(now, Math.ceil(lastRequestAt + interval * 1000))
  return { ...transaction, nextPollAt: Math.min(nextPollAt, due) }
}

/**
 * The transaction while a token request is under way whose answer may never be known. Store this before each
 * {@link pollOnce}, and go on from it where the process ended, or the request was aborted, before there was a result.
 *
 * @param transaction The transaction that the request is about.
 * @param now When the request is sent, in milliseconds since 1970; the clock's present unless given.
 * @returns The transaction to store: `unanswered`, its next request due a full interval later.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see CIBA Core 1.0, section 10.1; RFC 8628, section 3.5
 */
export function unansweredTransaction<T extends PollingTransaction>(
  transaction: T,
  now: number = epochMilliseconds(),
): T {
  assertTransaction(transaction)
  assertNumber(now, 'now')
  const { expiresAt, interval } = transaction
  const nextPollAt = Math.min(expiresAt, Math.ceil(now + interval * 1000))
  return { ...transaction, nextPollAt, lastRequestAt: now, unanswered: true }
}

/** The argument is a transaction, as these functions make them and JSON gives them back. */
export function assertTransaction(transaction: PollingTransaction): void {
  assertObject(transaction, 'transaction')
  const { grant_type, expiresAt, interval, nextPollAt, lastRequestAt, failures, unanswered } = transaction
  if (grant_type === CIBA_GRANT) assertString(transaction.auth_req_id, 'transaction.auth_req_id')
  else if ((grant_type as unknown) === DEVICE_GRANT) assertString(transaction.device_code, 'transaction.device_code')
  else throw invalidArgument('"transaction.grant_type" is none that is polled for', 'ERR_INVALID_ARG_VALUE')
  const moments = { expiresAt, interval, nextPollAt, failures, ...(lastRequestAt !== undefined && { lastRequestAt }) }
  for (const [name, value] of Object.entries(moments)) assertNumber(value, `transaction.${name}`)
  if (interval === 0) throw invalidArgument('"transaction.interval" must be more than 0', 'ERR_INVALID_ARG_VALUE')
  if (typeof (unanswered as unknown) !== 'boolean') {
    const message = `"transaction.unanswered" must be a boolean, it is ${describe(unanswered)}`
    throw invalidArgument(message, 'ERR_INVALID_ARG_TYPE')
  }
}

function scheduleOf(sentAt: number, lifetime: number, interval: number): Schedule {
  assertNumber(sentAt, 'sentAt')
  // whole milliseconds: not a fraction later than the server's end, nor earlier than its pace
  const expiresAt = Math.floor(sentAt + lifetime * 1000)
  const nextPollAt = Math.min(expiresAt, Math.ceil(sentAt + interval * 1000))
  return { expiresAt, interval, nextPollAt, failures: 0, unanswered: false }
}

function aboutBody(body: object, options: TransactionOptions | undefined): Context {
  return { trace: options?.[trace], document: { kind: 'body', value: body } }
}

function isPositiveInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/** A number is no secret; of anything else its sort is told. */
function shown(value: unknown): unknown {
  return typeof value === 'number' ? value : describe(value)
}
