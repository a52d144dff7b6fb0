import type { CryptoKey } from '../engine/crypto-key.ts'
import { PARSE_ERROR } from '../errors/codes.ts'
import { assertSeconds, invalidArgument } from '../errors/invalid-argument.ts'
import { issuedClaims } from '../jose/issued-claims.ts'
import { privateKeyOf } from '../jose/keys.ts'
import type { SigningOptions } from '../jose/signing-options.ts'
import type { PrivateKey } from '../jose/private-key.ts'
import { type JwtPart, signJwt } from '../jose/sign.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { assertClient, assertServer } from '../metadata/parties.ts'
import { check } from '../rules/check.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_9101 } from '../rules/specifications.ts'
import { trace } from '../rules/trace.ts'
import { isJsonObject, type JsonValue, parseJson } from '../values/json.ts'

/**
 * `claims` and `authorization_details`, which a request object has as JSON, are JSON.
 *
 * Remedy: make the parameter with `JSON.stringify`.
 */
export const REQUEST_OBJECT_JSON: Rule = rule('request-object.json', RFC_9101, '4', PARSE_ERROR)

/**
 * Makes a signed request object (JAR) of the parameters of an authorization request. Send it as the parameter
 * `request`, beside `client_id`, or push it.
 *
 * `max_age`, `claims` and `authorization_details` become a number and JSON, several `resource` parameters an array; the
 * others are strings, the last one where a parameter comes several times. `client_id`, `iss`, `aud`, `jti`, `iat`,
 * `nbf` and `exp` are set here; the object is good for 60 seconds.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client.
 * @param parameters The request's parameters.
 * @param privateKey The key to sign with, alone or with the `kid` by which the server knows it.
 * @param options `modifyAssertion`, to change the object before it is signed.
 * @returns The request object, a compact JWS.
 * @throws {OperationProcessingError} `OAUTH_PARSE_ERROR`: `claims` or `authorization_details` is no JSON.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: the key is for no supported algorithm.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument or parameter.
 * @see RFC 9101, sections 4 and 5; OpenID Connect Core 1.0, section 6.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const parameters: URLSearchParams // of the authorization request
 *
 * const { privateKey } = await countersign.generateKeyPair('ES256') // registered with the server
 * const key = { key: privateKey, kid: 'key-of-2026' }
 * const request = await countersign.issueRequestObject(as, client, parameters, key)
 * const url = new URL(as.authorization_endpoint ?? '')
 * url.search = new URLSearchParams({ client_id: client.client_id, request }).toString()
 * ```
 */
export async function issueRequestObject(
  as: AuthorizationServer,
  client: Client,
  parameters: URLSearchParams | Record<string, string> | string[][],
  privateKey: CryptoKey | PrivateKey,
  options?: SigningOptions,
): Promise<string> {
  assertServer(as)
  assertClient(client)
  const given = new URLSearchParams(parameters)
  const { key, kid } = privateKeyOf(privateKey, 'privateKey')
  given.set('client_id', client.client_id)
  const context = { trace: client[trace] }
  const header = { typ: 'oauth-authz-req+jwt', kid }
  return await signJwt(context, key, header, claimsOf(as, client, given), options)
}

function claimsOf(as: AuthorizationServer, client: Client, given: URLSearchParams): JwtPart {
  const claims: JwtPart = {
    ...Object.fromEntries(given),
    ...issuedClaims(as, client),
  }
  const resources = given.getAll('resource')
  if (resources.length > 1) claims.resource = resources

  const maxAge = given.get('max_age')
  if (maxAge !== null) {
    const seconds = Number.parseInt(maxAge, 10)
    assertSeconds(seconds, 'max_age')
    claims.max_age = seconds
  }
  const requestedClaims = jsonOf(client, given, 'claims')
  if (requestedClaims !== undefined) {
    if (!isJsonObject(requestedClaims)) throw invalidArgument('"claims" must be a JSON object', 'ERR_INVALID_ARG_VALUE')
    claims.claims = requestedClaims
  }
  const details = jsonOf(client, given, 'authorization_details')
  if (details !== undefined) {
    if (!Array.isArray(details)) {
      throw invalidArgument('"authorization_details" must be a JSON array', 'ERR_INVALID_ARG_VALUE')
    }
    claims.authorization_details = details
  }
  return claims
}

/** The JSON value of a parameter; `undefined` where it is missing. */
function jsonOf(client: Client, given: URLSearchParams, name: string): JsonValue | undefined {
  const text = given.get(name)
  if (text === null) return undefined
  const value = parseJson(text)
  check({ trace: client[trace] }, REQUEST_OBJECT_JSON, value !== undefined, `${name} as JSON`, 'other text')
  return value
}
