import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rejectionOf } from '../testing/refuses.ts'
import { requestHeaders, VERSION } from './headers.ts'

const JSON_TYPE = 'application/json'
const OURS = { accept: JSON_TYPE, 'user-agent': `countersign/${VERSION}` }

function sent(input?: HeadersInit): Record<string, string> {
  return Object.fromEntries(requestHeaders(input, JSON_TYPE))
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the headers of a request', () => {
  it('say what is accepted, and which library asks (RFC 9110 12.5.1, 10.1.5)', () => {
    expect(sent()).toEqual(OURS)
  })

  it('have no Accept where the body of the answer does not matter, also none of the caller', () => {
    expect(Object.fromEntries(requestHeaders({ accept: 'text/html', a: 'b' }, null))).toEqual({
      a: 'b',
      'user-agent': OURS['user-agent'],
    })
  })

  it('name the version of the package', async () => {
    const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(manifest).toMatchObject({ version: VERSION })
  })

  it.each<[string, HeadersInit]>([
    ['Headers', new Headers({ 'X-Request-ID': '7', Accept: 'text/html' })],
    ['an object', { 'X-Request-ID': '7', Accept: 'text/html' }],
    [
      'pairs',
      [
        ['X-Request-ID', '7'],
        ['Accept', 'text/html'],
      ],
    ],
  ])('keep those of the caller but for Accept, given as %s', (_title, input) => {
    expect(sent(input)).toEqual({ ...OURS, 'x-request-id': '7' })
  })

  it('leave what the caller gave as it was', () => {
    const input = new Headers({ accept: 'text/html' })
    requestHeaders(input, JSON_TYPE)
    expect(Object.fromEntries(input)).toEqual({ accept: 'text/html' })
  })

  it.each<[string, HeadersInit]>([
    ['Headers', new Headers({ Authorization: 'Basic c2hvcDpzZWNyZXQ=' })],
    ['an object', { AUTHORIZATION: '' }],
    ['pairs', [['authorization', 'Bearer access']]],
  ])('have no Authorization of the caller, given as %s', async (_title, input) => {
    const error = await rejectionOf(() => requestHeaders(input, JSON_TYPE))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' })
  })

  it.each(['shop/1.0', ''])('have the User-Agent %j of the caller', (userAgent) => {
    expect(sent({ 'User-Agent': userAgent })).toEqual({ ...OURS, 'user-agent': userAgent })
  })
})

describe('the User-Agent', () => {
  it('is left to browsers, which have their own', () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' })
    expect(sent()).toEqual({ accept: JSON_TYPE })
    expect(sent({ 'user-agent': 'shop/1.0' })).toEqual({ accept: JSON_TYPE, 'user-agent': 'shop/1.0' })
  })

  it.each(['Node.js/22', 'Cloudflare-Workers', 'Deno/2.9.0', 'Bun/1.4.0', ''])(
    'is ours in a runtime that calls itself %j',
    (userAgent) => {
      vi.stubGlobal('navigator', { userAgent })
      expect(sent()).toEqual(OURS)
    },
  )

  it.each([
    ['no navigator', undefined],
    ['a navigator that does not name itself', { product: 'ReactNative' }],
  ])('is ours in a runtime with %s', (_title, navigator) => {
    vi.stubGlobal('navigator', navigator)
    expect(sent()).toEqual(OURS)
  })
})
