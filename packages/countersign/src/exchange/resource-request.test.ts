import { describe, expect, it } from 'vitest'
import { DPoP } from '../dpop/dpop.ts'
import type { DPoPHandle } from '../dpop/handle.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { takeApart } from '../testing/signed.ts'
import { resourceRequest } from './resource-request.ts'

const url = new URL('https://rs.example.com/accounts?page=2#last')
const keys = await generateKeyPair('ES256')
const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'

type Options = Parameters<typeof resourceRequest<string, string | undefined>>[5]

function get(options: Options, headers: HeadersInit = {}): Promise<Response> {
  return resourceRequest(accessToken, url, 'GET', new Headers(headers), undefined, options)
}

describe('a request with an access token', () => {
  it('is exactly this request (RFC 6750 2.1)', async () => {
    const { options, requests } = recorder()
    await get(options, { accept: 'application/json' })
    expect(requests).toEqual([
      {
        url: 'https://rs.example.com/accounts?page=2#last',
        method: 'GET',
        headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
        body: undefined,
        redirect: 'manual',
      },
    ])
  })

  it('is exactly this request with a proof, for its method, URL and token (RFC 9449 7.1)', async () => {
    const { options, requests } = recorder()
    const DELETE = { ...options, DPoP: DPoP(client, keys) }
    await resourceRequest(accessToken, url, 'DELETE', new Headers(), 'body', DELETE)
    expect(requests).toEqual([
      {
        url: 'https://rs.example.com/accounts?page=2#last',
        method: 'DELETE',
        headers: {
          authorization: `DPoP ${accessToken}`,
          dpop: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
        },
        body: 'body',
        redirect: 'manual',
      },
    ])
    expect(takeApart(requests[0]?.headers.dpop ?? '').claims).toMatchObject({
      htm: 'DELETE',
      htu: 'https://rs.example.com/accounts',
      ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
    })
  })

  it('has the scheme DPoP with a proof of the caller, too (RFC 9449 7.1)', async () => {
    const { options, requests } = recorder()
    await get(options, { DPoP: 'of the caller' })
    expect(requests[0]?.headers).toEqual({ authorization: `DPoP ${accessToken}`, dpop: 'of the caller' })
  })

  it('has the proof of the handle where the caller has another', async () => {
    const { options, requests } = recorder()
    await get({ ...options, DPoP: DPoP(client, keys) }, { DPoP: 'of the caller' })
    expect(takeApart(requests[0]?.headers.dpop ?? '').claims).toMatchObject({ htm: 'GET' })
  })

  it('has the access token that was given, in place of another Authorization', async () => {
    const { options, requests } = recorder()
    await get(options, { authorization: 'Basic a' })
    expect(requests[0]?.headers).toEqual({ authorization: `Bearer ${accessToken}` })
  })

  it('is not sent with a handle that DPoP() did not make', async () => {
    const { options, requests } = recorder()
    const handle: DPoPHandle = { calculateThumbprint: () => Promise.resolve('thumbprint') }
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => get({ ...options, DPoP: handle }))
    expect(requests).toEqual([])
  })

  it('gives the answer as it came', async () => {
    const answer = json({}, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })
    expect(await get(recorder(() => answer).options)).toBe(answer)
  })

  it.each([200, 400, 401, 500])('learns the nonce of an answer with status %d (RFC 9449 9)', async (status) => {
    const { options, requests } = recorder(() => json({}, status, { 'dpop-nonce': 'resource' }))
    const handle = DPoP(client, keys)
    await get({ ...options, DPoP: handle })
    await get({ ...options, DPoP: handle })
    const nonces = requests.map(({ headers }) => takeApart(headers.dpop ?? '').claims.nonce)
    expect(nonces).toEqual([undefined, 'resource'])
  })
})
