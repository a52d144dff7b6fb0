import { describe, expect, it } from 'vitest'
import { COMMON_ALGORITHMS } from '../testing/signed.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { algorithmName } from './algorithms.ts'
import { GENERATED_ALGORITHM, generateKeyPair } from './generate-key-pair.ts'

describe('generateKeyPair', () => {
  it.each(COMMON_ALGORITHMS)('makes keys for %s', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg)
    expect(algorithmName(privateKey)).toBe(alg === 'EdDSA' ? 'Ed25519' : alg)
    expect(privateKey).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] })
    expect(publicKey).toMatchObject({ type: 'public', extractable: true, usages: ['verify'] })
  })

  it('makes a private key that may be exported where that is asked for', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    expect(privateKey.extractable).toBe(true)
  })

  it.each([
    [undefined, 2048],
    [3072, 3072],
  ])('makes RSA keys of the size asked for: %s gives %d bits', async (modulusLength, bits) => {
    const { publicKey } = await generateKeyPair('RS256', modulusLength === undefined ? {} : { modulusLength })
    expect(publicKey.algorithm).toMatchObject({ modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]) })
  })

  it.each(['HS256', 'none', 'rs256', 'ES256K', 'Ed448', 'RSA-OAEP', '__proto__'])(
    'refuses the algorithm %s, which nothing here signs by (RFC 7518 section 3.1)',
    async (alg) => {
      const error = await refuses(GENERATED_ALGORITHM, () => generateKeyPair(alg))
      expect(error.cause).toEqual({ alg })
    },
  )

  it.each([[undefined], [null], [5], [{}]])('refuses %j for an algorithm as a wrong argument', async (alg) => {
    const error = await rejectionOf(() => Reflect.apply(generateKeyPair, undefined, [alg]))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
  })

  it('refuses an empty algorithm as a wrong argument', async () => {
    expect(await rejectionOf(() => generateKeyPair(''))).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE')
  })

  it.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])(
    'makes keys for %s where the runtime has it, and says NotSupportedError where it does not',
    async (alg) => {
      const supported = await crypto.subtle.generateKey(alg, false, ['sign', 'verify']).then(
        () => true,
        () => false,
      )
      if (supported) {
        const { privateKey, publicKey } = await generateKeyPair(alg)
        expect([algorithmName(privateKey), publicKey.extractable]).toEqual([alg, true])
      } else {
        expect(await rejectionOf(() => generateKeyPair(alg))).toHaveProperty('name', 'NotSupportedError')
      }
    },
  )
})
