import { RESPONSE_IS_NOT_CONFORM } from '../errors/codes.ts'
import { aboutAnswer, readJsonObject } from '../http/body.ts'
import { send } from '../http/fetch.ts'
import { requestHeaders } from '../http/headers.ts'
import { allowInsecureRequests } from '../http/options.ts'
import type { JWK, JWKS } from '../jose/jwk.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { bodySizeOf } from '../metadata/body-size.ts'
import { resolveEndpoint } from '../metadata/endpoint.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_DISCOVERY, RFC_7517 } from '../rules/specifications.ts'
import { trace } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject } from '../values/json.ts'
import type { ValidateSignatureOptions } from './options.ts'

/**
 * The server's key set is answered with status 200.
 *
 * Remedy: open `jwks_uri` of the server's metadata, and see what it answers.
 */
export const JWKS_STATUS: Rule = rule('jwks.status', OIDC_DISCOVERY, '3', RESPONSE_IS_NOT_CONFORM)

/**
 * A key set has an array of keys, each a JSON object.
 *
 * Remedy: report it to the server's operator.
 */
export const JWKS_KEYS: Rule = rule('jwks.keys', RFC_7517, '5.1')

const MEDIA_TYPES = ['application/json', 'application/jwk-set+json']

/** A request for a server's keys that may be sent. */
export interface JwksRequest {
  readonly url: URL
  readonly headers: Headers
}

/** Makes the request for a server's keys. */
export function jwksRequest(as: AuthorizationServer, options: ValidateSignatureOptions): JwksRequest {
  bodySizeOf(options)
  const url = resolveEndpoint(as, 'jwks_uri', false, options[allowInsecureRequests] !== true, options[trace])
  return { url, headers: requestHeaders(options.headers, MEDIA_TYPES.join(', ')) }
}

/** Sends the request for a server's keys, and validates the answer. */
export async function fetchJwks({ url, headers }: JwksRequest, options: ValidateSignatureOptions): Promise<JWKS> {
  const response = await send(url, 'GET', headers, undefined, options)
  const context = aboutAnswer(response, options)
  check(context, JWKS_STATUS, response.status === 200, 200, response.status)
  const value = await readJsonObject(context, response, MEDIA_TYPES)
  const { keys } = value
  const document = { kind: 'body', value } as const
  check({ ...context, document }, JWKS_KEYS, areKeys(keys), 'an array of objects', describe(keys))
  return { ...value, keys }
}

/** Whether something is what a key set has for its keys. */
export function areKeys(keys: unknown): keys is JWK[] {
  return Array.isArray(keys) && keys.every(isJsonObject)
}
