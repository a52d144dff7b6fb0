import { createHash, createHmac, createSecretKey } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import { digest, hmac } from './hash.ts'

const BYTES = encodeText('the same bytes for both')

describe('digest', () => {
  it('gives the known hash of “abc” (FIPS 180-4, SHA-256)', async () => {
    const hash = await digest('SHA-256', encodeText('abc'))
    expect(Buffer.from(hash).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it.each([
    ['SHA-256', 'sha256'],
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ] as const)('gives the %s that node:crypto gives', async (hash, nodeName) => {
    expect(Buffer.from(await digest(hash, BYTES))).toEqual(createHash(nodeName).update(BYTES).digest())
  })
})

describe('hmac', () => {
  it('gives the signature of the HS256 example (RFC 7515 appendix A.1)', async () => {
    const secret = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'
    const input =
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
      '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
    const mac = await hmac('SHA-256', new Uint8Array(Buffer.from(secret, 'base64url')), encodeText(input))
    expect(encodeBase64url(mac)).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
  })

  it.each([
    ['SHA-256', 'sha256'],
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ] as const)('gives the HMAC-%s that node:crypto gives', async (hash, nodeName) => {
    const secret = encodeText('secret')
    const expected = createHmac(nodeName, createSecretKey(secret)).update(BYTES).digest()
    expect(Buffer.from(await hmac(hash, secret, BYTES))).toEqual(expected)
  })

  it('makes of the secret a key that cannot be exported', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey')
    await hmac('SHA-256', encodeText('secret'), BYTES)
    expect(await imported.mock.results[0]?.value).toMatchObject({ extractable: false, usages: ['sign'] })
    imported.mockRestore()
  })
})
