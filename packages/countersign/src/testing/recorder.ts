import { customFetch, type CustomFetchOptions } from '../http/options.ts'
import { json } from './answers.ts'

/** A request as it was handed to fetch; its body as text. */
export interface SentRequest {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
  readonly redirect: string
}

/** Stands in for the network. */
export interface Recorder {
  /** What was sent, in order. */
  readonly requests: SentRequest[]
  /** Options that send requests here. */
  readonly options: {
    [customFetch]: (url: string, options: CustomFetchOptions<string, unknown>) => Promise<Response>
  }
}

/** Records requests, and answers them. */
export function recorder(answer: () => Response | Promise<Response> = () => json({})): Recorder {
  const requests: SentRequest[] = []
  return {
    requests,
    options: {
      [customFetch](url, { method, headers, body, redirect }) {
        requests.push({ url, method, headers, body: body === undefined ? undefined : String(body), redirect })
        return Promise.resolve(answer())
      },
    },
  }
}
