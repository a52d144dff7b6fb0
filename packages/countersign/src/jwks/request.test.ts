import { describe, expect, it } from 'vitest'
import {
  allowInsecureRequests,
  customFetch,
  type CustomFetchOptions,
  type HttpRequestOptions,
} from '../http/options.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_TLS } from '../metadata/endpoint.ts'
import { as, json } from '../testing/answers.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { areKeys, fetchJwks, JWKS_KEYS, JWKS_STATUS, jwksRequest } from './request.ts'

const JWKS = { keys: [{ kty: 'EC' }] }

/** Fetches keys, and gets a fixed answer. */
function fetching(answer: () => Response, options: HttpRequestOptions<'GET'> = {}, server: AuthorizationServer = as) {
  return async () => {
    const answered = { ...options, [customFetch]: () => Promise.resolve(answer()) }
    return await fetchJwks(jwksRequest(server, answered), answered)
  }
}

describe('the request for the keys', () => {
  it('is a GET to jwks_uri that accepts key sets and follows no redirect (RFC 7517 section 8.5)', async () => {
    const requests: [string, CustomFetchOptions<'GET'>][] = []
    const options: HttpRequestOptions<'GET'> = {
      headers: { 'x-tenant': 'five', accept: 'text/html' },
      [customFetch](url, request) {
        requests.push([url, request])
        return Promise.resolve(json(JWKS))
      },
    }
    await fetchJwks(jwksRequest(as, options), options)
    expect(requests).toHaveLength(1)
    const [[url, request] = []] = requests
    expect(url).toBe('https://op.example.com/jwks')
    expect(request).toMatchObject({ method: 'GET', redirect: 'manual', body: undefined })
    expect(request?.headers).toMatchObject({ accept: 'application/json, application/jwk-set+json', 'x-tenant': 'five' })
  })

  it('is refused where the server publishes no keys (OIDC Discovery 3)', async () => {
    const { jwks_uri: _, ...without } = as
    await refuses(
      ENDPOINT_PRESENT,
      fetching(() => json(JWKS), {}, without),
      ENDPOINT_URL,
    )
  })

  it('is refused without TLS, unless that is allowed', async () => {
    const plain = { ...as, jwks_uri: 'http://127.0.0.1/jwks' }
    await refuses(
      REQUEST_TLS,
      fetching(() => json(JWKS), {}, plain),
    )
    expect(await fetching(() => json(JWKS), { [allowInsecureRequests]: true }, plain)()).toEqual(JWKS)
  })

  it('goes to no mTLS alias: the keys are public', async () => {
    const aliased = { ...as, mtls_endpoint_aliases: { jwks_uri: 'https://mtls.op.example.com/jwks' } }
    expect(jwksRequest(aliased, {}).url.href).toBe('https://op.example.com/jwks')
  })

  it('is refused with an Authorization header of the caller’s', async () => {
    const error = await rejectionOf(() => jwksRequest(as, { headers: { authorization: 'Bearer token' } }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE')
  })
})

describe('the answer with the keys', () => {
  it.each(['application/json', 'application/jwk-set+json; charset=utf-8', 'text/plain'])(
    'is taken as %s when it is JSON',
    async (contentType) => {
      expect(await fetching(() => json(JWKS, 200, { 'content-type': contentType }))()).toEqual(JWKS)
    },
  )

  it('keeps members that nobody knows (RFC 7517 section 5)', async () => {
    expect(await fetching(() => json({ ...JWKS, version: 2 }))()).toEqual({ ...JWKS, version: 2 })
  })

  it.each([201, 203, 206, 302, 401, 404, 500])('is refused with status %d', async (status) => {
    const error = await refuses(
      JWKS_STATUS,
      fetching(() => Object.defineProperty(json(JWKS, status), 'url', { value: 'https://op.example.com/jwks' })),
    )
    expect(error).toMatchObject({
      endpoint: 'https://op.example.com/jwks',
      status,
      contentType: 'application/json',
      expected: 200,
      actual: status,
    })
  })

  it.each([
    ['without keys', {}],
    ['whose keys are null', { keys: null }],
    ['whose keys are an object', { keys: { 0: { kty: 'EC' } } }],
    ['whose keys hold null', { keys: [{ kty: 'EC' }, null] }],
    ['whose keys hold a text', { keys: ['EC'] }],
    ['whose keys hold an array', { keys: [[]] }],
  ])('is refused %s (RFC 7517 section 5.1)', async (_, body) => {
    const error = await refuses(
      JWKS_KEYS,
      fetching(() => json(body)),
    )
    expect(error.cause).toHaveProperty('body', body)
  })

  it('is refused when it is no Response', async () => {
    const options = { [customFetch]: () => Promise.resolve(Reflect.get(JWKS, 'keys')) }
    const error = await rejectionOf(() => Reflect.apply(fetchJwks, undefined, [jwksRequest(as, {}), options]))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
  })
})

it('knows an array of objects for keys', () => {
  expect(areKeys([])).toBe(true)
  expect(areKeys([{}])).toBe(true)
  expect(areKeys([{}, 5])).toBe(false)
  expect(areKeys('[]')).toBe(false)
})
