import { expect, it } from 'vitest'
import { as, client } from '../testing/answers.ts'
import { TlsClientAuth } from './tls-client-auth.ts'

it('tls_client_auth names the client in the body, and sets no header (RFC 8705 2)', async () => {
  const headers = new Headers()
  const body = new URLSearchParams('client_id=a&scope=openid&client_id=b')
  await TlsClientAuth()(as, client, body, headers)
  expect(body.toString()).toBe('client_id=shop&scope=openid')
  expect([...headers]).toEqual([])
})
