import { customFetch, type CustomFetchOptions } from '../http/options.ts'
import { json, tokenBody } from './answers.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What the token endpoint does about one request. */
export interface Step {
  /** Milliseconds until it does; none unless given. */
  readonly latency?: number
  /** Answers, or throws as fetch does; never answers unless given. */
  readonly answer?: () => Response
}

/** A token request as it came in. */
export interface TokenRequest {
  readonly at: number
  readonly parameters: Record<string, string>
  readonly headers: Record<string, string>
}

/** Stands in for the token endpoint. */
export interface TokenServer {
  readonly requests: readonly TokenRequest[]
  /** How many requests were under way at once at most. */
  readonly atOnce: number
  /** Options that send requests here. */
  readonly options: {
    [customFetch]: (url: string, options: CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response>
  }
}

/** An error of the token endpoint. */
export function oauthError(error: string, status = 400, headers: Record<string, string> = {}): Response {
  return json({ error }, status, headers)
}

export const pending: Step = { answer: () => oauthError('authorization_pending') }
export const slowDown: Step = { answer: () => oauthError('slow_down') }
export const success: Step = { answer: () => json(tokenBody()) }
export const silence: Step = {}

/** What fetch throws where there is no connection. */
export const unreachable: Step = {
  answer() {
    throw new TypeError('fetch failed')
  },
}

const MOST_REQUESTS = 10_000

/** Answers the requests one by one; the last step answers all that follow. */
export function tokenServer(clock: VirtualClock, ...steps: readonly [Step, ...Step[]]): TokenServer {
  const requests: TokenRequest[] = []
  let underWay = 0
  const server = {
    requests,
    atOnce: 0,
    options: {
      async [customFetch](_: string, { body, headers, signal }: CustomFetchOptions<'POST', URLSearchParams>) {
        // whoever asks without end is left waiting: a test that fails is better than one that does not end
        const next = requests.length < MOST_REQUESTS ? steps[Math.min(requests.length, steps.length - 1)] : silence
        const { latency = 0, answer } = next ?? steps[0]
        requests.push({ at: clock.now(), parameters: Object.fromEntries(body), headers })
        server.atOnce = Math.max(server.atOnce, ++underWay)
        try {
          if (answer === undefined) await abortionOf(signal)
          else if (latency > 0) await Promise.race([clock.sleep(latency, signal), abortionOf(signal)])
          if (signal?.aborted) throw signal.reason
          return answer === undefined ? Response.error() : answer()
        } finally {
          underWay--
        }
      },
    },
  }
  return server
}

function abortionOf(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()))
}
