import { describe, expect, it, vi } from 'vitest'
import * as http from '../http/body.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { REQUEST_HTTP, REQUEST_TLS } from '../metadata/endpoint.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import * as discovery from './discovery.ts'
import { discoveryRequest, type DiscoveryRequestOptions, processDiscoveryResponse } from './discovery.ts'

const issuer = new URL(as.issuer)

async function requestedUrl(url: string, algorithm?: DiscoveryRequestOptions['algorithm']) {
  const { options, requests } = recorder()
  await discoveryRequest(new URL(url), { ...options, ...(algorithm && { algorithm }) })
  return requests.map((request) => request.url).join()
}

describe('discoveryRequest', () => {
  it('asks for JSON by GET, and sends nothing else (OpenID Connect Discovery 4.1)', async () => {
    const { options, requests } = recorder()
    await discoveryRequest(issuer, options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/.well-known/openid-configuration',
        method: 'GET',
        headers: { accept: 'application/json', 'user-agent': `countersign/${VERSION}` },
        body: undefined,
        redirect: 'manual',
      },
    ])
  })

  it.each([
    ['https://op.example.com', 'https://op.example.com/.well-known/openid-configuration'],
    ['https://op.example.com/', 'https://op.example.com/.well-known/openid-configuration'],
    ['https://op.example.com/t', 'https://op.example.com/t/.well-known/openid-configuration'],
    ['https://op.example.com/t/', 'https://op.example.com/t/.well-known/openid-configuration'],
    ['https://op.example.com/a/b', 'https://op.example.com/a/b/.well-known/openid-configuration'],
    ['https://op.example.com/t//', 'https://op.example.com/t//.well-known/openid-configuration'],
    ['https://op.example.com/a%2Fb', 'https://op.example.com/a%2Fb/.well-known/openid-configuration'],
    ['https://op.example.com:8443/t', 'https://op.example.com:8443/t/.well-known/openid-configuration'],
    ['https://op.example.com/t?x=1', 'https://op.example.com/t/.well-known/openid-configuration?x=1'],
  ])('by oidc asks for the metadata of %s at %s (OpenID Connect Discovery 4)', async (url, wellKnown) => {
    expect(await requestedUrl(url)).toBe(wellKnown)
    expect(await requestedUrl(url, 'oidc')).toBe(wellKnown)
  })

  it.each([
    ['https://op.example.com', 'https://op.example.com/.well-known/oauth-authorization-server'],
    ['https://op.example.com/', 'https://op.example.com/.well-known/oauth-authorization-server'],
    ['https://op.example.com/t', 'https://op.example.com/.well-known/oauth-authorization-server/t'],
    ['https://op.example.com/t/', 'https://op.example.com/.well-known/oauth-authorization-server/t'],
    ['https://op.example.com/a/b', 'https://op.example.com/.well-known/oauth-authorization-server/a/b'],
    ['https://op.example.com/t//', 'https://op.example.com/.well-known/oauth-authorization-server/t/'],
    ['https://op.example.com/a%2Fb', 'https://op.example.com/.well-known/oauth-authorization-server/a%2Fb'],
    ['https://op.example.com:8443/t', 'https://op.example.com:8443/.well-known/oauth-authorization-server/t'],
    ['https://op.example.com/t?x=1', 'https://op.example.com/.well-known/oauth-authorization-server/t?x=1'],
  ])('by oauth2 asks for the metadata of %s at %s (RFC 8414 3.1)', async (url, wellKnown) => {
    expect(await requestedUrl(url, 'oauth2')).toBe(wellKnown)
  })

  it.each(['', 'OIDC', 'oauth', 'constructor', null, 5])(
    'refuses the algorithm %j, as a mistake of the caller, before anything is sent',
    async (algorithm) => {
      const { options, requests } = recorder()
      const given: object = { ...options, algorithm }
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => discoveryRequest(issuer, given))
      expect(requests).toEqual([])
    },
  )

  it('leaves the URL that it was given alone', async () => {
    const url = new URL('https://op.example.com/t/')
    await discoveryRequest(url, recorder().options)
    expect(url.href).toBe('https://op.example.com/t/')
  })

  it('sends the headers of the caller, but for its own', async () => {
    const { options, requests } = recorder()
    await discoveryRequest(issuer, { ...options, headers: { Accept: 'text/html', 'X-Request-Id': '7' } })
    expect(requests[0]?.headers).toMatchObject({ accept: 'application/json', 'x-request-id': '7' })
  })

  it('does not ask without TLS (OpenID Connect Discovery 4)', async () => {
    const { options, requests } = recorder()
    await refuses(REQUEST_TLS, () => discoveryRequest(new URL('http://op.example.com'), options))
    await refuses(REQUEST_TLS, () => discoveryRequest(new URL('http://127.0.0.1:3000'), options))
    // what was sent, was sent without the rule
    expect(requests).toHaveLength(2)
  })

  it('asks without TLS by allowInsecureRequests, and believes whoever answers then', async () => {
    const url = new URL('http://127.0.0.1:3000')
    const { options, requests } = recorder(() => json({ issuer: url.href, jwks_uri: 'http://evil.example/jwks' }))
    const answer = await discoveryRequest(url, { ...options, [allowInsecureRequests]: true })
    expect(requests).toHaveLength(1)
    expect(await processDiscoveryResponse(url, answer)).toMatchObject({ jwks_uri: 'http://evil.example/jwks' })
  })

  it.each([1, 'true', {}])('does not take %j for true in allowInsecureRequests', async (value) => {
    const { options, requests } = recorder()
    const given: object = { ...options, [allowInsecureRequests]: value }
    const error = await rejectionOf(() => discoveryRequest(new URL('http://op.example.com'), given))
    expect(error).toMatchObject({ code: 'OAUTH_HTTP_REQUEST_FORBIDDEN', rule: REQUEST_TLS.id })
    expect(requests).toEqual([])
  })

  it('asks by nothing but HTTP, even by allowInsecureRequests (RFC 9110 4.2)', async () => {
    const options = { ...recorder().options, [allowInsecureRequests]: true }
    await refuses(REQUEST_HTTP, () => discoveryRequest(new URL('ftp://op.example.com'), options))
  })

  it('tells its trace what was checked', async () => {
    const events = vi.fn<(event: CheckEvent) => void>()
    await discoveryRequest(issuer, { ...recorder().options, [trace]: events })
    expect(events.mock.calls.map(([{ rule, passed }]) => [rule, passed])).toEqual([
      [REQUEST_TLS.id, true],
      [REQUEST_HTTP.id, true],
    ])
  })
})

describe('processDiscoveryResponse', () => {
  it('gives the metadata as they came, unknown members too', async () => {
    const metadata = { ...as, claims_supported: ['sub'], extra: { nested: [null] } }
    expect(await processDiscoveryResponse(issuer, json(metadata))).toEqual(metadata)
  })

  it.each(everyTypeBut('a text'))(
    'refuses an issuer that is no text: %s (OpenID Connect Discovery 3)',
    async (_, value) => {
      const act = () => processDiscoveryResponse(issuer, json({ ...as, issuer: value }))
      await refuses(discovery.DISCOVERY_ISSUER_PRESENT, act, discovery.DISCOVERY_ISSUER)
    },
  )

  it.each(['op', '/op', 'op.example.com', '//op.example.com', 'https://', 'https://op.example.com:port'])(
    'refuses the issuer %j, which is no URL (OpenID Connect Discovery 3)',
    async (value) => {
      const act = () => processDiscoveryResponse(issuer, json({ ...as, issuer: value }))
      await refuses(discovery.DISCOVERY_ISSUER_PRESENT, act, discovery.DISCOVERY_ISSUER)
    },
  )

  it.each([
    ['https://op.example.com', 'https://evil.example'],
    ['https://op.example.com', 'http://op.example.com'],
    ['https://op.example.com', 'https://op.example.com:8443'],
    ['https://op.example.com', 'https://op.example.com/t'],
    ['https://op.example.com/t', 'https://op.example.com/t/'],
    ['https://op.example.com/t/', 'https://op.example.com/t'],
    ['https://op.example.com/t', 'https://op.example.com/T'],
    ['https://op.example.com/%41', 'https://op.example.com/A'],
    ['https://op.example.com', 'https://op.example.com?x=1'],
    ['https://op.example.com', 'https://op.example.com#x'],
    ['https://op.example.com', 'https://user@op.example.com'],
    ['https://op.example.com', 'https://op.example.com.evil.example'],
  ])('asked for %s, refuses the metadata of %s (OpenID Connect Discovery 4.3)', async (expected, actual) => {
    const act = () => processDiscoveryResponse(new URL(expected), json({ ...as, issuer: actual }))
    const error = await refuses(discovery.DISCOVERY_ISSUER, act)
    expect(error).toMatchObject({ actual, expected: new URL(expected).href, cause: { attribute: 'issuer' } })
  })

  it.each([
    ['https://op.example.com', 'https://op.example.com/'],
    ['https://op.example.com', 'HTTPS://OP.example.com:443'],
    ['https://op.example.com/t/', 'https://op.example.com/t/'],
    ['https://op.example.com/?x=1', 'https://op.example.com?x=1'],
  ])('asked for %s, accepts %s, the same URL, as it was written', async (expected, actual) => {
    const metadata = await processDiscoveryResponse(new URL(expected), json({ ...as, issuer: actual }))
    expect(metadata.issuer).toBe(actual)
  })

  it.each([201, 301, 302, 400, 401, 404, 500])('refuses the status %s (RFC 8414 3.2)', async (status) => {
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
    const act = () => processDiscoveryResponse(issuer, json({ ...as, error: 'invalid_request' }, status, headers))
    const error = await refuses(discovery.DISCOVERY_STATUS, act)
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('refuses what is no JSON (RFC 8414 3.2)', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    await refuses(http.BODY_CONTENT_TYPE, () => processDiscoveryResponse(issuer, html()), http.BODY_JSON)
    const broken = () => new Response('{"issuer":', { headers: { 'content-type': 'application/json' } })
    await refuses(http.BODY_JSON, () => processDiscoveryResponse(issuer, broken()), http.BODY_OBJECT)
  })

  it.each<JsonValue>([null, [as.issuer], 'https://op.example.com', 5])(
    'refuses %j in place of an object',
    async (body) => {
      const act = () => processDiscoveryResponse(issuer, json(body))
      // what is no object has no issuer
      await refuses(http.BODY_OBJECT, act, discovery.DISCOVERY_ISSUER_PRESENT)
    },
  )

  it('takes nothing from a member __proto__', async () => {
    const answer = () => new Response('{"__proto__":{"issuer":"https://op.example.com"}}')
    await refuses(
      discovery.DISCOVERY_ISSUER_PRESENT,
      () => processDiscoveryResponse(issuer, answer()),
      discovery.DISCOVERY_ISSUER,
    )
  })

  it('tells its trace what was checked, to the check that refused', async () => {
    const events = vi.fn<(event: CheckEvent) => void>()
    const answer = json({ ...as, issuer: 'https://evil.example' })
    await rejectionOf(() => processDiscoveryResponse(issuer, answer, { [trace]: events }))
    expect(events.mock.calls.map(([{ rule, passed }]) => [rule, passed])).toEqual([
      [discovery.DISCOVERY_STATUS.id, true],
      [http.BODY_READ.id, true],
      [http.BODY_SIZE.id, true],
      [http.BODY_CONTENT_TYPE.id, true],
      [http.BODY_JSON.id, true],
      [http.BODY_OBJECT.id, true],
      [discovery.DISCOVERY_ISSUER_PRESENT.id, true],
      [discovery.DISCOVERY_ISSUER.id, false],
    ])
  })
})
