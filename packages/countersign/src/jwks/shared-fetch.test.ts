import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { allowInsecureRequests, customFetch, type HttpRequestOptions } from '../http/options.ts'
import { REQUEST_TLS } from '../metadata/endpoint.ts'
import { as, json } from '../testing/answers.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { fetchShared } from './shared-fetch.ts'

const JWKS = { keys: [{ kty: 'EC' }] }

/** A request that was sent, and is answered when the test says so. */
interface Sent {
  readonly url: string
  readonly signal: AbortSignal | undefined
  answer(body?: unknown): void
  fail(reason: Error): void
}

/** A network whose answers wait for the test; like fetch, it fails a request whose signal is aborted. */
function network(): { sent: Sent[]; options: HttpRequestOptions<'GET'> } {
  const sent: Sent[] = []
  return {
    sent,
    options: {
      [customFetch]: (url, { signal }) =>
        new Promise((resolve, reject) => {
          const fail = (reason: Error): void => reject(reason)
          signal?.addEventListener('abort', () => fail(signal.reason))
          sent.push({ url, signal, answer: (body = JWKS) => resolve(json(body)), fail })
        }),
    },
  }
}

/** Lets everything run that waits for nothing but its turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

describe('fetchShared', () => {
  it('sends one request for all who ask at the same time', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const all = Promise.all([1, 2, 3].map(() => fetchShared(metadata, { ...options })))
    await settle()
    expect(sent.map(({ url }) => url)).toEqual(['https://op.example.com/jwks'])
    sent[0]?.answer()
    expect(await all).toEqual([JWKS, JWKS, JWKS])
  })

  it('sends another request for who asks afterwards', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    for (const index of [0, 1]) {
      const asked = fetchShared(metadata, options)
      await settle()
      expect(sent).toHaveLength(index + 1)
      sent[index]?.answer()
      await asked
    }
  })

  it('shares nothing between two ways to fetch: they may reach two networks', async () => {
    const metadata = { ...as }
    const [here, there] = [network(), network()]
    const asked = [fetchShared(metadata, here.options), fetchShared(metadata, there.options)]
    await settle()
    here.sent[0]?.answer({ keys: [{ kty: 'RSA' }] })
    there.sent[0]?.answer()
    expect(await Promise.all(asked)).toEqual([{ keys: [{ kty: 'RSA' }] }, JWKS])
  })

  it('shares nothing between two servers, nor between two metadata objects of one', async () => {
    const { sent, options } = network()
    const asked = [fetchShared({ ...as }, options), fetchShared({ ...as }, options)]
    await settle()
    expect(sent).toHaveLength(2)
    for (const request of sent) request.answer()
    expect(await Promise.all(asked)).toEqual([JWKS, JWKS])
  })

  it('fails all who wait with the failure, and forgets it', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const asked = [1, 2].map(() => rejectionOf(() => fetchShared(metadata, options)))
    await settle()
    const failure = new TypeError('connection lost')
    sent[0]?.fail(failure)
    expect(await Promise.all(asked)).toEqual([failure, failure])
    const again = fetchShared(metadata, options)
    await settle()
    sent[1]?.answer()
    expect(await again).toEqual(JWKS)
  })

  it('looks at the options also of those who join', async () => {
    const { sent, options } = network()
    const metadata = { ...as, jwks_uri: 'http://127.0.0.1/jwks' }
    const asked = fetchShared(metadata, { ...options, [allowInsecureRequests]: true })
    await settle()
    const joining = rejectionOf(() => fetchShared(metadata, options))
    const mistaken = rejectionOf(() =>
      fetchShared(metadata, { ...options, [allowInsecureRequests]: true, headers: { authorization: 'x' } }),
    )
    sent[0]?.answer()
    expect(await joining).toMatchObject({ rule: REQUEST_TLS.id })
    expect(await mistaken).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE')
    expect(await asked).toEqual(JWKS)
  })

  it('refuses a request without TLS by its own rule alone', async () => {
    const metadata = { ...as, jwks_uri: 'http://127.0.0.1/jwks' }
    await refuses(REQUEST_TLS, () => fetchShared(metadata, { [customFetch]: () => Promise.resolve(json(JWKS)) }))
  })
})

describe('an aborted signal', () => {
  it('fails nobody but its owner', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const [first, second] = [new AbortController(), new AbortController()]
    const aborted = rejectionOf(() => fetchShared(metadata, { ...options, signal: first.signal }))
    const waiting = fetchShared(metadata, { ...options, signal: second.signal })
    await settle()
    first.abort(new Error('too late'))
    expect(await aborted).toBe(first.signal.reason)
    expect(sent[0]?.signal?.aborted).toBe(false)
    sent[0]?.answer()
    expect(await waiting).toEqual(JWKS)
    expect(sent).toHaveLength(1)
  })

  it('does not abort the request while somebody without a signal waits, whoever came first', async () => {
    for (const abortableFirst of [true, false]) {
      const { sent, options } = network()
      const metadata = { ...as }
      const controller = new AbortController()
      const abortable = () => rejectionOf(() => fetchShared(metadata, { ...options, signal: controller.signal }))
      const patient = () => fetchShared(metadata, options)
      const [one, other] = abortableFirst ? [abortable(), patient()] : [patient(), abortable()]
      await settle()
      controller.abort(new Error('too late'))
      await settle()
      expect(sent).toHaveLength(1)
      expect(sent[0]?.signal?.aborted ?? false).toBe(false)
      sent[0]?.answer()
      expect(new Set(await Promise.all([one, other]))).toEqual(new Set([JWKS, controller.signal.reason]))
    }
  })

  it('aborts the request when nobody waits any more, and fails each owner with their own reason', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const controllers = [new AbortController(), new AbortController()]
    const asked = controllers.map(({ signal }) => rejectionOf(() => fetchShared(metadata, { ...options, signal })))
    await settle()
    controllers[0]?.abort(new Error('first'))
    expect(sent[0]?.signal?.aborted).toBe(false)
    controllers[1]?.abort(new Error('second'))
    expect(sent[0]?.signal?.aborted).toBe(true)
    expect(await Promise.all(asked)).toEqual([new Error('first'), new Error('second')])
  })

  it('does not fail who asks right after the last one has left', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const controller = new AbortController()
    const left = rejectionOf(() => fetchShared(metadata, { ...options, signal: controller.signal }))
    await settle()
    controller.abort(new Error('too late'))
    const asked = fetchShared(metadata, options).catch((error: unknown) => error)
    await settle()
    sent[1]?.answer()
    expect(await asked).toEqual(JWKS)
    expect(await left).toBe(controller.signal.reason)
    expect(sent).toHaveLength(2)
  })

  it('keeps those together who ask while an aborted request comes to its end', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const controller = new AbortController()
    const left = rejectionOf(() => fetchShared(metadata, { ...options, signal: controller.signal }))
    await settle()
    controller.abort(new Error('too late'))
    const one = fetchShared(metadata, options).catch((error: unknown) => error)
    await left
    await settle()
    const other = fetchShared(metadata, options).catch((error: unknown) => error)
    await settle()
    for (const request of sent) request.answer()
    expect(await Promise.all([one, other])).toEqual([JWKS, JWKS])
    expect(sent).toHaveLength(2)
  })

  it('that was aborted before fails its owner alone', async () => {
    const { sent, options } = network()
    const metadata = { ...as }
    const waiting = fetchShared(metadata, options)
    const reason = new Error('before')
    expect(await rejectionOf(() => fetchShared(metadata, { ...options, signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    )
    sent[0]?.answer()
    expect(await waiting).toEqual(JWKS)
  })

  it('that was aborted before fails also who is alone', async () => {
    const reason = new Error('before')
    const { options } = network()
    expect(await rejectionOf(() => fetchShared({ ...as }, { ...options, signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    )
  })

  it('that is aborted afterwards changes nothing, and is not listened to any more', async () => {
    const { sent, options } = network()
    const controller = new AbortController()
    const asked = fetchShared({ ...as }, { ...options, signal: controller.signal })
    await settle()
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    sent[0]?.answer()
    expect(await asked).toEqual(JWKS)
    await settle()
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort()
    expect(sent[0]?.signal?.aborted).toBe(false)
  })

  it('may come from a function, which is told the URL', async () => {
    const { sent, options } = network()
    const controller = new AbortController()
    const urls: string[] = []
    const signal = (url: string): AbortSignal => {
      urls.push(url)
      return controller.signal
    }
    const asked = rejectionOf(() => fetchShared({ ...as }, { ...options, signal }))
    await settle()
    controller.abort(new Error('too late'))
    expect(await asked).toBe(controller.signal.reason)
    expect(sent[0]?.signal?.aborted).toBe(true)
    expect(urls).toEqual(['https://op.example.com/jwks'])
  })

  it('is not made up for a request of somebody who has none', async () => {
    const { sent, options } = network()
    const asked = fetchShared({ ...as }, options)
    await settle()
    expect(sent[0]?.signal).toBeUndefined()
    sent[0]?.answer()
    await asked
  })
})
