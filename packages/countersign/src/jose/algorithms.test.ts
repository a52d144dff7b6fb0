import { describe, expect, it } from 'vitest'
import { COMMON_ALGORITHMS, cryptoKeys, signingKey } from '../testing/signed.ts'
import { algorithmName, algorithmOf } from './algorithms.ts'

describe('algorithmOf', () => {
  it.each([
    ['RS256', 'RSA', undefined],
    ['RS384', 'RSA', undefined],
    ['RS512', 'RSA', undefined],
    ['PS256', 'RSA', undefined],
    ['PS384', 'RSA', undefined],
    ['PS512', 'RSA', undefined],
    ['ES256', 'EC', 'P-256'],
    ['ES384', 'EC', 'P-384'],
    ['ES512', 'EC', 'P-521'],
    ['EdDSA', 'OKP', 'Ed25519'],
    ['Ed25519', 'OKP', 'Ed25519'],
    ['ML-DSA-44', 'AKP', undefined],
    ['ML-DSA-65', 'AKP', undefined],
    ['ML-DSA-87', 'AKP', undefined],
  ])('knows %s: keys of type %s, curve %s (RFC 7518 section 3.1; RFC 8037; RFC 9964)', (alg, kty, crv) => {
    const algorithm = algorithmOf(alg)
    expect(algorithm?.kty).toBe(kty)
    expect(algorithm?.crv).toBe(crv)
  })

  it('hands to the engine what each kind needs, and nothing else', () => {
    expect(algorithmOf('RS384')).toStrictEqual({
      kty: 'RSA',
      key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
      signature: { name: 'RSASSA-PKCS1-v1_5' },
    })
    expect(algorithmOf('ML-DSA-65')).toStrictEqual({
      kty: 'AKP',
      key: { name: 'ML-DSA-65' },
      signature: { name: 'ML-DSA-65' },
    })
  })

  it.each([
    ['PS256', 32],
    ['PS384', 48],
    ['PS512', 64],
  ])('salts %s with as many bytes as its hash has: %d (RFC 7518 section 3.5)', (alg, saltLength) => {
    expect(algorithmOf(alg)?.signature.saltLength).toBe(saltLength)
  })

  it.each([
    ['none'],
    ['NONE'],
    ['HS256'],
    ['HS384'],
    ['HS512'],
    ['rs256'],
    ['RS1'],
    ['RS256 '],
    ['ES256K'],
    ['Ed448'],
    [''],
    ['toString'],
    ['__proto__'],
    [undefined],
    [null],
    [5],
    [['RS256']],
    [Object('RS256')],
  ])('knows no algorithm %j', (alg) => {
    expect(algorithmOf(alg)).toBeUndefined()
  })
})

describe('algorithmName', () => {
  it.each(COMMON_ALGORITHMS)('names the algorithm that a key for %s signs by', async (alg) => {
    const { privateKey } = await cryptoKeys(signingKey(alg))
    // RFC 9864: a key of Ed25519 is named by its curve, EdDSA is the name of before
    expect(algorithmName(privateKey)).toBe(alg === 'EdDSA' ? 'Ed25519' : alg)
  })

  it.each([
    ['RSASSA-PKCS1-v1_5', 'RS'],
    ['RSA-PSS', 'PS'],
    ['ECDSA', 'ES'],
  ])('names none for a key of %s that says no more of itself, as another implementation may make', (name, known) => {
    // what is read of a key
    expect(algorithmName({ algorithm: { name } } as CryptoKey)).toBe(known)
  })

  it.each([
    ['RSASSA-PKCS1-v1_5', { hash: 'SHA-1' }],
    ['RSA-PSS', { hash: 'SHA-1' }],
  ])('names no supported algorithm for a key of %s with %o', async (name, { hash }) => {
    const pkcs8 = signingKey('RS256').privateKey.export({ type: 'pkcs8', format: 'der' })
    const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), { name, hash }, false, ['sign'])
    expect(algorithmOf(algorithmName(key))).toBeUndefined()
  })
})
