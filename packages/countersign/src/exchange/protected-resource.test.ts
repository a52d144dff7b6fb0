import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { runInNewContext } from 'node:vm'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DPoP } from '../dpop/dpop.ts'
import { isDPoPNonceError } from '../dpop/nonce-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests, customFetch, type CustomFetchOptions } from '../http/options.ts'
import { REQUEST_HTTP, REQUEST_TLS } from '../metadata/endpoint.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { client, json } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { cryptoKeys, signingKey, takeApart } from '../testing/signed.ts'
import { bodyOf } from '../testing/streams.ts'
import {
  protectedResourceRequest,
  type ProtectedResourceRequestBody,
  type ProtectedResourceRequestOptions,
} from './protected-resource.ts'

const TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
const url = new URL('https://api.example.com/accounts?page=2#last')
const userAgent = `countersign/${VERSION}`
const keys = await cryptoKeys(signingKey('ES256'))

type Fetch = (url: string, options: CustomFetchOptions<string, ProtectedResourceRequestBody>) => Promise<Response>

/** Keeps what fetch was called with, and answers. */
function observedFetch(answer: () => Response = () => new Response('answer')) {
  const fetchOf = vi.fn<Fetch>(() => Promise.resolve(answer()))
  return { fetchOf, options: { [customFetch]: fetchOf } }
}

/** Sends a request, and gives what fetch was called with. */
async function sent(
  method = 'GET',
  headers?: Headers,
  body?: ProtectedResourceRequestBody,
  options: ProtectedResourceRequestOptions = {},
) {
  const observed = observedFetch()
  await protectedResourceRequest(TOKEN, method, url, headers, body, { ...observed.options, ...options })
  expect(observed.fetchOf).toHaveBeenCalledOnce()
  return observed.fetchOf.mock.calls[0]
}

// what callers without types do
const call = (...parameters: unknown[]) => Reflect.apply(protectedResourceRequest, undefined, parameters)

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the request for a protected resource', () => {
  it('is exactly this one (RFC 6750 2.1)', async () => {
    expect(await sent()).toEqual([
      'https://api.example.com/accounts?page=2#last',
      {
        method: 'GET',
        headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': userAgent },
        body: undefined,
        redirect: 'manual',
      },
    ])
  })

  it('goes to the global fetch otherwise', async () => {
    const { fetchOf } = observedFetch()
    vi.stubGlobal('fetch', fetchOf)
    await protectedResourceRequest(TOKEN, 'GET', url)
    expect(fetchOf.mock.calls).toEqual([await sent()])
  })

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'get', 'pAtCh'])(
    'has the method %s as it was given',
    async (method) => {
      expect((await sent(method))?.[1].method).toBe(method)
    },
  )

  it('has the caller’s headers, which stay as they are', async () => {
    const headers = new Headers({ Accept: 'application/xml', 'Content-Type': 'text/plain', 'User-Agent': 'shop/1' })
    headers.append('X-Trace', 'a')
    headers.append('X-Trace', 'b')
    const before = [...headers]
    expect((await sent('POST', headers, 'body'))?.[1].headers).toEqual({
      accept: 'application/xml',
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'text/plain',
      'user-agent': 'shop/1',
      'x-trace': 'a, b',
    })
    expect([...headers]).toEqual(before)
  })

  it('takes headers as the Fetch Standard does', async () => {
    for (const headers of [{ 'X-A': 'a' }, [['X-A', 'a']], new Map([['X-A', 'a']])]) {
      const { fetchOf, options } = observedFetch()
      await call(TOKEN, 'GET', url, headers, undefined, options)
      expect(fetchOf.mock.calls[0]?.[1].headers).toMatchObject({ 'x-a': 'a' })
    }
    for (const headers of [undefined, null, {}, []]) {
      const { fetchOf, options } = observedFetch()
      await call(TOKEN, 'GET', url, headers, undefined, options)
      const expected = { authorization: `Bearer ${TOKEN}`, 'user-agent': userAgent }
      expect(fetchOf.mock.calls[0]?.[1].headers).toEqual(expected)
    }
  })

  it('has no headers of the options: they have a place of their own', async () => {
    const { fetchOf, options } = observedFetch()
    await call(TOKEN, 'GET', url, undefined, undefined, { ...options, headers: { 'x-a': 'a', authorization: 'x' } })
    expect(fetchOf.mock.calls[0]?.[1].headers).toEqual({ authorization: `Bearer ${TOKEN}`, 'user-agent': userAgent })
  })

  it.each<[string, ProtectedResourceRequestBody]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'body'],
    ['an empty text', ''],
    ['bytes', Uint8Array.of(1, 2, 3)],
    ['a buffer', new ArrayBuffer(3)],
    ['a form', new URLSearchParams({ a: 'b' })],
  ])('has %s for its body, as it was given, and no duplex', async (_, body) => {
    const [, options] = (await sent('POST', undefined, body)) ?? []
    expect(options?.body).toBe(body)
    expect(options).not.toHaveProperty('duplex', 'half')
    expect(Object.keys(options?.headers ?? {})).not.toContain('content-type')
  })

  it('has any other body that fetch takes, too', async () => {
    for (const body of [new Blob(['x']), new FormData()]) {
      const { fetchOf, options } = observedFetch()
      await call(TOKEN, 'POST', url, undefined, body, options)
      expect(fetchOf.mock.calls[0]?.[1].body).toBe(body)
    }
  })

  it('has a stream for its body, half duplex (Fetch Standard, RequestDuplex)', async () => {
    const body = bodyOf('one', 'two')
    const [, options] = (await sent('POST', undefined, body)) ?? []
    expect(options).toEqual({
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': userAgent },
      body,
      redirect: 'manual',
      duplex: 'half',
    })
    expect(options?.body).toBe(body)
    expect(body.locked).toBe(false)
  })

  it('has a stream of another realm for its body, half duplex', async () => {
    const foreign: unknown = runInNewContext('({ [Symbol.toStringTag]: "ReadableStream" })')
    const { fetchOf, options } = observedFetch()
    await call(TOKEN, 'POST', url, undefined, foreign, options)
    expect(fetchOf.mock.calls[0]?.[1]).toMatchObject({ duplex: 'half' })
  })

  it('has the caller’s signal', async () => {
    const { signal } = new AbortController()
    expect((await sent('GET', undefined, undefined, { signal }))?.[1].signal).toBe(signal)
    const signalOf = vi.fn(() => signal)
    expect((await sent('GET', undefined, undefined, { signal: signalOf }))?.[1].signal).toBe(signal)
    expect(signalOf.mock.calls).toEqual([[url.href]])
  })

  it('arrives, with a body that is a stream', async () => {
    const server = createServer((incoming: IncomingMessage, outgoing) => {
      let body = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => (body += part))
      incoming.on('end', () => outgoing.end(JSON.stringify([incoming.method, incoming.url, incoming.headers, body])))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    try {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      const options = { [allowInsecureRequests]: true }
      const body = bodyOf('one', 'two')
      const target = new URL(`http://127.0.0.1:${port}/accounts?page=2#last`)
      const response = await protectedResourceRequest(TOKEN, 'PUT', target, undefined, body, options)
      expect(await response.json()).toEqual([
        'PUT',
        '/accounts?page=2',
        expect.objectContaining({ authorization: `Bearer ${TOKEN}`, 'user-agent': userAgent }),
        'onetwo',
      ])
    } finally {
      server.close()
    }
  })
})

describe('a request that is not sent', () => {
  async function isNotSent(act: (options: object) => unknown, assertion: (act: () => unknown) => Promise<unknown>) {
    const { fetchOf, options } = observedFetch()
    await assertion(() => act(options))
    expect(fetchOf).not.toHaveBeenCalled()
  }

  it.each(NO_TEXTS)('has %s for an access token', async (_, token, code) => {
    await isNotSent(
      (options) => call(token, 'GET', url, undefined, undefined, options),
      (act) => isCallersMistake(code, act),
    )
  })

  it.each(['secret\nx', 'secret\r\nx: y', 'secret\0', 'secret\u20ac'])(
    'has the access token %j, which no header holds and no error repeats',
    async (token) => {
      await isNotSent(
        (options) => protectedResourceRequest(token, 'GET', url, undefined, undefined, options),
        async (act) => {
          await isCallersMistake('ERR_INVALID_ARG_VALUE', act)
          expect(inspect(await rejectionOf(act))).not.toMatch('secret')
        },
      )
    },
  )

  it.each([[undefined], [null], [url.href], [{ href: url.href, protocol: 'https:' }], [new Request(url)]])(
    'has %s for a URL',
    async (value) => {
      await isNotSent(
        (options) => call(TOKEN, 'GET', value, undefined, undefined, options),
        (act) => isCallersMistake('ERR_INVALID_ARG_TYPE', act),
      )
    },
  )

  it.each(['authorization', 'Authorization', 'AUTHORIZATION'])('has a header %s of the caller', async (name) => {
    await isNotSent(
      (options) => protectedResourceRequest(TOKEN, 'GET', url, new Headers({ [name]: 'Basic x' }), undefined, options),
      (act) => isCallersMistake('ERR_INVALID_ARG_VALUE', act),
    )
  })

  it('goes without TLS (RFC 6750 5.3)', async () => {
    const plain = new URL('http://api.example.com/accounts')
    const { fetchOf, options } = observedFetch()
    await refuses(REQUEST_TLS, () => protectedResourceRequest(TOKEN, 'GET', plain, undefined, undefined, options))
    fetchOf.mockClear()
    for (const allowed of [false, 1, 'true', undefined]) {
      const lax = { ...options, [allowInsecureRequests]: allowed }
      expect(await rejectionOf(() => call(TOKEN, 'GET', plain, undefined, undefined, lax))).toMatchObject({
        code: 'OAUTH_HTTP_REQUEST_FORBIDDEN',
      })
    }
    expect(fetchOf).not.toHaveBeenCalled()
    const insecure = { ...options, [allowInsecureRequests]: true }
    await protectedResourceRequest(TOKEN, 'GET', plain, undefined, undefined, insecure)
    expect(fetchOf.mock.calls[0]?.[0]).toBe(plain.href)
  })

  it.each(['ftp://api.example.com/accounts', 'data:,x', 'file:///etc/passwd', 'javascript:x'])(
    'goes to %s',
    async (text) => {
      const { options } = observedFetch()
      const insecure = { ...options, [allowInsecureRequests]: true }
      await refuses(REQUEST_HTTP, () =>
        protectedResourceRequest(TOKEN, 'GET', new URL(text), undefined, undefined, insecure),
      )
    },
  )

  it('has a handle that DPoP() did not make', async () => {
    for (const handle of [{}, { calculateThumbprint: () => Promise.resolve('x') }]) {
      await isNotSent(
        (options) => call(TOKEN, 'GET', url, undefined, undefined, { ...options, DPoP: handle }),
        (act) => isCallersMistake('ERR_INVALID_ARG_VALUE', act),
      )
    }
  })

  it('failed in fetch, with the error of fetch', async () => {
    const failure = new TypeError('unreachable')
    const options = { [customFetch]: () => Promise.reject(failure) }
    const error = await rejectionOf(() => protectedResourceRequest(TOKEN, 'GET', url, undefined, undefined, options))
    expect(error).toBe(failure)
  })
})

describe('a request with a proof', () => {
  it('has it for its method, URL and token (RFC 9449 4.2, 7.1)', async () => {
    const [, options] = (await sent('pAtCh', undefined, 'body', { DPoP: DPoP(client, keys) })) ?? []
    const { authorization, dpop = '' } = options?.headers ?? {}
    expect(authorization).toBe(`DPoP ${TOKEN}`)
    expect(options?.method).toBe('pAtCh')
    expect(takeApart(dpop).claims).toEqual({
      iat: expect.any(Number),
      jti: expect.any(String),
      htm: 'PATCH',
      htu: 'https://api.example.com/accounts',
      ath: resource.sha256(TOKEN),
    })
  })

  it('has another one each time', async () => {
    const handle = DPoP(client, keys)
    const proofs = [
      await sent('GET', undefined, null, { DPoP: handle }),
      await sent('GET', undefined, null, { DPoP: handle }),
    ]
    const ids = proofs.map((parameters) => takeApart(parameters?.[1].headers.dpop ?? '').claims.jti)
    expect(new Set(ids).size).toBe(2)
  })

  it('has the scheme DPoP with a proof of the caller, too (RFC 9449 7.1)', async () => {
    const headers = new Headers({ DPoP: 'of the caller' })
    expect((await sent('GET', headers))?.[1].headers).toMatchObject({
      authorization: `DPoP ${TOKEN}`,
      dpop: 'of the caller',
    })
  })

  it('has the proof of the handle where the caller has another', async () => {
    const headers = new Headers({ DPoP: 'of the caller' })
    const [, options] = (await sent('GET', headers, undefined, { DPoP: DPoP(client, keys) })) ?? []
    expect(takeApart(options?.headers.dpop ?? '').claims).toMatchObject({ htm: 'GET' })
    expect(headers.get('dpop')).toBe('of the caller')
  })

  it('is accepted by the other side (RFC 9449 4.3)', async () => {
    const token = resource.boundToken()
    const { fetchOf, options } = observedFetch()
    const handle = DPoP(client, await cryptoKeys(resource.clientKey))
    await protectedResourceRequest(token, 'POST', url, undefined, 'x', { ...options, DPoP: handle })
    const [href = '', { method, headers } = { method: '', headers: {} }] = fetchOf.mock.calls[0] ?? []
    const incoming = new Request(href, { method, headers })
    expect(await resource.validate(incoming, { requireDPoP: true })).toMatchObject({ sub: 'anna' })
  })

  it('is sent again with the nonce that the resource asks for (RFC 9449 9)', async () => {
    const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce", algs="ES256"', 'dpop-nonce': 'nonce-1' }
    const answers = [json({}, 401, challenge), json({ accounts: [] }, 200, { 'dpop-nonce': 'nonce-2' }), json({})]
    const { fetchOf, options } = observedFetch(() => answers.shift() ?? json({}))
    const withHandle = { ...options, DPoP: DPoP(client, keys) }
    const send = () => protectedResourceRequest(TOKEN, 'GET', url, undefined, undefined, withHandle)
    const error = await rejectionOf(send)
    expect(isDPoPNonceError(error)).toBe(true)
    expect(await (await send()).json()).toEqual({ accounts: [] })
    await send()
    const nonces = fetchOf.mock.calls.map(([, { headers }]) => takeApart(headers.dpop ?? '').claims.nonce)
    expect(nonces).toEqual([undefined, 'nonce-1', 'nonce-2'])
  })
})

describe('the answer of a protected resource', () => {
  it.each([200, 201, 204, 302, 304, 400, 401, 403, 404, 500])('is given as it came with status %d', async (status) => {
    const answer = new Response(status === 204 || status === 304 ? null : 'body', { status })
    const { options } = observedFetch(() => answer)
    expect(await protectedResourceRequest(TOKEN, 'GET', url, undefined, undefined, options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it.each([200, 204, 302, 400, 401, 403, 500])(
    'is refused with challenges, also with status %d; its body is unread (RFC 6750 3)',
    async (status) => {
      const headers = { 'www-authenticate': 'Bearer error="invalid_token", scope="a b", DPoP algs="ES256"' }
      const answer = new Response(status === 204 ? null : 'body', { status, headers })
      const { options } = observedFetch(() => answer)
      const error = await rejectionOf(() => protectedResourceRequest(TOKEN, 'GET', url, undefined, undefined, options))
      expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
      expect(error).toMatchObject({
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
        status,
        cause: [
          { scheme: 'bearer', parameters: { error: 'invalid_token', scope: 'a b' } },
          { scheme: 'dpop', parameters: { algs: 'ES256' } },
        ],
      })
      expect(Object(error).response).toBe(answer)
      expect(answer.bodyUsed).toBe(false)
      expect(inspect(error, { depth: 12 })).not.toMatch(TOKEN)
      expect(isDPoPNonceError(error)).toBe(false)
    },
  )

  it.each(['', '???', 'Bearer error="invalid_token'])('is given with %j, which is no challenge', async (header) => {
    const answer = new Response('body', { status: 401, headers: { 'www-authenticate': header } })
    const { options } = observedFetch(() => answer)
    expect(await protectedResourceRequest(TOKEN, 'GET', url, undefined, undefined, options)).toBe(answer)
  })

  it.each([[undefined], [null], ['body'], [{ status: 200, headers: new Headers() }]])(
    'is not %s, which a customFetch gave',
    async (value) => {
      const options = { [customFetch]: () => Promise.resolve(value) }
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(TOKEN, 'GET', url, undefined, undefined, options))
    },
  )
})

it('tells the trace the checks of its URL', async () => {
  const events: CheckEvent[] = []
  await sent('GET', undefined, undefined, { [trace]: (event) => void events.push(event) })
  expect(events.map(({ rule, passed }) => [rule, passed])).toEqual([
    [REQUEST_TLS.id, true],
    [REQUEST_HTTP.id, true],
  ])
})
