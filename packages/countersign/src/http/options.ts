import type { TraceOptions } from '../rules/trace.ts'

/**
 * Option of every function that sends a request: lets it go to a plain `http:` URL.
 *
 * Safe only against a server of your own on the same machine, in development and tests: without TLS everybody on the
 * way reads and changes codes, tokens and secrets.
 *
 * @see RFC 6749, section 1.6
 *
 * @deprecated Not to be gone one day, but to stand out in an editor wherever it is used.
 */
export const allowInsecureRequests: unique symbol = Symbol('allowInsecureRequests')

/**
 * Option of every function that sends a request: called in place of the global `fetch`, with the same arguments, for
 * each request that the function sends. For client certificates, proxies, private certificate authorities, retries and
 * logs.
 *
 * It must not follow redirects, and must give back the answer with its body unread. What it rejects with is passed on.
 *
 * @see Fetch Standard
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const response = await countersign.discoveryRequest(new URL('https://op.example.com'), {
 *   [countersign.customFetch]: async (url, options) => {
 *     const answer = await fetch(url, { ...options, body: options.body ?? null })
 *     console.log(options.method, url, answer.status)
 *     return answer
 *   },
 * })
 * ```
 */
export const customFetch: unique symbol = Symbol('customFetch')

/**
 * The second argument of a {@link customFetch}.
 *
 * @typeParam Method The request's method.
 * @typeParam BodyType What the request has for a body.
 */
export interface CustomFetchOptions<Method, BodyType = undefined> {
  /** The request's body. */
  body: BodyType
  /** The request's headers; names are lower-cased. */
  headers: Record<string, string>
  /** The request's method. */
  method: Method
  /** A redirect is an answer like any other, and is refused by the function that validates it. */
  redirect: 'manual'
  /** `half` where the body is a stream. */
  duplex?: 'half'
  /** The signal of {@link HttpRequestOptions.signal}, where one was given. */
  signal?: AbortSignal
}

/**
 * Options of every function that sends a request. A request that cannot be sent, or is aborted, rejects with what
 * `fetch` or the {@link customFetch} rejects with; it is no error of this library.
 *
 * @typeParam Method The request's method.
 * @typeParam BodyType What the request has for a body.
 */
export interface HttpRequestOptions<Method, BodyType = undefined> extends TraceOptions {
  /**
   * Aborts the request, such as `AbortSignal.timeout(5000)`. As a function it is called for each request that is sent,
   * so that each can have a time of its own. Without it a request waits for as long as the runtime does.
   *
   * @param url The URL of the request.
   */
  signal?: ((url: string) => AbortSignal) | AbortSignal

  /**
   * Headers to send beside those of the request itself, which win over them. `Authorization` is refused with a
   * `TypeError` (`ERR_INVALID_ARG_VALUE`).
   */
  headers?: [string, string][] | Record<string, string> | Headers

  /**
   * See {@link customFetch}.
   *
   * @param url The URL of the request.
   * @param options Method, headers, body and signal, as `fetch` takes them.
   */
  [customFetch]?: (url: string, options: CustomFetchOptions<Method, BodyType>) => Promise<Response>

  /**
   * See {@link allowInsecureRequests}.
   *
   * @deprecated To stand out.
   */
  [allowInsecureRequests]?: boolean
}
