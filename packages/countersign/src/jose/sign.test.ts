import { constants, createHmac, KeyObject, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { COMMON_ALGORITHMS, cryptoKeys, signingKey, takeApart } from '../testing/signed.ts'
import { refuses } from '../testing/refuses.ts'
import { KEY_SIZE } from './keys.ts'
import { modifyAssertion } from './modify-assertion.ts'
import { signJwt, signJwtWithSecret } from './sign.ts'

const UNTRACED = { trace: undefined }

/** Whether node:crypto finds the signature of a JWT valid. */
function isSigned(token: string, publicKey: CryptoKey): boolean {
  const { header, signingInput, signature } = takeApart(token)
  const alg = String(header.alg)
  const hash = alg.startsWith('Ed') ? null : `sha${alg.slice(2)}`
  const key = KeyObject.from(publicKey)
  const options = alg.startsWith('PS')
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }
    : { key, dsaEncoding: 'ieee-p1363' as const }
  return verify(hash, Buffer.from(signingInput), options, Buffer.from(signature, 'base64url'))
}

describe('signJwt', () => {
  it.each(COMMON_ALGORITHMS)('signs with a key for %s what node:crypto verifies', async (alg) => {
    const { privateKey, publicKey } = await cryptoKeys(signingKey(alg))
    const token = await signJwt(UNTRACED, privateKey, { kid: 'key-1' }, { iss: 'shop', nonce: undefined }, undefined)
    const { header, claims } = takeApart(token)
    expect(header).toEqual({ alg: alg === 'EdDSA' ? 'Ed25519' : alg, kid: 'key-1' })
    expect(claims).toEqual({ iss: 'shop' })
    expect(isSigned(token, publicKey)).toBe(true)
    expect(isSigned(token.replace(/\.[^.]+\./, '.e30.'), publicKey)).toBe(false)
  })

  it('writes the parts without padding, blanks and line breaks (RFC 7515 section 3.1)', async () => {
    const { privateKey } = await cryptoKeys(signingKey('ES256'))
    const token = await signJwt(UNTRACED, privateKey, {}, { text: '🔑 ä' }, undefined)
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(takeApart(token).claims).toEqual({ text: '🔑 ä' })
  })

  it('lets the caller change header and claims before they are signed', async () => {
    const { privateKey, publicKey } = await cryptoKeys(signingKey('ES256'))
    const claims = { aud: 'https://op.example.com' }
    const token = await signJwt(UNTRACED, privateKey, { kid: 'key-1' }, claims, {
      [modifyAssertion](header, payload) {
        expect(header).toEqual({ alg: 'ES256', kid: 'key-1' })
        header.typ = 'client-authentication+jwt'
        payload.aud = 'https://op.example.com/token'
      },
    })
    expect(takeApart(token).header).toMatchObject({ typ: 'client-authentication+jwt' })
    expect(takeApart(token).claims).toEqual({ aud: 'https://op.example.com/token' })
    expect(isSigned(token, publicKey)).toBe(true)
  })

  it('signs nothing with a short RSA key (RFC 7518 section 3.3)', async () => {
    const { privateKey } = await cryptoKeys(signingKey('RS256', undefined, 1024))
    await refuses(KEY_SIZE, () => signJwt(UNTRACED, privateKey, {}, {}, undefined))
  })
})

describe('signJwtWithSecret', () => {
  it('protects the JWT by HMAC-SHA-256 (RFC 7518 section 3.2)', async () => {
    const token = await signJwtWithSecret('sécret', { iss: 'shop' }, undefined)
    const { header, claims, signingInput, signature } = takeApart(token)
    expect(header).toEqual({ alg: 'HS256' })
    expect(claims).toEqual({ iss: 'shop' })
    expect(signature).toBe(createHmac('sha256', 'sécret').update(signingInput).digest('base64url'))
  })

  it('lets the caller change the claims first', async () => {
    const options = { [modifyAssertion]: (_: unknown, payload: Record<string, unknown>) => void (payload.aud = 'x') }
    expect(takeApart(await signJwtWithSecret('secret', {}, options)).claims).toEqual({ aud: 'x' })
  })
})
