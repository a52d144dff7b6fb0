import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loggedFetch } from './exchange-log.ts'
import { Unreachable } from './failures.ts'
import { terminalOn } from './terminal.ts'

let server: Server
let origin: string

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/json') {
      response.setHeader('content-type', 'application/json').end('{"access_token":"abcdefghijkl","scope":"openid"}')
    } else if (request.url === '/jwt') {
      response.setHeader('content-type', 'application/jwt').end('eyJhbGciOiJFUzI1NiJ9.e30.c2ln')
    } else if (request.url === '/empty') {
      response.writeHead(401).end()
    } else if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': '10' }).write('half')
      setTimeout(() => response.destroy(), 20)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

async function exchange(url: string, body?: URLSearchParams, headers = {}, patience = 30_000) {
  let printed = ''
  const terminal = terminalOn({ write: (text) => (printed += text) }, {})
  const method = body ? 'POST' : 'GET'
  const signal = AbortSignal.timeout(patience)
  const end = await loggedFetch(terminal)(url, { method, headers, body, redirect: 'manual', signal }).catch(
    (error: unknown) => error,
  )
  return { printed, end }
}

describe('the log of exchanges', () => {
  it('prints request and answer, secrets shortened, and leaves the answer readable', async () => {
    const body = new URLSearchParams({ scope: 'openid', client_assertion: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln' })
    const { printed, end } = await exchange(`${origin}/json`, body, { authorization: 'Bearer abcdefghijkl' })
    expect(printed).toBe(
      [
        `  POST ${origin}/json`,
        '    authorization: Bearer abcdefgh… (12 characters)',
        '    scope = openid',
        '    client_assertion = eyJhbGci… (29 characters)',
        '  → 200 OK',
        '    {',
        '      "access_token": "abcdefgh… (12 characters)",',
        '      "scope": "openid"',
        '    }',
        '\n',
      ].join('\n'),
    )
    expect(end instanceof Response && (await end.json())).toEqual({ access_token: 'abcdefghijkl', scope: 'openid' })
  })

  it('shortens a JWT, and says when there is no body', async () => {
    expect((await exchange(`${origin}/jwt`)).printed).toContain('    application/jwt: eyJhbGci… (29 characters)\n')
    expect((await exchange(`${origin}/empty`)).printed).toContain('  → 401 Unauthorized\n    (empty)\n')
  })

  it.each([
    ['no answer in time', () => `${origin}/silent`, 'TimeoutError'],
    ['an answer that breaks off', () => `${origin}/broken`, 'TypeError'],
    ['a port that fetch blocks', () => 'http://127.0.0.1:9/', 'TypeError'],
    ['an unknown name', () => 'http://nowhere.invalid/', 'TypeError'],
  ])('makes %s one sentence', async (_what, url, cause) => {
    const { end } = await exchange(url(), undefined, {}, cause === 'TimeoutError' ? 300 : undefined)
    expect(end).toBeInstanceOf(Unreachable)
    expect(end).toMatchObject({ cause: { name: cause }, exitCode: 1 })
  })

  it('makes a refused connection one sentence', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    await new Promise((resolve) => closed.close(resolve))
    const { end } = await exchange(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`)
    expect(end).toBeInstanceOf(Unreachable)
    expect(end).toMatchObject({ cause: { cause: { code: 'ECONNREFUSED' } } })
  })
})
