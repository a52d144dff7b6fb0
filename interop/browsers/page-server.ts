// The origin that the page comes from, on http://localhost, which browsers trust like https. It hands the page its
// configuration, and takes its outcome.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { close, portOf } from '../ciba/bare-provider.ts'
import type { Configuration, Outcome } from '../runtimes/program/configuration.ts'

export interface PageServer {
  /** The page, which runs the program as soon as it is opened. */
  readonly url: string
  /** What the page that is opened next shall do; resolves with what came of it. */
  outcomeOf(configuration: Configuration): Promise<Outcome>
  close(): Promise<void>
}

const PAGE = '<!doctype html><html lang="en"><title>countersign</title><script type="module" src="/page.js"></script>'

export async function servePage(program: string): Promise<PageServer> {
  const script = await readFile(program)
  let configuration: Configuration | undefined
  let settle: ((outcome: string) => void) | undefined

  const server = createServer((request, response) => {
    response.setHeader('cache-control', 'no-store')
    switch (request.url) {
      case '/':
        response.setHeader('content-type', 'text/html').end(PAGE)
        break
      case '/page.js':
        response.setHeader('content-type', 'text/javascript').end(script)
        break
      case '/configuration':
        response.setHeader('content-type', 'application/json').end(JSON.stringify(configuration))
        break
      case '/outcome':
        void text(request).then((body) => {
          response.end()
          settle?.(body)
        })
        break
      default:
        response.writeHead(404).end()
    }
  })
  const port = await portOf(server)
  return {
    url: `http://localhost:${port}/`,
    async outcomeOf(next) {
      configuration = next
      const outcome = await new Promise<string>((resolve) => (settle = resolve))
      // page.ts writes a value of this type
      return JSON.parse(outcome) as Outcome
    },
    close: () => close(server),
  }
}
