import * as oauth from 'countersign'

/** The options that every request shares, and the function that replaces `fetch`. */
export const replacement = async <Method extends string, Body extends BodyInit | undefined>(
  url: string,
  options: oauth.CustomFetchOptions<Method, Body>,
): Promise<Response> => {
  const { method, headers, body, redirect, signal, duplex } = options
  const manual: 'manual' = redirect
  const half: 'half' | undefined = duplex
  const plain: Record<string, string> = headers
  return await fetch(`${url}#${half ?? ''}`, {
    method,
    headers: plain,
    body: body ?? null,
    redirect: manual,
    signal: signal ?? null,
  })
}

export const options: oauth.HttpRequestOptions<'GET'> = {
  signal: new AbortController().signal,
  headers: [
    ['x-one', '1'],
    ['x-two', '2'],
  ],
  [oauth.customFetch]: replacement,
  [oauth.allowInsecureRequests]: true,
}

export function guard(url: URL, enforceHttps: boolean | undefined): void {
  oauth.checkProtocol(url, enforceHttps)
}
