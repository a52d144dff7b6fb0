import { describe, expect, it, vi } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import * as jwt from '../jose/jwt.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import * as rules from './id-token.rules.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

const JWE = 'header.key.iv.ciphertext.tag'

function process(id_token: string, decrypt?: (jwe: string) => unknown) {
  // a caller without types can give a function that returns what the type forbids
  const options = decrypt && { [jweDecrypt]: decrypt as (jwe: string) => Promise<string> }
  return processBackchannelAuthenticationGrantResponse(as, client, json(tokenBody({ id_token })), options)
}

describe('encrypted ID Token', () => {
  it('is refused without jweDecrypt (OIDC Core 3.1.3.7 item 1)', async () => {
    await refuses(jwt.JWE_DECRYPTION, () => process(JWE), jwt.JWT_PARTS)
    await refuses(jwt.JWE_DECRYPTION, () => process('....'), jwt.JWT_PARTS)
  })

  it('is decrypted by jweDecrypt, and validated then (OIDC Core 3.1.3.7 item 1)', async () => {
    const claims = idTokenClaims()
    const decrypt = vi.fn(() => Promise.resolve(unsignedJwt(claims)))
    const tokens = await process(JWE, decrypt)
    expect(decrypt.mock.calls).toEqual([[JWE]])
    expect(getValidatedIdTokenClaims(tokens)).toEqual(claims)
    expect(tokens.id_token).toBe(JWE)
  })

  it('calls jweDecrypt for nothing but five parts', async () => {
    const decrypt = vi.fn(() => Promise.resolve(unsignedJwt(idTokenClaims())))
    await process(unsignedJwt(idTokenClaims()), decrypt)
    await refuses(jwt.JWT_PARTS, () => process(`${unsignedJwt(idTokenClaims())}.`, decrypt))
    await refuses(jwt.JWT_PARTS, () => process(`${unsignedJwt(idTokenClaims())}...`, decrypt))
    expect(decrypt).not.toHaveBeenCalled()
  })

  it.each([
    ['an encrypted JWT again', JWE],
    ['nothing', ''],
    ['four parts', `${unsignedJwt(idTokenClaims())}.`],
  ])('is refused when it holds %s', async (_, inside) => {
    const act = () => process(JWE, () => Promise.resolve(inside))
    await refuses(jwt.JWT_PARTS, act, jwt.JWT_HEADER)
  })

  it('is refused when it holds claims that are not signed (OIDC Core 2: signed, then encrypted)', async () => {
    // the two dots of the issuer make three parts of it
    const inside = JSON.stringify(idTokenClaims())
    await refuses(jwt.JWT_HEADER, () => process(JWE, () => Promise.resolve(inside)), jwt.JWT_HEADER_OBJECT)
  })

  it('is refused when what it holds is signed by none (OIDC Core 2)', async () => {
    const inside = unsignedJwt(idTokenClaims(), { alg: 'none' })
    await refuses(rules.ID_TOKEN_ALG, () => process(JWE, () => Promise.resolve(inside)), rules.ID_TOKEN_SIGNED)
  })

  it('is refused when what it holds is for another client (OIDC Core 3.1.3.7 item 3)', async () => {
    const inside = unsignedJwt(idTokenClaims({ aud: 'bank' }))
    await refuses(rules.ID_TOKEN_AUDIENCE, () => process(JWE, () => Promise.resolve(inside)))
  })

  it('passes on what jweDecrypt rejects with', async () => {
    const failure = new RangeError('another key')
    expect(await rejectionOf(() => process(JWE, () => Promise.reject(failure)))).toBe(failure)
  })

  it.each([undefined, null, 5, {}])('is a mistake of the caller where jweDecrypt resolves with %s', async (inside) => {
    expect(await rejectionOf(() => process(JWE, () => Promise.resolve(inside)))).toBeInstanceOf(TypeError)
  })
})
