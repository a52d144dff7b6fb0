import { RESPONSE_IS_NOT_JSON } from '../errors/codes.ts'
import { type OAuth2Error, ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { answerOf } from '../rules/refusal.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_6749, RFC_9110 } from '../rules/specifications.ts'
import { isJsonObject, parseJson } from '../values/json.ts'
import { quote } from '../values/quote.ts'
import { assertUnread, readText } from './body.ts'
import { parseChallenges } from './challenges.ts'
import { mediaTypeOf } from './content-type.ts'

/**
 * An error answer (status 400 to 499) of an OAuth endpoint is JSON.
 *
 * Remedy: look at the answer's body, in the error's `cause`: it often comes from a proxy or a firewall, not from the
 * authorization server, or the endpoint's URL is wrong.
 */
export const ERROR_CONTENT_TYPE: Rule = rule('error-response.content-type', RFC_6749, '5.2', RESPONSE_IS_NOT_JSON)

/**
 * Refuses an answer with another status than the one of success, in the most telling way: by the challenges of its
 * header, by the OAuth error of its body, or else by the rule given.
 */
export async function assertStatus(
  context: Context,
  response: Response,
  status: number,
  statusRule: Rule,
): Promise<void> {
  if (response.status !== status) {
    refuseChallenges(response)
    if (response.status >= 400 && response.status < 500) await refuseOAuthError(context, response)
  }
  check(context, statusRule, response.status === status, status, response.status)
}

/** Refuses an answer that has challenges in its `WWW-Authenticate` header; its body stays unread. */
export function refuseChallenges(response: Response): void {
  const cause = parseChallenges(response.headers.get('www-authenticate') ?? '')
  if (cause === undefined) return
  const errors = cause.map(({ scheme, parameters }) => `${scheme} ${quote(parameters.error ?? 'no error code')}`)
  throw new WWWAuthenticateChallengeError(
    `the server answered ${response.status} with a challenge: ${errors.join(', ')}`,
    { cause, response, evidence: { spec: { document: RFC_9110, section: '11.6.1' }, ...answerOf(response) } },
  )
}

/** Refuses an answer whose body is an OAuth error; the body of any other is left unread, for the caller. */
async function refuseOAuthError(context: Context, response: Response): Promise<void> {
  assertUnread(response)
  const contentType = mediaTypeOf(response)
  check(context, ERROR_CONTENT_TYPE, contentType === 'application/json', 'application/json', contentType)
  const json = parseJson(await readCopy(context, response))
  if (!isOAuthError(json)) return
  await response.body?.cancel()
  throw new ResponseBodyError(`the server answered ${response.status} ${quote(json.error)}`, {
    cause: json,
    response,
    evidence: { spec: { document: RFC_6749, section: '5.2' }, ...answerOf(response) },
  })
}

/** Reads the body of an answer and leaves it to the caller, except where reading it fails. */
async function readCopy(context: Context, response: Response): Promise<string> {
  // a locked body cannot be copied; reading it says so
  if (response.body?.locked) return readText(context, response)
  try {
    return await readText(context, response.clone())
  } catch (error) {
    // a stream that was split goes on until both halves are cancelled
    void response.body?.cancel().catch(() => undefined)
    throw error
  }
}

function isOAuthError(json: unknown): json is OAuth2Error {
  return isJsonObject(json) && typeof json.error === 'string' && json.error !== ''
}
