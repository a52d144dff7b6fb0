import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { ClientSecretBasic } from './client-secret-basic.ts'

async function authorizationOf(clientId: string, secret: string): Promise<string> {
  const headers = new Headers()
  const body = new URLSearchParams({ scope: 'openid' })
  await ClientSecretBasic(secret)(as, { client_id: clientId }, body, headers)
  expect(body.toString()).toBe('scope=openid')
  expect([...headers.keys()]).toEqual(['authorization'])
  return headers.get('authorization') ?? ''
}

/** The name and the secret, each still form-encoded. */
async function credentialsOf(clientId: string, secret: string): Promise<string[]> {
  const [scheme, token68 = ''] = (await authorizationOf(clientId, secret)).split(' ')
  expect(scheme).toBe('Basic')
  return Buffer.from(token68, 'base64').toString('latin1').split(':')
}

/** Decodes as servers do: application/x-www-form-urlencoded. */
function formDecode(encoded: string | undefined): string | null {
  return new URLSearchParams(`value=${encoded}`).get('value')
}

describe('client_secret_basic', () => {
  it('puts name and secret into the Authorization header, and nothing elsewhere (RFC 6749 2.3.1)', async () => {
    expect(await authorizationOf('shop', 'secret')).toBe('Basic c2hvcDpzZWNyZXQ=')
  })

  it('encodes the example as it is there (RFC 6749 appendix B)', async () => {
    expect(await credentialsOf('shop', ' %&+£€')).toEqual(['shop', '+%25%26%2B%C2%A3%E2%82%AC'])
  })

  it('escapes every ASCII character but letters and digits, in name and secret (RFC 6749 appendix B)', async () => {
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('')
    const escaped = Array.from({ length: 128 }, (_, code) => {
      const character = String.fromCharCode(code)
      if (character === ' ') return '+'
      return /[0-9A-Za-z]/.test(character) ? character : `%${code.toString(16).toUpperCase().padStart(2, '0')}`
    }).join('')
    expect(await credentialsOf(ascii, ascii)).toEqual([escaped, escaped])
  })

  it('keeps a colon in the name apart from the one behind it (RFC 7617 2)', async () => {
    expect(await credentialsOf('https://shop.example.com:8443', 'a:b')).toEqual([
      'https%3A%2F%2Fshop%2Eexample%2Ecom%3A8443',
      'a%3Ab',
    ])
  })

  it('is decoded to what it was made of, whatever that is', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, secret) => {
        const credentials = await credentialsOf(clientId, secret)
        expect(credentials).toHaveLength(2)
        expect(credentials.map(formDecode)).toEqual([clientId, secret])
      }),
    )
  })

  it.each(['\ud800', '\udc00', 'a\udbffb'])(
    'takes no name and no secret that is no Unicode: %j (RFC 6749 appendix B)',
    async (text) => {
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => authorizationOf('shop', text))
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => authorizationOf(text, 'secret'))
    },
  )

  it('takes the place of an Authorization header that is there', async () => {
    const headers = new Headers({ authorization: 'Bearer access' })
    await ClientSecretBasic('secret')(as, client, new URLSearchParams(), headers)
    expect(headers.get('authorization')).toBe('Basic c2hvcDpzZWNyZXQ=')
  })

  it.each(NO_TEXTS)('takes no secret that is %s, before any request', async (_title, secret, code) => {
    // what callers without types do
    await isCallersMistake(code, () => ClientSecretBasic(secret as string))
  })
})
