import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { None } from '../client-authentication/none.ts'
import { VERSION } from '../http/headers.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { recorder } from '../testing/recorder.ts'
import { processesTokenResponses } from '../testing/token-grant.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import { processRefreshTokenResponse, refreshTokenGrantRequest } from './refresh-token.ts'

describe('refreshTokenGrantRequest', () => {
  it('sends the form of the grant, and nothing else (RFC 6749 6)', async () => {
    const { options, requests } = recorder()
    await refreshTokenGrantRequest(as, client, ClientSecretBasic('secret'), 'a+b &c', options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/token',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'refresh_token=a%2Bb+%26c&grant_type=refresh_token',
        redirect: 'manual',
      },
    ])
  })

  it('sends a narrower scope beside it, which replaces neither (RFC 6749 6)', async () => {
    const { options, requests } = recorder()
    const additionalParameters = { scope: 'read', refresh_token: 'another', grant_type: 'password' }
    const auth = ClientSecretPost('secret')
    await refreshTokenGrantRequest(as, client, auth, 'refresh', { ...options, additionalParameters })
    const body = 'scope=read&refresh_token=refresh&grant_type=refresh_token&client_id=shop&client_secret=secret'
    expect(requests).toMatchObject([{ body }])
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'invalid_grant' }, 400)
    const { options } = recorder(() => answer)
    expect(await refreshTokenGrantRequest(as, client, None(), 'refresh', options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })
})

describe('processRefreshTokenResponse', () => {
  processesTokenResponses(processRefreshTokenResponse)

  it('leaves to the caller whom the new ID Token is about (OIDC Core 12.2)', async () => {
    const id_token = unsignedJwt(idTokenClaims({ sub: 'eve', nonce: 'old' }))
    const tokens = await processRefreshTokenResponse(as, client, json(tokenBody({ id_token })))
    expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'eve', nonce: 'old' })
  })
})
