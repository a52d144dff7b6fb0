import { describe, expect, it } from 'vitest'
import { TOKEN, TOKEN_HASH } from '../testing/callbacks.ts'
import { hashClientNotificationToken, isTokenHashOf } from './notification-token.ts'

describe('hashClientNotificationToken', () => {
  it('gives SHA-256 as base64url (RFC 6234, RFC 4648 5)', async () => {
    expect(await hashClientNotificationToken('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
    expect(await hashClientNotificationToken(TOKEN)).toBe(TOKEN_HASH)
    expect(TOKEN_HASH).toHaveLength(43)
  })
})

describe('isTokenHashOf', () => {
  it('is true of the hash of the token, stored as either', async () => {
    expect(await isTokenHashOf({ client_notification_token: TOKEN }, TOKEN_HASH)).toBe(true)
    expect(await isTokenHashOf({ client_notification_token_hash: TOKEN_HASH }, TOKEN_HASH)).toBe(true)
  })

  it('is false of another one', async () => {
    expect(await isTokenHashOf({ client_notification_token: 'another' }, TOKEN_HASH)).toBe(false)
    const other = await hashClientNotificationToken('another')
    expect(await isTokenHashOf({ client_notification_token_hash: other }, TOKEN_HASH)).toBe(false)
    expect(await isTokenHashOf(undefined, TOKEN_HASH)).toBe(false)
  })
})
