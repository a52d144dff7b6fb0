import { Agent, fetch as undiciFetch } from 'undici'

/** Sends requests over connections of its own. */
export interface TrustingFetch {
  readonly fetch: typeof fetch
  /** Ends those connections. */
  close(): Promise<void>
}

/**
 * Trusts what this authority has issued, and nobody else: neither the rest of the process nor any other connection learns
 * of it.
 *
 * @param ca The authority's certificate, in PEM.
 */
export function fetchTrusting(ca: string): TrustingFetch {
  const dispatcher = new Agent({ connect: { ca } })
  return {
    async fetch(input, init) {
      // undici's declarations differ from the DOM's in names only, and nobody here gives a Request
      const options = init as Parameters<typeof undiciFetch>[1]
      return (await undiciFetch(input as string, { ...options, dispatcher })) as unknown as Response
    },
    close: () => dispatcher.destroy(),
  }
}
