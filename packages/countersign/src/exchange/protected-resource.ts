import type { DPoPRequestOptions } from '../dpop/handle.ts'
import { assertString, assertTagged } from '../errors/invalid-argument.ts'
import { assertResponse } from '../http/body.ts'
import { refuseChallenges } from '../http/error-answer.ts'
import { requestHeaders } from '../http/headers.ts'
import { allowInsecureRequests, type HttpRequestOptions } from '../http/options.ts'
import { checkProtocol } from '../metadata/endpoint.ts'
import { trace } from '../rules/trace.ts'
import { resourceRequest } from './resource-request.ts'

/** What {@link protectedResourceRequest} sends as a body. */
export type ProtectedResourceRequestBody =
  ArrayBuffer | null | ReadableStream | string | Uint8Array | undefined | URLSearchParams

/** Options of {@link protectedResourceRequest}. */
export interface ProtectedResourceRequestOptions
  extends Omit<HttpRequestOptions<string, ProtectedResourceRequestBody>, 'headers'>, DPoPRequestOptions {}

/**
 * Calls a protected resource with an access token in the `Authorization` header, and with a proof where the token is
 * bound to a DPoP key.
 *
 * Not checked: that the URL is the resource's that the token is for. Whoever gets the request can use a bearer token.
 *
 * @param accessToken The access token.
 * @param method The HTTP method, such as `GET`.
 * @param url The resource's URL.
 * @param headers Headers to send beside `Authorization`.
 * @param body The body, where the method has one.
 * @param options Signal, `customFetch`, `DPoP`. A request that is refused for its DPoP nonce can be sent again (see
 *   {@link isDPoPNonceError}), except with a stream for a body, which is spent.
 * @returns The answer, whatever its status, with its body unread.
 * @throws {WWWAuthenticateChallengeError} `OAUTH_WWW_AUTHENTICATE_CHALLENGE`: the resource answered with challenges:
 *   the token is spent or not enough, or a DPoP nonce is wanted.
 * @throws {OperationProcessingError} `OAUTH_HTTP_REQUEST_FORBIDDEN`, `OAUTH_REQUEST_PROTOCOL_FORBIDDEN`: no `https:`
 *   URL.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument.
 * @see RFC 6750, section 2.1; RFC 9449, section 7.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * declare const accessToken: string
 *
 * const url = new URL('https://api.example.com/items')
 * const headers = new Headers({ accept: 'application/json' })
 * const response = await countersign.protectedResourceRequest(accessToken, 'GET', url, headers)
 * if (response.ok) console.log(await response.json())
 * ```
 */
export async function protectedResourceRequest(
  accessToken: string,
  method: string,
  url: URL,
  headers?: Headers,
  body?: ProtectedResourceRequestBody,
  options?: ProtectedResourceRequestOptions,
): Promise<Response> {
  assertString(accessToken, 'accessToken')
  assertTagged(url, 'URL', 'url')
  checkProtocol(url, options?.[allowInsecureRequests] !== true, options?.[trace])
  const sent = requestHeaders(headers)
  const response: unknown = await resourceRequest(accessToken, url, method, sent, body, options ?? {})
  assertResponse(response)
  refuseChallenges(response)
  return response
}
