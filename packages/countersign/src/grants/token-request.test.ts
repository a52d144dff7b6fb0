import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { DPoP } from '../dpop/dpop.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import * as metadata from '../metadata/endpoint.ts'
import { as, client, json } from '../testing/answers.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { backchannelAuthenticationGrantRequest } from './ciba.ts'
import type { TokenEndpointRequestOptions } from './token-request.ts'

const clientAuth = ClientSecretBasic('secret')

async function sent(options: TokenEndpointRequestOptions, auth = clientAuth) {
  const { options: recording, requests } = recorder()
  await backchannelAuthenticationGrantRequest(as, client, auth, 'id', { ...recording, ...options })
  const [request] = requests
  if (request === undefined || requests.length > 1) throw new Error('not exactly one request was sent')
  return request
}

const GRANT = 'grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba'

describe('additionalParameters', () => {
  it.each([
    ['an object', { resource: 'https://api.example.com' }],
    ['pairs', [['resource', 'https://api.example.com']]],
    ['URLSearchParams', new URLSearchParams({ resource: 'https://api.example.com' })],
  ])('are sent beside the parameters of the grant: %s', async (_, additionalParameters) => {
    const { body } = await sent({ additionalParameters })
    expect(body).toBe(`resource=https%3A%2F%2Fapi.example.com&auth_req_id=id&${GRANT}`)
  })

  it('may have several values of one name (RFC 8707 2)', async () => {
    const { body } = await sent({
      additionalParameters: [
        ['resource', 'a'],
        ['resource', 'b'],
      ],
    })
    expect(body).toBe(`resource=a&resource=b&auth_req_id=id&${GRANT}`)
  })

  it('do not replace the parameters of the grant, nor stand beside them', async () => {
    const additionalParameters = [
      ['grant_type', 'password'],
      ['auth_req_id', 'x'],
      ['auth_req_id', 'y'],
      ['grant_type', ''],
    ]
    const { body } = await sent({ additionalParameters })
    expect(body).toBe(`${GRANT}&auth_req_id=id`)
  })

  it('do not replace what authenticates the client', async () => {
    const additionalParameters = { client_id: 'bank', client_secret: 'other' }
    const { body } = await sent({ additionalParameters }, ClientSecretPost('secret'))
    expect(body).toBe(`client_id=shop&client_secret=secret&auth_req_id=id&${GRANT}`)
  })

  it('are left as they are', async () => {
    const additionalParameters = new URLSearchParams({ auth_req_id: 'x' })
    await sent({ additionalParameters })
    expect(additionalParameters.toString()).toBe('auth_req_id=x')
  })
})

describe('headers of a token request', () => {
  it('has those of the caller, but for its own', async () => {
    const headers = { 'X-Request-Id': '7', accept: 'text/html', 'content-type': 'text/plain', 'user-agent': 'shop/1' }
    expect((await sent({ headers })).headers).toEqual({
      accept: 'application/json',
      authorization: 'Basic c2hvcDpzZWNyZXQ=',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      'user-agent': 'shop/1',
      'x-request-id': '7',
    })
  })
})

describe('DPoP of a token request', () => {
  it('is a proof for the endpoint, without a token, that client authentication can see (RFC 9449 5)', async () => {
    const handle = DPoP(client, await generateKeyPair('ES256'))
    let seen: string | null = null
    const auth: typeof clientAuth = (_as, _client, _body, headers) => {
      seen = headers.get('dpop')
    }
    const { headers } = await sent({ DPoP: handle }, auth)
    expect(headers.dpop).toBe(seen)
    const { claims } = takeApart(headers.dpop ?? '')
    expect(claims).toMatchObject({ htm: 'POST', htu: 'https://op.example.com/token' })
    expect(claims).not.toHaveProperty('ath')
    expect(claims).not.toHaveProperty('nonce')
  })

  it('has the nonce that the answer before brought, whatever that was (RFC 9449 8.2)', async () => {
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const { options, requests } = recorder(() => json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n1' }))
    const act = () => backchannelAuthenticationGrantRequest(as, client, clientAuth, 'id', { ...options, DPoP: handle })
    await act()
    await act()
    const proofs = requests.map(({ headers }) => takeApart(headers.dpop ?? '').claims)
    expect(proofs[0]).not.toHaveProperty('nonce')
    expect(proofs[1]).toMatchObject({ nonce: 'n1' })
  })
})

describe('the endpoint of a token request', () => {
  function request(token_endpoint: string | undefined, options: TokenEndpointRequestOptions = {}) {
    // absent metadata are written as undefined here
    const server = { ...as, token_endpoint } as typeof as
    const { options: recording, requests } = recorder()
    const act = () =>
      backchannelAuthenticationGrantRequest(server, client, clientAuth, 'id', { ...recording, ...options })
    return { act, requests }
  }

  it('must be in the metadata (RFC 8414 2)', async () => {
    const { act, requests } = request(undefined)
    await refuses(metadata.ENDPOINT_PRESENT, act, metadata.ENDPOINT_URL)
    expect(requests).toEqual([])
  })

  it('must be a URL (RFC 8414 2)', async () => {
    await refuses(metadata.ENDPOINT_URL, request('/token').act)
  })

  it('must be one of TLS (RFC 6749 3.2)', async () => {
    const { act, requests } = request('http://op.example.com/token')
    const error = await rejectionOf(act)
    expect(error).toMatchObject({ code: 'OAUTH_HTTP_REQUEST_FORBIDDEN' })
    expect(requests).toEqual([])
    await refuses(metadata.REQUEST_TLS, act)
  })

  it('is asked without TLS by allowInsecureRequests, which then also sends the secret in the clear', async () => {
    const { act, requests } = request('http://127.0.0.1:3000/token', { [allowInsecureRequests]: true })
    await act()
    expect(requests).toMatchObject([
      { url: 'http://127.0.0.1:3000/token', headers: { authorization: 'Basic c2hvcDpzZWNyZXQ=' } },
    ])
  })

  it('must be one of HTTP even then (RFC 9110 4.2)', async () => {
    await refuses(metadata.REQUEST_HTTP, request('ftp://op.example.com', { [allowInsecureRequests]: true }).act)
  })

  it('is the mTLS alias where the client wants it (RFC 8705 5)', async () => {
    const server = { ...as, mtls_endpoint_aliases: { token_endpoint: 'https://mtls.op.example.com/token' } }
    const { options, requests } = recorder()
    const mutual = { ...client, use_mtls_endpoint_aliases: true }
    await backchannelAuthenticationGrantRequest(server, mutual, clientAuth, 'id', options)
    await backchannelAuthenticationGrantRequest(server, client, clientAuth, 'id', options)
    expect(requests.map(({ url }) => url)).toEqual(['https://mtls.op.example.com/token', as.token_endpoint])
  })
})
