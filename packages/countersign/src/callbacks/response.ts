import * as codes from '../errors/codes.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import * as rules from './callback.rules.ts'

/** Refusals of a request that tried no bearer token (RFC 6750, section 3.1: the challenge has no error then). */
const WITHOUT_TOKEN = [rules.CALLBACK_AUTHORIZATION, rules.CALLBACK_SCHEME]

/** Refusals of a token; they look alike, so that nobody finds out which transactions there are. */
const OF_THE_TOKEN = [
  rules.CALLBACK_TOKEN_FORM,
  rules.CALLBACK_TOKEN_LENGTH,
  rules.CALLBACK_TRANSACTION,
  rules.CALLBACK_SAME_TRANSACTION,
  rules.NOTIFICATION_TOKEN,
]

/** The codes of what is wrong with the server's metadata, and not with the callback. */
const OF_THE_METADATA: readonly (string | undefined)[] = [
  codes.MISSING_SERVER_METADATA,
  codes.INVALID_SERVER_METADATA,
  codes.HTTP_REQUEST_FORBIDDEN,
  codes.REQUEST_PROTOCOL_FORBIDDEN,
]

const REALM = 'Bearer realm="client notification endpoint"'

/**
 * The answer to a callback, in ping and push mode: without a body, never a redirect, and never stored.
 *
 * Without an error it is 204. Otherwise it depends on what {@link validatePingCallback} or {@link validatePushCallback} threw:
 * 405 for another method than POST; 401 with a Bearer challenge where the token is missing, malformed or not the one of the
 * transaction, and in the same way where the transaction is not known; 400 for every other callback that was refused; 500
 * for what is not the callback's fault, such as a store that does not answer, or keys of the server that cannot be fetched.
 *
 * @param error What was thrown; nothing for a callback that was taken.
 * @returns The answer.
 * @see CIBA Core 1.0, sections 10.2 and 10.3.1; RFC 6750, section 3
 */
export function callbackResponse(error?: unknown): Response {
  if (error === undefined) return answer(204)
  const rule = isRefusal(error) ? error.rule : undefined
  if (rule === rules.CALLBACK_METHOD.id) return answer(405, { allow: 'POST' })
  if (WITHOUT_TOKEN.some(({ id }) => id === rule)) return answer(401, { 'www-authenticate': REALM })
  if (OF_THE_TOKEN.some(({ id }) => id === rule)) {
    return answer(401, { 'www-authenticate': `${REALM}, error="invalid_token"` })
  }
  return answer(isRefusal(error) ? 400 : 500)
}

/** Tells the refusal of a callback from what happened while it was looked at. */
function isRefusal(error: unknown): error is OperationProcessingError | UnsupportedOperationError {
  if (!(error instanceof OperationProcessingError || error instanceof UnsupportedOperationError)) return false
  // a callback is a request: what has a status is about an answer, the one with the server's keys
  return error.status === undefined && !OF_THE_METADATA.includes(error.code)
}

function answer(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } })
}
