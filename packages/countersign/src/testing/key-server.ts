import { customFetch } from '../http/options.ts'
import type { ValidateSignatureOptions } from '../jwks/options.ts'
import { json } from './answers.ts'

/** A server that publishes keys; `keys` may be changed between two requests, to anything. */
export interface KeyServer {
  keys: unknown
  /** What answers in place of the keys, while it is there. */
  answer: (() => Response | Promise<Response>) | undefined
  /** The URLs that were asked for, in order. */
  readonly requests: string[]
  /** Options that send the request for the keys here. */
  readonly options: ValidateSignatureOptions
}

/** Starts a server that publishes some keys. */
export function keyServer(...keys: unknown[]): KeyServer {
  const server: KeyServer = {
    keys,
    answer: undefined,
    requests: [],
    options: {
      [customFetch](url) {
        server.requests.push(url)
        return Promise.resolve(server.answer?.() ?? json({ keys: server.keys }))
      },
    },
  }
  return server
}
