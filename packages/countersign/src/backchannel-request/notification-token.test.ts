import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pinged, op, PARAMETERS } from '../testing/backchannel-request.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { checkBackchannelAuthenticationParameters } from './check-parameters.ts'
import {
  generateClientNotificationToken,
  NOTIFICATION_TOKEN_ENTROPY,
  NOTIFICATION_TOKEN_LENGTH,
  NOTIFICATION_TOKEN_SYNTAX,
} from './notification-token.ts'

function withToken(client_notification_token: string): void {
  checkBackchannelAuthenticationParameters(op, pinged, { ...PARAMETERS, client_notification_token })
}

describe('generateClientNotificationToken', () => {
  it('makes 256 bits of base64url, never the same twice (CIBA Core 7.1)', () => {
    const tokens = Array.from({ length: 100 }, generateClientNotificationToken)
    expect(new Set(tokens).size).toBe(100)
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  })

  it('makes what a request may carry (CIBA Core 7.1, RFC 6750 2.1)', () => {
    expect(() => withToken(generateClientNotificationToken())).not.toThrow()
  })
})

describe('a client_notification_token', () => {
  it('has at most 1024 characters (CIBA Core 7.1)', async () => {
    expect(() => withToken('q'.repeat(1024))).not.toThrow()
    await refuses(NOTIFICATION_TOKEN_LENGTH, () => withToken('q'.repeat(1025)))
  })

  it.each(['.', '_', '~', '+', '/', '-', '=', '==='])('may hold %j (RFC 6750 2.1)', (character) => {
    expect(() => withToken(`${'qW3'.repeat(10)}${character}`)).not.toThrow()
  })

  it.each([' ', '\n', '"', ',', ';', '%', 'é', '\u0000', '😀', '=q', '\n='])(
    'does not hold %j (RFC 6750 2.1)',
    async (character) => {
      await refuses(NOTIFICATION_TOKEN_SYNTAX, () => withToken(`${'qW3'.repeat(10)}${character}`))
    },
  )

  it('is not made of padding alone (RFC 6750 2.1)', async () => {
    await refuses(NOTIFICATION_TOKEN_SYNTAX, () => withToken('='.repeat(40)), NOTIFICATION_TOKEN_ENTROPY)
  })

  it.each([
    ['22 characters', 'mF_9B5f41JqMx8d67dc78z'],
    ['32 hexadecimal digits', '8d67dc787faa4d41aabd67707b374255'],
    ['a UUID', '8d67dc78-7faa-4d41-aabd-67707b374255'],
    ['39 decimal digits', '3'.repeat(39)],
  ])('can hold 128 bits in %s (CIBA Core 7.1)', (_, token) => {
    expect(() => withToken(token)).not.toThrow()
  })

  it.each([
    ['21 characters', 'mF_9B5f41JqMx8d67dc78'],
    ['21 characters and padding', 'mF_9B5f41JqMx8d67dc78==='],
    ['31 hexadecimal digits', '8d67dc787faa4d41aabd67707b37425'],
    ['31 hexadecimal digits in groups', '8-d-6-7-d-c-7-8-7-f-a-a-4-d-4-1-a-a-b-d-6-7-7-0-7-b-3-7-4-2-5'],
    ['38 decimal digits', '3'.repeat(38)],
  ])('cannot hold 128 bits in %s (CIBA Core 7.1)', async (_, token) => {
    await refuses(NOTIFICATION_TOKEN_ENTROPY, () => withToken(token))
  })

  it('is in no error, whatever is wrong with it (RFC 6750 5.3)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, maxLength: 2000 }), async (token) => {
        const error = await rejectionOf(() => withToken(token))
        if (error instanceof Error) expect(`${error.message}${JSON.stringify(error)}`).not.toContain(token)
      }),
    )
  })
})
