import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'
import { trace, type TraceOptions } from '../rules/trace.ts'
import { INVALID_REQUEST } from '../errors/codes.ts'
import { assertCallback, type CallbackOptions, receiveCallback } from './callback.ts'

/**
 * A ping has neither tokens nor an error in it; with those it is a push.
 *
 * Remedy: answer 400; `callbackResponse` does. See that the client is registered for the mode that it implements; for push
 * call `validatePushCallback`.
 */
export const PING_MODE: Rule = rule('ping-callback.backchannel_token_delivery_mode', CIBA_CORE, '10', INVALID_REQUEST)

/** Options of {@link validatePingCallback}. */
export interface ValidatePingCallbackOptions extends CallbackOptions, TraceOptions {}

/** What a ping says. */
export interface PingCallback {
  /** The transaction whose outcome waits at the token endpoint. */
  readonly auth_req_id: string
}

/**
 * Validates the request by which the server tells that the outcome of a CIBA transaction is ready (ping mode). Then ask for
 * it, by {@link poll} from {@link pingedTransaction}: the person may have approved or refused. Answer the server with
 * {@link callbackResponse}, before you ask.
 *
 * What is seen to, in this order: the method; one bearer token; `application/json`; the size of the body; a JSON object with
 * `auth_req_id`; a transaction that `findTransaction` knows, with this `auth_req_id` and this token. Members that no
 * specification names are ignored.
 *
 * Not checked: whether the same ping came before, since a server may repeat one; `findTransaction` gives nothing for a
 * transaction that is over. That the request came by TLS (CIBA Core 1.0, section 9) is a matter of the server that received
 * it.
 *
 * @param request The request, its body unread.
 * @param options `findTransaction` looks the transaction up; {@link maxBodySize} of the callback; {@link trace}.
 * @returns The `auth_req_id` of the transaction.
 * @throws {OperationProcessingError} `OAUTH_INVALID_REQUEST`, `OAUTH_PARSE_ERROR`: the request is no ping of this server, by
 *   the `rule` of the error; see docs/callbacks.md.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument, a body that was read already, or
 *   something else than a transaction from `findTransaction`.
 * @throws {unknown} What `findTransaction` throws.
 * @see CIBA Core 1.0, sections 9 and 10.2
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const transactions: Map<string, countersign.CallbackExpectation> // by the hash of their token
 *
 * // the client notification endpoint
 * async function answer(request: Request): Promise<Response> {
 *   try {
 *     const { auth_req_id } = await countersign.validatePingCallback(request, {
 *       findTransaction: ({ client_notification_token_hash }) => transactions.get(client_notification_token_hash),
 *     })
 *     console.log('the outcome is ready, ask for it:', auth_req_id)
 *     return countersign.callbackResponse()
 *   } catch (error) {
 *     return countersign.callbackResponse(error)
 *   }
 * }
 * ```
 */
export async function validatePingCallback(
  request: Request,
  options: ValidatePingCallbackOptions,
): Promise<PingCallback> {
  assertCallback(request, options)
  const { aboutBody, authReqId, body } = await receiveCallback({ trace: options[trace] }, request, options)
  const pushed = ['access_token', 'id_token', 'error'].filter((member) => body[member] !== undefined)
  check(aboutBody, PING_MODE, pushed.length === 0, 'ping', pushed)
  return { auth_req_id: authReqId }
}
