import { assertTagged } from '../errors/invalid-argument.ts'
import { customFetch, type CustomFetchOptions, type HttpRequestOptions } from './options.ts'

/** Sends a request: the one place from which a request leaves this library. */
export async function send<Method extends string, BodyType = undefined>(
  url: URL,
  method: Method,
  headers: Headers,
  body: BodyType,
  options: HttpRequestOptions<Method, BodyType>,
): Promise<Response> {
  const signal = signalOf(url, options)
  const request: CustomFetchOptions<Method, BodyType> = {
    body,
    headers: Object.fromEntries(headers.entries()),
    method,
    redirect: 'manual',
    ...(signal !== undefined && { signal }),
    // the Fetch Standard wants it with a body that is a stream, of this realm or another
    ...(Object.prototype.toString.call(body) === '[object ReadableStream]' && { duplex: 'half' as const }),
  }
  return await dispatch(url.href, request, options)
}

/** Hands a request to the caller's function, or else to the runtime's. */
export async function dispatch<Method extends string, BodyType = undefined>(
  url: string,
  request: CustomFetchOptions<Method, BodyType>,
  options: Pick<HttpRequestOptions<Method, BodyType>, typeof customFetch>,
): Promise<Response> {
  const fetchOf = options[customFetch]
  // the body types that the library sends are those that fetch takes
  return await (fetchOf ? fetchOf(url, request) : fetch(url, request as RequestInit))
}

/** The signal that aborts a request to a URL, where the caller gave one. */
export function signalOf(url: URL, { signal }: Pick<HttpRequestOptions<string>, 'signal'>): AbortSignal | undefined {
  if (signal === undefined) return undefined
  const given: unknown = typeof signal === 'function' ? signal(url.href) : signal
  assertTagged(given, 'AbortSignal', 'options.signal')
  return given
}
