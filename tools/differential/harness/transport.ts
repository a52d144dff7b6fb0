import type { Scene } from './scene.ts'

/** A `fetch` that answers from a list, and writes down exactly what it was asked for. */
export interface Transport {
  readonly fetch: (url: string, options: object) => Promise<Response>
  /** How many requests there were. */
  readonly count: () => number
}

/** What comes of one request: a response, or a failure of the network. */
export type Answer = () => Response | Promise<Response>

export function transport(scene: Scene, answers: readonly Answer[], describe: Describe = asIs): Transport {
  let count = 0
  return {
    count: () => count,
    async fetch(url, options) {
      const answer = answers[Math.min(count, answers.length - 1)]
      count++
      scene.note(`request ${count}`, await describe(written(url, options)))
      if (answer === undefined) throw new TypeError('no answer was prepared')
      return scene.name(await answer(), `response ${count}`)
    },
  }
}

/** Turns what differs from run to run (identifiers, signatures) into what must be the same. */
export type Describe = (request: SeenRequest) => unknown

export interface SeenRequest {
  readonly url: unknown
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly [option: string]: unknown
}

function asIs(request: SeenRequest): unknown {
  return request
}

function written(url: unknown, options: object): SeenRequest {
  // For `fetch`, a member that is `undefined` is absent, and so is a body that is `null`.
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const { headers, body, signal, ...rest }: Record<string, unknown> = Object.fromEntries(given)
  return {
    ...rest,
    url,
    headersClass: headers instanceof Headers ? 'Headers' : 'plain',
    headers: Object.fromEntries(new Headers(headers instanceof Headers ? headers : new Headers(asEntries(headers)))),
    bodyClass: body instanceof URLSearchParams ? 'URLSearchParams' : typeof (body ?? undefined),
    body: body instanceof URLSearchParams ? [...body] : (body ?? undefined),
    signal: signal instanceof AbortSignal ? `signal, ${signal.aborted ? 'aborted' : 'open'}` : signal,
  }
}

function asEntries(headers: unknown): [string, string][] {
  if (typeof headers !== 'object' || headers === null) return []
  return Object.entries(headers).map(([name, value]) => [name, String(value)])
}
