import { readJsonAnswer } from '../exchange/json-answer.ts'
import { rememberJwt } from '../exchange/jwt-responses.ts'
import { jweDecrypt, type JWEDecryptOptions } from '../jose/jwe-decrypt.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { parseSeconds } from '../values/seconds.ts'
import { isText } from '../values/text.ts'
import { type RequestedClaims, validateIdToken } from './id-token.ts'
import type { TokenEndpointResponse } from './token-endpoint-response.ts'
import * as rules from './token-response.rules.ts'
import { rememberClaims } from './validated-claims.ts'

/**
 * Functions for types of access tokens beside `bearer` and `dpop`, by the type's name in lower case. Each is called
 * with the answer and its parsed body once everything else was found valid, and throws to refuse the type's own
 * members. A function for `bearer` or `dpop` is called as well.
 *
 * @param res The answer; its body has been read.
 * @param body The parsed body.
 *
 * @see RFC 6749, sections 7.1 and 8.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const recognizedTokenTypes: countersign.RecognizedTokenTypes = {
 *   mac(_response, { mac_key }) {
 *     if (typeof mac_key !== 'string') throw new countersign.UnsupportedOperationError('a MAC token without key')
 *   },
 * }
 * ```
 */
export type RecognizedTokenTypes = Record<Lowercase<string>, (res: Response, body: TokenEndpointResponse) => void>

/** Options of the functions that process a token endpoint's answer. */
export interface ProcessTokenResponseOptions extends JWEDecryptOptions {
  /** See {@link RecognizedTokenTypes}. */
  recognizedTokenTypes?: RecognizedTokenTypes
}

/** Validates a token endpoint's answer: what every grant has in common. */
export async function processTokenResponse(
  as: AuthorizationServer,
  client: Client,
  response: Response,
  options: ProcessTokenResponseOptions | undefined,
  requested?: RequestedClaims,
): Promise<TokenEndpointResponse> {
  const answer = await readJsonAnswer(as, client, response, 200, rules.TOKEN_RESPONSE_STATUS)
  const { aboutBody, context } = answer
  const tokens = checkTokenMembers(aboutBody, answer.body)

  if (tokens.id_token !== undefined) {
    const decrypt = options?.[jweDecrypt]
    const { claims, jwt } = await validateIdToken(context, as, client, tokens.id_token, decrypt, requested)
    rememberClaims(tokens, claims)
    rememberJwt(response, jwt)
  }

  checkTokenType(aboutBody, tokens, response, options?.recognizedTokenTypes)
  return tokens
}

/** The members that RFC 6749 §5.1 and OIDC Core §3.1.3.3 define, brought into one form where servers write several. */
export function checkTokenMembers(context: Context, body: JsonObject): TokenEndpointResponse {
  const { access_token, token_type, refresh_token, scope, id_token } = body
  check(context, rules.ACCESS_TOKEN, isText(access_token), 'a text', describe(access_token))
  check(context, rules.TOKEN_TYPE, isText(token_type), 'a text', describe(token_type))
  body.token_type = token_type.toLowerCase()

  if (body.expires_in !== undefined) {
    const seconds = parseSeconds(body.expires_in)
    check(context, rules.EXPIRES_IN, seconds !== undefined, 'a number, 0 or more', describe(body.expires_in))
    body.expires_in = seconds
  }
  check(
    context,
    rules.REFRESH_TOKEN,
    refresh_token === undefined || isText(refresh_token),
    'a text',
    describe(refresh_token),
  )
  check(context, rules.SCOPE, scope === undefined || typeof scope === 'string', 'a string', describe(scope))
  check(context, rules.ID_TOKEN, id_token === undefined || isText(id_token), 'a text', describe(id_token))
  // authorization_details is passed on as it came, like every member that is the caller's to judge
  return body as JsonObject & TokenEndpointResponse
}

/** The type of the access token is one that the caller can use; the last check, since it may be the caller's own. */
export function checkTokenType(
  context: Context,
  tokens: TokenEndpointResponse,
  response: Response,
  recognizedTokenTypes: RecognizedTokenTypes | undefined,
): void {
  const { token_type: type } = tokens
  const recognized = recognizedTokenTypes ?? {}
  const handle = Object.hasOwn(recognized, type) ? recognized[type] : undefined
  const known = type === 'bearer' || type === 'dpop' || handle !== undefined
  check(context, rules.TOKEN_TYPE_RECOGNIZED, known, () => ['bearer', 'dpop', ...Object.keys(recognized)], type)
  handle?.(response, tokens)
}
