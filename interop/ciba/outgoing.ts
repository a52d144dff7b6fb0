/** What `customFetch` receives, whichever function sends the request. */
export interface Outgoing {
  readonly method: string
  readonly headers: Record<string, string>
  readonly redirect: 'manual'
  readonly body: URLSearchParams | undefined
  readonly signal?: AbortSignal
}

/** The options in the form that `fetch` is declared with, where what is absent is null. */
export function forFetch({ method, headers, redirect, body, signal }: Outgoing) {
  return { method, headers, redirect, body: body ?? null, signal: signal ?? null }
}
