import { expect, it } from 'vitest'
import { as, client } from '../testing/answers.ts'
import { None } from './none.ts'

it.each([
  ['scope=openid', 'scope=openid&client_id=shop'],
  ['client_id=a&scope=openid&client_id=b', 'client_id=shop&scope=openid'],
])('none names the client in the body %j, and sets no header (RFC 6749 2.3.1)', async (before, after) => {
  const headers = new Headers()
  const body = new URLSearchParams(before)
  await None()(as, client, body, headers)
  expect(body.toString()).toBe(after)
  expect([...headers]).toEqual([])
})
