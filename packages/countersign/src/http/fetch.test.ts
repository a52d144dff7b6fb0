import { afterEach, describe, expect, it, vi } from 'vitest'
import { rejectionOf } from '../testing/refuses.ts'
import { send } from './fetch.ts'
import { customFetch, type HttpRequestOptions } from './options.ts'

type Options = HttpRequestOptions<'POST', URLSearchParams>

const url = new URL('https://OP.example.com:443/token?a=b#c')
const answer = new Response()

function post(options: Options, body: URLSearchParams = new URLSearchParams({ d: 'e' })): Promise<Response> {
  return send(url, 'POST', new Headers({ 'X-Second': '2', Accept: 'application/json' }), body, options)
}

function spyOnFetch() {
  return vi.fn<typeof fetch>(() => Promise.resolve(answer))
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a request', () => {
  it('leaves by the customFetch of the caller, with exactly this', async () => {
    const fetchOf = vi.fn<NonNullable<Options[typeof customFetch]>>(() => Promise.resolve(answer))
    const body = new URLSearchParams({ d: 'e' })
    expect(await post({ [customFetch]: fetchOf }, body)).toBe(answer)
    expect(fetchOf.mock.calls).toEqual([
      [
        'https://op.example.com/token?a=b#c',
        { body, headers: { accept: 'application/json', 'x-second': '2' }, method: 'POST', redirect: 'manual' },
      ],
    ])
    expect(fetchOf.mock.calls[0]?.[1].body).toBe(body)
    expect(fetchOf.mock.calls[0]?.[1]).not.toHaveProperty('signal')
  })

  it('leaves by the global fetch of that moment, with the same arguments', async () => {
    const globalFetch = spyOnFetch()
    vi.stubGlobal('fetch', globalFetch)
    const fetchOf = vi.fn<NonNullable<Options[typeof customFetch]>>(() => Promise.resolve(answer))
    const { signal } = new AbortController()
    expect(await post({ signal })).toBe(answer)
    await post({ signal, [customFetch]: fetchOf })
    expect(globalFetch.mock.calls).toEqual(fetchOf.mock.calls)
    expect(globalFetch).toHaveBeenCalledTimes(1)
  })

  it('without a body has none', async () => {
    const globalFetch = spyOnFetch()
    vi.stubGlobal('fetch', globalFetch)
    await send(url, 'GET', new Headers(), undefined, {})
    expect(globalFetch.mock.calls).toEqual([
      ['https://op.example.com/token?a=b#c', { body: undefined, headers: {}, method: 'GET', redirect: 'manual' }],
    ])
  })

  it('fails as fetch fails', async () => {
    const failure = new TypeError('fetch failed')
    expect(await rejectionOf(() => post({ [customFetch]: () => Promise.reject(failure) }))).toBe(failure)
  })
})

describe('the signal of a request', () => {
  async function signalSent(signal: Options['signal']): Promise<AbortSignal | undefined> {
    const fetchOf = vi.fn<NonNullable<Options[typeof customFetch]>>(() => Promise.resolve(answer))
    await post({ [customFetch]: fetchOf, ...(signal !== undefined && { signal }) })
    return fetchOf.mock.calls[0]?.[1].signal
  }

  it('is passed on, aborted or not', async () => {
    const { signal } = new AbortController()
    expect(await signalSent(signal)).toBe(signal)
    const aborted = AbortSignal.abort()
    expect(await signalSent(aborted)).toBe(aborted)
  })

  it('is made by the function of the caller, for the URL of each request', async () => {
    const { signal } = new AbortController()
    const signalOf = vi.fn(() => signal)
    expect(await signalSent(signalOf)).toBe(signal)
    expect(await signalSent(signalOf)).toBe(signal)
    expect(signalOf.mock.calls).toEqual([[url.href], [url.href]])
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 5],
    ['a controller', new AbortController()],
    ['an object that looks like one', { aborted: false, addEventListener: () => undefined }],
    ['a function that gives nothing', () => undefined],
    ['a function that gives a promise', () => Promise.resolve(AbortSignal.abort())],
  ])('is not %s; nothing is sent', async (_title, signal) => {
    const globalFetch = spyOnFetch()
    vi.stubGlobal('fetch', globalFetch)
    // what callers without types do
    const error = await rejectionOf(() => post({ signal } as Options))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(globalFetch).not.toHaveBeenCalled()
  })

  it('ends the request of the global fetch', async () => {
    const reason = new Error('the person closed the window')
    expect(await rejectionOf(() => post({ signal: AbortSignal.abort(reason) }))).toBe(reason)
  })
})
