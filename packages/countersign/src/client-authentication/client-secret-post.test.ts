import { describe, expect, it } from 'vitest'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { ClientSecretPost } from './client-secret-post.ts'

describe('client_secret_post', () => {
  it('puts name and secret into the body, form-encoded, and no header (RFC 6749 2.3.1)', async () => {
    const headers = new Headers()
    const body = new URLSearchParams({ scope: 'openid' })
    await ClientSecretPost(' %&+£€')(as, client, body, headers)
    expect(body.toString()).toBe('scope=openid&client_id=shop&client_secret=+%25%26%2B%C2%A3%E2%82%AC')
    expect([...headers]).toEqual([])
  })

  it('takes the place of parameters of the same names, all of them', async () => {
    const body = new URLSearchParams('client_id=a&client_secret=b&client_id=c&client_secret=d')
    await ClientSecretPost('secret')(as, client, body, new Headers())
    expect(body.toString()).toBe('client_id=shop&client_secret=secret')
  })

  it.each(NO_TEXTS)('takes no secret that is %s, before any request', async (_title, secret, code) => {
    // what callers without types do
    await isCallersMistake(code, () => ClientSecretPost(secret as string))
  })
})
