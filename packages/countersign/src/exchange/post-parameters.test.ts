import { describe, expect, it, vi } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { DPoP } from '../dpop/dpop.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests, customFetch } from '../http/options.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_TLS } from '../metadata/endpoint.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses } from '../testing/refuses.ts'
import { cryptoKeys, signingKey, takeApart } from '../testing/signed.ts'
import { postParameters } from './post-parameters.ts'

const server = {
  ...as,
  device_authorization_endpoint: 'https://op.example.com/device?tenant=a',
  mtls_endpoint_aliases: { device_authorization_endpoint: 'https://mtls.op.example.com/device' },
}

type Form = Parameters<typeof postParameters>[4]
type Options = Parameters<typeof postParameters>[5]

function post(parameters: Form, options: Options, metadata: typeof as = server) {
  return postParameters(metadata, client, None(), 'device_authorization_endpoint', parameters, options, false)
}

describe('parameters posted to an endpoint', () => {
  it('are exactly this request (RFC 8628 3.1)', async () => {
    const { options, requests } = recorder()
    await post({ scope: 'openid & ž' }, { ...options, headers: { 'x-trace': 'a' } })
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/device?tenant=a',
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
          'x-trace': 'a',
        },
        body: 'scope=openid+%26+%C5%BE&client_id=shop',
        redirect: 'manual',
      },
    ])
  })

  it.each([
    [{ resource: 'https://rs.example.com' }],
    [[['resource', 'https://rs.example.com']]],
    [new URLSearchParams([['resource', 'https://rs.example.com']])],
  ])('may be an object, a list or a form, and stay as they are', async (parameters) => {
    const { options, requests } = recorder()
    const before = JSON.stringify([...new URLSearchParams(parameters)])
    await post(parameters, options)
    expect(requests[0]?.body).toBe('resource=https%3A%2F%2Frs.example.com&client_id=shop')
    expect(JSON.stringify([...new URLSearchParams(parameters)])).toBe(before)
  })

  it('may come several times, as resource does (RFC 8707 2)', async () => {
    const { options, requests } = recorder()
    await post(
      [
        ['resource', 'a'],
        ['resource', 'b'],
      ],
      options,
    )
    expect(requests[0]?.body).toBe('resource=a&resource=b&client_id=shop')
  })

  it('name this client and no other', async () => {
    const { options, requests } = recorder()
    await post(new URLSearchParams('client_id=eve&scope=openid&client_id=mallory'), options)
    const body = new URLSearchParams(requests[0]?.body)
    expect(body.getAll('client_id')).toEqual(['shop'])
  })

  it('name the client beside every way to authenticate it', async () => {
    const { options, requests } = recorder()
    await postParameters(
      server,
      client,
      ClientSecretBasic('secret'),
      'device_authorization_endpoint',
      {},
      options,
      false,
    )
    expect(requests[0]).toMatchObject({ body: 'client_id=shop', headers: { authorization: 'Basic c2hvcDpzZWNyZXQ=' } })
  })

  it('go to the alias for certificates where the client wants it (RFC 8705 5)', async () => {
    const { options, requests } = recorder()
    const party = { ...client, use_mtls_endpoint_aliases: true }
    await postParameters(server, party, None(), 'device_authorization_endpoint', {}, options, false)
    expect(requests[0]?.url).toBe('https://mtls.op.example.com/device')
  })

  it('come with a proof where they are about something that is bound to a key, and only there (RFC 9449 10.1)', async () => {
    const { options, requests } = recorder()
    const shared = { ...options, DPoP: DPoP(client, await cryptoKeys(signingKey('ES256'))) }
    for (const withProof of [true, false]) {
      await postParameters(server, client, None(), 'device_authorization_endpoint', {}, shared, withProof)
    }
    const [first, second] = requests
    expect(takeApart(first?.headers.dpop ?? '').claims).toMatchObject({
      htm: 'POST',
      htu: 'https://op.example.com/device',
    })
    expect(second?.headers).not.toHaveProperty('dpop')
  })

  it('are not sent to a server without the endpoint', async () => {
    const { options, requests } = recorder()
    await refuses(ENDPOINT_PRESENT, () => post({}, options, { issuer: as.issuer }), ENDPOINT_URL)
    expect(requests).toEqual([])
  })

  it('are not sent without TLS, unless that is allowed (RFC 6749 1.6)', async () => {
    const plain = { ...as, device_authorization_endpoint: 'http://localhost/device' }
    await refuses(REQUEST_TLS, () => post({}, recorder().options, plain))
    const { options, requests } = recorder()
    await post({}, { ...options, [allowInsecureRequests]: true }, plain)
    expect(requests).toHaveLength(1)
  })

  it('go without options to the global fetch', async () => {
    const fetchOf = vi.fn(() => Promise.resolve(new Response()))
    vi.stubGlobal('fetch', fetchOf)
    await post({}, undefined)
    vi.unstubAllGlobals()
    expect(fetchOf).toHaveBeenCalledOnce()
  })

  it('are the mistake of who gives no metadata', async () => {
    // what callers without types do
    const call = (...parameters: unknown[]) => Reflect.apply(postParameters, undefined, parameters)
    const unsent = { [customFetch]: () => Promise.reject(new Error('sent')) }
    const rest = [None(), 'device_authorization_endpoint', {}, unsent, false]
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(null, client, ...rest))
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => call({ issuer: '' }, client, ...rest))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(server, 'shop', ...rest))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(server, {}, ...rest))
  })
})
