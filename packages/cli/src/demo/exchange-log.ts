import { STATUS_CODES } from 'node:http'
import type { CustomFetchOptions } from 'countersign'
import { Unreachable } from './failures.ts'
import { jsonLines } from './json-lines.ts'
import { isSecret, shortened } from './secrets.ts'
import { printable, type Terminal } from './terminal.ts'

type Exchange = (
  url: string,
  options: CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>,
) => Promise<Response>

/** A `customFetch` that prints each request and its answer; a failed connection becomes {@link Unreachable}. */
export function loggedFetch(terminal: Terminal): Exchange {
  return async (url, { method, headers, body, redirect, signal }) => {
    terminal.gap()
    terminal.line(`  ${terminal.bold(terminal.cyan(method))} ${url}`)
    for (const line of [...authorizationLines(headers), ...formLines(body)]) {
      terminal.line(`    ${line}`)
    }
    try {
      const response = await fetch(url, { method, headers, body: body ?? null, redirect, signal: signal ?? null })
      const text = await response.clone().text()
      terminal.line(`  ${paintStatus(terminal, response)}`)
      for (const line of bodyLines(response.headers.get('content-type') ?? 'nothing', text)) {
        terminal.line(`    ${terminal.dim(line)}`)
      }
      terminal.gap()
      return response
    } catch (error) {
      throw unreachable(url, error)
    }
  }
}

function authorizationLines({ authorization }: Record<string, string>): string[] {
  return authorization === undefined ? [] : [authorizationLine(authorization)]
}

/** Scheme and credentials, these shortened. */
export function authorizationLine(authorization: string): string {
  const [scheme = '', credentials] = authorization.split(' ')
  return printable(`authorization: ${scheme} ${credentials === undefined ? '' : shortened(credentials)}`)
}

function formLines(body: URLSearchParams | undefined): string[] {
  return [...(body ?? [])].map(([name, value]) => `${name} = ${isSecret(name) ? shortened(value) : printable(value)}`)
}

export function paintStatus(terminal: Terminal, response: Response): string {
  const words = response.statusText || (STATUS_CODES[response.status] ?? '')
  const status = `→ ${response.status} ${printable(words)}`
  return response.ok ? terminal.green(status) : terminal.red(status)
}

/** A body for reading: JSON with its secrets shortened; of anything else not more than its beginning. */
export function bodyLines(mediaType: string, text: string): string[] {
  try {
    return jsonLines(JSON.parse(text)).split('\n')
  } catch {
    // A JWT, or a page: in neither case readable, and the first may be a secret.
    return [text === '' ? '(empty)' : `${printable(mediaType)}: ${printable(shortened(text))}`]
  }
}

/** What `fetch` throws says little itself; the reason is in its cause. */
function unreachable(url: string, error: unknown): Unreachable {
  const { host } = new URL(url)
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new Unreachable(`${host} gave no answer in time (${url})`, { cause: error })
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(code ?? error)
  if (reason === 'bad port') {
    return new Unreachable(`no connection to ${host}: fetch blocks this port (${url})`, { cause: error })
  }
  return code === 'ECONNREFUSED'
    ? new Unreachable(`the connection to ${host} was refused (${url})`, { cause: error })
    : new Unreachable(`${url} could not be reached: ${printable(reason)}`, { cause: error })
}
