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
import { assertUnread, bodyText, readBodyBytes } from './body.ts'
import { parseChallenges } from './challenges.ts'
import { mediaTypeOf } from './content-type.ts'
import { returnBody, takesBodyBack } from './returned-body.ts'

/**
 * An error answer (status 400 to 499) of an OAuth endpoint is JSON.
 *
 * Remedy: look at the answer's body, in the error's `cause`: it often comes from a proxy or a firewall, not from the
 * authorization server, or the endpoint's URL is wrong.
 */
export const ERROR_CONTENT_TYPE: Rule = rule('error-response.content-type', RFC_6749, '5.2', RESPONSE_IS_NOT_JSON)

/**
 * Refuses an answer with another status than the one of success, in the most telling way: by the challenges of its
 * header, by the OAuth error of its body, or else by the rule given. The status of success takes no promise.
 */
export function assertStatus(
  context: Context,
  response: Response,
  status: number,
  statusRule: Rule,
): Promise<void> | undefined {
  const judge = (): void => {
    check(context, statusRule, response.status === status, status, response.status)
  }
  if (response.status !== status) return refuseError(context, response).then(judge)
  judge()
  return undefined
}

async function refuseError(context: Context, response: Response): Promise<void> {
  refuseChallenges(response)
  if (response.status >= 400 && response.status < 500) await refuseOAuthError(context, response)
}

/** Refuses an answer that has challenges in its `WWW-Authenticate` header; its body stays unread. */
export function refuseChallenges(response: Response): void {
  const header = response.headers.get('www-authenticate')
  const cause = header === null ? undefined : parseChallenges(header)
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
  const inPlace = takesBodyBack(response)
  const bytes = await readBodyBytes(context, inPlace ? response : response.clone())
  const json = parseJson(bodyText(bytes))
  if (!isOAuthError(json)) {
    if (inPlace) returnBody(response, bytes)
    return
  }
  // what a clone was taken of is of no more use, and its sender need not wait
  if (!inPlace) await response.body?.cancel()
  throw new ResponseBodyError(`the server answered ${response.status} ${quote(json.error)}`, {
    cause: json,
    response,
    evidence: { spec: { document: RFC_6749, section: '5.2' }, ...answerOf(response) },
  })
}

function isOAuthError(json: unknown): json is OAuth2Error {
  return isJsonObject(json) && typeof json.error === 'string' && json.error !== ''
}
