import { describe, expect, it, vi } from 'vitest'
import * as http from '../http/body.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { REQUEST_HTTP, REQUEST_TLS } from '../metadata/endpoint.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { json } from '../testing/answers.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import { _nodiscoverycheck } from './metadata-document.ts'
import * as metadata from './resource-metadata.ts'
import { processResourceDiscoveryResponse, resourceDiscoveryRequest } from './resource-metadata.ts'

const IDENTIFIER = 'https://api.example.com/v1'
const ANSWER = { resource: IDENTIFIER, authorization_servers: ['https://op.example.com'], scopes_supported: ['read'] }
const WELL_KNOWN = '/.well-known/oauth-protected-resource'

describe('resourceDiscoveryRequest', () => {
  it('asks for JSON by GET, and sends nothing else (RFC 9728 3.1)', async () => {
    const { options, requests } = recorder()
    await resourceDiscoveryRequest(new URL(IDENTIFIER), options)
    expect(requests).toEqual([
      {
        url: `https://api.example.com${WELL_KNOWN}/v1`,
        method: 'GET',
        headers: { accept: 'application/json', 'user-agent': `countersign/${VERSION}` },
        body: undefined,
        redirect: 'manual',
      },
    ])
  })

  it.each([
    ['https://api.example.com', `https://api.example.com${WELL_KNOWN}`],
    ['https://api.example.com/', `https://api.example.com${WELL_KNOWN}`],
    ['https://api.example.com/a', `https://api.example.com${WELL_KNOWN}/a`],
    ['https://api.example.com/a/', `https://api.example.com${WELL_KNOWN}/a/`],
    ['https://api.example.com/a/b', `https://api.example.com${WELL_KNOWN}/a/b`],
    ['https://api.example.com//', `https://api.example.com${WELL_KNOWN}//`],
    ['https://api.example.com/a%2Fb', `https://api.example.com${WELL_KNOWN}/a%2Fb`],
    ['https://api.example.com:8443/a', `https://api.example.com:8443${WELL_KNOWN}/a`],
    ['https://api.example.com/a?k=v', `https://api.example.com${WELL_KNOWN}/a?k=v`],
    ['https://api.example.com?k=v', `https://api.example.com${WELL_KNOWN}?k=v`],
  ])('asks for the metadata of %s at %s (RFC 9728 3.1)', async (identifier, url) => {
    const { options, requests } = recorder()
    await resourceDiscoveryRequest(new URL(identifier), options)
    expect(requests).toMatchObject([{ url }])
  })

  it('leaves the identifier as it is', async () => {
    const identifier = new URL(IDENTIFIER)
    await resourceDiscoveryRequest(identifier, recorder().options)
    expect(identifier.href).toBe(IDENTIFIER)
  })

  it('has the headers of the caller, but for its own', async () => {
    const { options, requests } = recorder()
    const headers = { accept: 'text/html', 'x-request-id': '7' }
    await resourceDiscoveryRequest(new URL(IDENTIFIER), { ...options, headers })
    expect(requests).toMatchObject([{ headers: { accept: 'application/json', 'x-request-id': '7' } }])
  })

  it('goes by TLS only, unless insecure requests are allowed, and by nothing but HTTP then (RFC 9728 7.1)', async () => {
    const { options, requests } = recorder()
    const insecure = { ...options, [allowInsecureRequests]: true }
    const plain = new URL('http://127.0.0.1:3000/v1')
    expect(await rejectionOf(() => resourceDiscoveryRequest(plain, options))).toMatchObject({
      code: 'OAUTH_HTTP_REQUEST_FORBIDDEN',
    })
    expect(requests).toEqual([])
    await refuses(REQUEST_TLS, () => resourceDiscoveryRequest(plain, options))
    await refuses(REQUEST_HTTP, () => resourceDiscoveryRequest(new URL('ftp://api.example.com'), insecure))
    await resourceDiscoveryRequest(plain, insecure)
    expect(requests.at(-1)).toMatchObject({ url: `http://127.0.0.1:3000${WELL_KNOWN}/v1` })
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({}, 404)
    const { options } = recorder(() => answer)
    expect(await resourceDiscoveryRequest(new URL(IDENTIFIER), options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })
})

function process(changes: Record<string, JsonValue | undefined>, status = 200, expected = IDENTIFIER) {
  return processResourceDiscoveryResponse(new URL(expected), json({ ...ANSWER, ...changes }, status))
}

describe('processResourceDiscoveryResponse', () => {
  it('gives every member of valid metadata, unknown ones too (RFC 9728 2)', async () => {
    const more = { jwks_uri: 5, bearer_methods_supported: null, extra: { nested: [null] } }
    expect(await process(more)).toEqual({ ...ANSWER, ...more })
  })

  it.each([
    ['https://api.example.com', 'https://api.example.com/'],
    ['https://api.example.com/', 'https://API.example.com:443'],
    ['https://api.example.com/a b', 'https://api.example.com/a%20b'],
  ])('takes %s for %s: they are compared as URLs', async (expected, resource) => {
    expect(await process({ resource }, 200, expected)).toMatchObject({ resource })
  })

  it.each([
    'https://evil.example/v1',
    'https://api.example.com',
    'https://api.example.com/v1/',
    'https://api.example.com/V1',
    'https://api.example.com:8443/v1',
    'https://api.example.com/v1?k=v',
    'http://api.example.com/v1',
  ])('refuses the metadata of another resource: %s (RFC 9728 3.3)', async (resource) => {
    const error = await refuses(metadata.RESOURCE, () => process({ resource }))
    expect(error).toMatchObject({ expected: IDENTIFIER, actual: resource, cause: { attribute: 'resource' } })
  })

  it.each([...everyTypeBut(), ['no URL', 'api.example.com'], ['a path', '/v1']])(
    'refuses a resource that is no URL: %s (RFC 9728 2)',
    async (_, resource) => {
      await refuses(metadata.RESOURCE_PRESENT, () => process({ resource }), metadata.RESOURCE)
    },
  )

  it.each([201, 302, 400, 401, 404, 500])('refuses the status %s (RFC 9728 3.2)', async (status) => {
    const error = await refuses(metadata.RESOURCE_STATUS, () => process({}, status))
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('looks neither at a challenge nor at an error of another status', async () => {
    const challenged = () => json(ANSWER, 401, { 'www-authenticate': 'Bearer' })
    const act = () => processResourceDiscoveryResponse(new URL(IDENTIFIER), challenged())
    await refuses(metadata.RESOURCE_STATUS, act)
  })

  it('refuses what is no JSON object (RFC 9728 3.2)', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    const url = new URL(IDENTIFIER)
    await refuses(http.BODY_CONTENT_TYPE, () => processResourceDiscoveryResponse(url, html()), http.BODY_JSON)
    const array = () => processResourceDiscoveryResponse(url, json([ANSWER]))
    await refuses(http.BODY_OBJECT, array, metadata.RESOURCE_PRESENT)
  })

  it('takes nothing from a member __proto__', async () => {
    const text = `{"__proto__":{"resource":"${IDENTIFIER}"}}`
    const act = () => processResourceDiscoveryResponse(new URL(IDENTIFIER), new Response(text))
    await refuses(metadata.RESOURCE_PRESENT, act, metadata.RESOURCE)
  })

  it('tells a trace its checks', async () => {
    const events = vi.fn<(event: CheckEvent) => void>()
    await processResourceDiscoveryResponse(new URL(IDENTIFIER), json(ANSWER), { [trace]: events })
    expect(events.mock.calls.map(([{ rule, passed }]) => [rule, passed])).toEqual(
      [
        metadata.RESOURCE_STATUS,
        http.BODY_READ,
        http.BODY_SIZE,
        http.BODY_CONTENT_TYPE,
        http.BODY_JSON,
        http.BODY_OBJECT,
        metadata.RESOURCE_PRESENT,
        metadata.RESOURCE,
      ].map(({ id }) => [id, true]),
    )
  })
})

describe('_nodiscoverycheck', () => {
  it('lets the metadata of another resource through, and no other fault', async () => {
    const answer = (changes: object) => json({ ...ANSWER, ...changes })
    const other = answer({ resource: 'https://evil.example' })
    expect(await processResourceDiscoveryResponse(_nodiscoverycheck, other)).toMatchObject({
      resource: 'https://evil.example',
    })
    const nameless = () => processResourceDiscoveryResponse(_nodiscoverycheck, answer({ resource: undefined }))
    await refuses(metadata.RESOURCE_PRESENT, nameless)
  })
})
