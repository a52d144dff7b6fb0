import { afterEach, beforeEach, expect, it } from 'vitest'
import { type NotificationEndpoint, openNotificationEndpoint } from './notification-endpoint.ts'

let endpoint: NotificationEndpoint
let other: NotificationEndpoint

beforeEach(async () => {
  endpoint = await openNotificationEndpoint()
  other = await openNotificationEndpoint()
  for (const { answerWith } of [endpoint, other]) answerWith(async () => new Response(null, { status: 204 }))
})

afterEach(async () => {
  await endpoint.close()
  await other.close()
})

it('is called by TLS, by who trusts its certificate (CIBA Core §9)', async () => {
  expect(endpoint.url).toMatch(/^https:/)
  expect((await endpoint.fetch(endpoint.url, { method: 'POST' })).status).toBe(204)
})

it('is trusted by no other connection of the process', async () => {
  await expect(fetch(endpoint.url)).rejects.toMatchObject({ cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } })
  // an authority of the same name, with another key
  await expect(endpoint.fetch(other.url)).rejects.toMatchObject({ cause: { code: 'CERT_SIGNATURE_FAILURE' } })
})

it('keeps two Authorization headers apart from one (RFC 6750 §2.1)', async () => {
  let authorization: string | null = ''
  const third = await openNotificationEndpoint()
  third.answerWith(async ({ headers }) => {
    authorization = headers.get('authorization')
    return new Response(null, { status: 204 })
  })
  const headers: [string, string][] = [
    ['authorization', 'Bearer one'],
    ['authorization', 'Bearer two'],
  ]
  await third.fetch(third.url, { method: 'POST', headers })
  await third.close()
  expect(authorization).toBe('Bearer one, Bearer two')
})
