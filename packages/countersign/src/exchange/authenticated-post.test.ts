import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { DPoP } from '../dpop/dpop.ts'
import type { DPoPHandle } from '../dpop/handle.ts'
import { VERSION } from '../http/headers.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { as, client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { authenticatedPost } from './authenticated-post.ts'
import { postToken } from './post-token.ts'

const url = new URL('https://op.example.com/token?tenant=a')
const keys = await generateKeyPair('ES256')

type Options = Parameters<typeof authenticatedPost>[5]

function post(options: Options, clientAuth = ClientSecretBasic('secret')): Promise<Response> {
  return authenticatedPost(as, client, clientAuth, url, new URLSearchParams({ scope: 'openid', a: '& ž' }), options)
}

describe('a form posted to an endpoint of the server', () => {
  it('is exactly this request (RFC 6749 3.2, appendix B)', async () => {
    const { options, requests } = recorder()
    await post(options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/token?tenant=a',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'scope=openid&a=%26+%C5%BE',
        redirect: 'manual',
      },
    ])
  })

  it('has no proof where nothing is bound to a key, whatever the options say (RFC 9449 5)', async () => {
    const { options, requests } = recorder()
    const shared = { ...options, DPoP: DPoP(client, keys) }
    const server = { ...as, revocation_endpoint: 'https://op.example.com/revoke' }
    await postToken(server, client, None(), 'revocation_endpoint', 'token', shared, null)
    expect(requests[0]?.headers).not.toHaveProperty('dpop')
  })

  it('is exactly this request with a proof (RFC 9449 5)', async () => {
    const { options, requests } = recorder()
    await post({ ...options, DPoP: DPoP(client, keys) }, None())
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/token?tenant=a',
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          dpop: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'scope=openid&a=%26+%C5%BE&client_id=shop',
        redirect: 'manual',
      },
    ])
    const { claims } = takeApart(requests[0]?.headers.dpop ?? '')
    expect(claims).toMatchObject({ htm: 'POST', htu: 'https://op.example.com/token' })
    expect(claims).not.toHaveProperty('ath')
  })

  it('has the headers of the caller, but for Accept, Content-Type and with a handle DPoP', async () => {
    const { options, requests } = recorder()
    const headers = { Accept: 'text/html', 'Content-Type': 'text/plain', DPoP: 'of the caller', 'X-Request-ID': '7' }
    await post({ ...options, headers })
    await post({ ...options, headers, DPoP: DPoP(client, keys) })
    const contentType = 'application/x-www-form-urlencoded;charset=UTF-8'
    expect(requests[0]?.headers).toMatchObject({ accept: 'application/json', 'content-type': contentType })
    expect(requests[0]?.headers).toMatchObject({ dpop: 'of the caller', 'x-request-id': '7' })
    expect(requests[1]?.headers.dpop).not.toBe('of the caller')
  })

  it('is given to the client authentication before it leaves, whatever that may add to it', async () => {
    const { options, requests } = recorder()
    await post({ ...options, DPoP: DPoP(client, keys) }, async (server, party, body, headers) => {
      await Promise.resolve()
      expect([server, party]).toEqual([as, client])
      expect(headers.get('dpop')).not.toBeNull()
      body.set('client_id', 'signed')
      headers.set('x-signature', 'signature')
      headers.set('content-type', 'text/plain')
    })
    expect(requests[0]).toMatchObject({
      body: 'scope=openid&a=%26+%C5%BE&client_id=signed',
      headers: { 'x-signature': 'signature', 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
    })
  })

  it('is not sent with an Authorization of the caller', async () => {
    const { options, requests } = recorder()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => post({ ...options, headers: { authorization: 'Basic a' } }))
    expect(requests).toEqual([])
  })

  it('is not sent with a handle that DPoP() did not make', async () => {
    const { options, requests } = recorder()
    const handle: DPoPHandle = { calculateThumbprint: () => Promise.resolve('thumbprint') }
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => post({ ...options, DPoP: handle }))
    expect(requests).toEqual([])
  })

  it('is not sent where the client authentication fails', async () => {
    const { options, requests } = recorder()
    const failure = new Error('the key is gone')
    expect(await rejectionOf(() => post(options, () => Promise.reject(failure)))).toBe(failure)
    expect(requests).toEqual([])
  })

  it('gives the answer as it came', async () => {
    const answer = json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic' })
    const { options } = recorder(() => answer)
    expect(await post(options)).toBe(answer)
  })

  it.each([200, 400, 401, 500])('learns the nonce of an answer with status %d (RFC 9449 8.2)', async (status) => {
    const { options, requests } = recorder(() => json({}, status, { 'dpop-nonce': 'server' }))
    const handle = DPoP(client, keys)
    await post({ ...options, DPoP: handle })
    await post({ ...options, DPoP: handle })
    const nonces = requests.map(({ headers }) => takeApart(headers.dpop ?? '').claims.nonce)
    expect(nonces).toEqual([undefined, 'server'])
  })
})
