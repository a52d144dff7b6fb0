import { describe, expect, it } from 'vitest'
import { modifyAssertion } from '../jose/modify-assertion.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { isProtectedBy } from '../testing/verified.ts'
import type { ClientAuth } from './client-auth.ts'
import { ClientSecretJwt } from './client-secret-jwt.ts'

async function assertionOf(clientAuth: ClientAuth): Promise<string> {
  const body = new URLSearchParams()
  await clientAuth(as, client, body, new Headers())
  return body.get('client_assertion') ?? ''
}

describe('client_secret_jwt', () => {
  it('puts an assertion into the body, and no header (RFC 7523 2.2)', async () => {
    const headers = new Headers()
    const body = new URLSearchParams({ scope: 'openid' })
    await ClientSecretJwt('secret')(as, client, body, headers)
    expect([...headers]).toEqual([])
    expect(Object.fromEntries(body)).toEqual({
      scope: 'openid',
      client_id: 'shop',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}$/),
    })
  })

  it.each(['s', 'secret', '€ %&+', 's'.repeat(200)])(
    'protects it with HMAC-SHA-256 under the bytes of the secret %j (RFC 7518 3.2)',
    async (secret) => {
      const assertion = await assertionOf(ClientSecretJwt(secret))
      expect(takeApart(assertion).header).toEqual({ alg: 'HS256' })
      expect(isProtectedBy(secret, assertion)).toBe(true)
      expect(isProtectedBy(`${secret}x`, assertion)).toBe(false)
    },
  )

  it('makes a new one for each request (RFC 7523 3 item 7)', async () => {
    const clientAuth = ClientSecretJwt('secret')
    const claims = async () => takeApart(await assertionOf(clientAuth)).claims
    const [first, second] = [await claims(), await claims()]
    expect(Object.keys(first).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sub'])
    expect(first.jti).not.toBe(second.jti)
  })

  it('lets modifyAssertion change header and claims before they are protected', async () => {
    const clientAuth = ClientSecretJwt('secret', {
      [modifyAssertion](header, payload) {
        expect(header).toEqual({ alg: 'HS256' })
        header.typ = 'client-authentication+jwt'
        payload.aud = as.token_endpoint
        delete payload.nbf
      },
    })
    const assertion = await assertionOf(clientAuth)
    const { header, claims } = takeApart(assertion)
    expect(header).toEqual({ alg: 'HS256', typ: 'client-authentication+jwt' })
    expect(claims).toMatchObject({ aud: as.token_endpoint, iss: 'shop' })
    expect(claims).not.toHaveProperty('nbf')
    expect(isProtectedBy('secret', assertion)).toBe(true)
  })

  it('fails as modifyAssertion fails', async () => {
    const failure = new Error('no')
    const clientAuth = ClientSecretJwt('secret', {
      [modifyAssertion]() {
        throw failure
      },
    })
    expect(await rejectionOf(() => assertionOf(clientAuth))).toBe(failure)
  })

  it.each(NO_TEXTS)('takes no secret that is %s, before any request', async (_title, secret, code) => {
    // what callers without types do
    await isCallersMistake(code, () => ClientSecretJwt(secret as string))
  })
})
