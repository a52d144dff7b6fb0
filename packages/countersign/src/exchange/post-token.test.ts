import { describe, expect, it, vi } from 'vitest'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { None } from '../client-authentication/none.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests, customFetch } from '../http/options.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_TLS } from '../metadata/endpoint.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses } from '../testing/refuses.ts'
import { postToken } from './post-token.ts'

const server = {
  ...as,
  revocation_endpoint: 'https://op.example.com/revoke?tenant=a',
  mtls_endpoint_aliases: { revocation_endpoint: 'https://mtls.op.example.com/revoke' },
}

type Options = Parameters<typeof postToken>[5]

function post(options: Options, accept: string | null = 'application/json', metadata: typeof as = server) {
  return postToken(metadata, client, None(), 'revocation_endpoint', '45ghiukldjahdnhzdauz & ž', options, accept)
}

/** The body that is sent. */
async function bodyWith(additionalParameters: NonNullable<Options>['additionalParameters']) {
  const { options, requests } = recorder()
  await post({ ...options, ...(additionalParameters && { additionalParameters }) })
  return requests[0]?.body
}

const TOKEN = 'token=45ghiukldjahdnhzdauz+%26+%C5%BE'

describe('a token posted to an endpoint', () => {
  it('is exactly this request (RFC 7009 2.1, RFC 7662 2.1)', async () => {
    const { options, requests } = recorder()
    const headers = { 'x-trace': 'a', accept: 'text/html' }
    await post({ ...options, headers })
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/revoke?tenant=a',
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
          'x-trace': 'a',
        },
        body: `${TOKEN}&client_id=shop`,
        redirect: 'manual',
      },
    ])
    expect(headers).toEqual({ 'x-trace': 'a', accept: 'text/html' })
  })

  it('asks for what its caller wants, also for nothing', async () => {
    const { options, requests } = recorder()
    await post(options, 'application/token-introspection+jwt')
    await post(options, null)
    const accepted = requests.map(({ headers }) => headers.accept)
    expect(accepted).toEqual(['application/token-introspection+jwt', undefined])
  })

  it.each([
    [{ token_type_hint: 'refresh_token' }],
    [[['token_type_hint', 'refresh_token']]],
    [new URLSearchParams('token_type_hint=refresh_token')],
  ])('has more parameters, as an object, a list or a form', async (parameters) => {
    const before = JSON.stringify([...new URLSearchParams(parameters)])
    expect(await bodyWith(parameters)).toBe(`token_type_hint=refresh_token&${TOKEN}&client_id=shop`)
    // what the caller gave stays as it is
    expect(JSON.stringify([...new URLSearchParams(parameters)])).toBe(before)
  })

  it('has no other token and no other client in them (RFC 6749 3.2: parameters come once)', async () => {
    const body = await bodyWith(new URLSearchParams('token=a&client_id=b&token=c&client_id=d'))
    expect([...new URLSearchParams(body)]).toEqual([
      ['token', '45ghiukldjahdnhzdauz & ž'],
      ['client_id', 'shop'],
    ])
  })

  it('goes to the alias for certificates where the client wants it (RFC 8705 5)', async () => {
    const { options, requests } = recorder()
    const party = { ...client, use_mtls_endpoint_aliases: true }
    await postToken(server, party, ClientSecretPost('secret'), 'revocation_endpoint', 'token', options, null)
    expect(requests[0]).toMatchObject({
      url: 'https://mtls.op.example.com/revoke',
      body: 'token=token&client_id=shop&client_secret=secret',
    })
  })

  it('goes without options to the global fetch', async () => {
    const fetchOf = vi.fn(() => Promise.resolve(new Response()))
    vi.stubGlobal('fetch', fetchOf)
    await post(undefined)
    vi.unstubAllGlobals()
    expect(fetchOf).toHaveBeenCalledOnce()
  })

  it('gives the answer as it came', async () => {
    const answer = new Response('x', { status: 503 })
    expect(await post(recorder(() => answer).options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it('is not sent to a server without the endpoint', async () => {
    const { options, requests } = recorder()
    await refuses(ENDPOINT_PRESENT, () => post(options, null, { issuer: as.issuer }), ENDPOINT_URL)
    expect(requests).toEqual([])
  })

  it('is not sent without TLS, unless that is allowed (RFC 6749 1.6)', async () => {
    const plain = { ...as, revocation_endpoint: 'http://localhost/revoke' }
    await refuses(REQUEST_TLS, () => post(recorder().options, null, plain))
    const { options, requests } = recorder()
    await post({ ...options, [allowInsecureRequests]: true }, null, plain)
    expect(requests).toHaveLength(1)
  })
})

describe('what its caller gives', () => {
  // what callers without types do
  const call = (...parameters: unknown[]) => Reflect.apply(postToken, undefined, parameters)
  const unsent = { [customFetch]: () => Promise.reject(new Error('sent')) }

  it.each(NO_TEXTS)('is no token: %s', async (_, token, code) => {
    await isCallersMistake(code, () => call(server, client, None(), 'revocation_endpoint', token, unsent, null))
  })

  it('is no metadata of a server or a client', async () => {
    const rest = [None(), 'revocation_endpoint', 'token', unsent, null]
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(undefined, client, ...rest))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call({}, client, ...rest))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(server, undefined, ...rest))
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => call(server, { client_id: '' }, ...rest))
  })
})
