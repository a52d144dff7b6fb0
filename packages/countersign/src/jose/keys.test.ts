import { describe, expect, it } from 'vitest'
import { COMMON_ALGORITHMS, cryptoKeys, signingKey } from '../testing/signed.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { generateKeyPair } from './generate-key-pair.ts'
import * as keys from './keys.ts'

const UNTRACED = { trace: undefined }
const RSA = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }

type KeyParameters = Algorithm | EcKeyGenParams | HmacKeyGenParams | RsaHashedKeyGenParams

async function privateKeyFor(parameters: KeyParameters, usages: KeyUsage[]): Promise<CryptoKey> {
  const generated = await crypto.subtle.generateKey(parameters, false, usages)
  return 'privateKey' in generated ? generated.privateKey : generated
}

describe('signingAlgorithm', () => {
  it.each(COMMON_ALGORITHMS)('finds the algorithm of a key for %s', async (name) => {
    const { privateKey } = await cryptoKeys(signingKey(name))
    const { alg, algorithm } = keys.signingAlgorithm(UNTRACED, privateKey)
    expect(alg).toBe(name === 'EdDSA' ? 'Ed25519' : name)
    expect(algorithm.key.name).toBe(privateKey.algorithm.name)
  })

  const UNSUPPORTED: [string, KeyParameters, KeyUsage[]][] = [
    ['ECDH', { name: 'ECDH', namedCurve: 'P-256' }, ['deriveBits']],
    ['RSA-OAEP', { name: 'RSA-OAEP', hash: 'SHA-256', ...RSA }, ['encrypt', 'decrypt']],
    ['RSASSA-PKCS1-v1_5 with SHA-1', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1', ...RSA }, ['sign']],
    ['HMAC', { name: 'HMAC', hash: 'SHA-256' }, ['sign']],
    ['X25519', { name: 'X25519' }, ['deriveBits']],
  ]
  it.each(UNSUPPORTED)('refuses a key for %s (RFC 7518 section 3.1)', async (_, parameters, usages) => {
    const key = await privateKeyFor(parameters, usages)
    const error = await refuses(keys.KEY_ALGORITHM, () => keys.signingAlgorithm(UNTRACED, key))
    expect(error.cause).toBe(key)
  })

  it.each(['RS256', 'PS384'])('refuses an RSA key of 1024 bits for %s (RFC 7518 section 3.3)', async (alg) => {
    const { privateKey } = await cryptoKeys(signingKey(alg, undefined, 1024))
    const error = await refuses(keys.KEY_SIZE, () => keys.signingAlgorithm(UNTRACED, privateKey))
    expect(error.cause).toBe(privateKey)
  })

  it('refuses an RSA key of 2047 bits (RFC 7518 section 3.3)', async () => {
    const { privateKey } = await cryptoKeys(signingKey('RS256', undefined, 2047))
    await refuses(keys.KEY_SIZE, () => keys.signingAlgorithm(UNTRACED, privateKey))
  })
})

describe('assertKeyStrength', () => {
  it('refuses an RSA key whose public exponent is 1 (RFC 7518 section 6.3.1.2)', async () => {
    const { publicKey } = await cryptoKeys(signingKey('RS256'))
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), e: 'AQ' }
    const weak = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify'])
    const error = await refuses(keys.KEY_EXPONENT, () => {
      keys.assertKeyStrength(UNTRACED, weak)
    })
    expect(error.cause).toBe(weak)
  })

  // keys as other implementations of the standard may describe them
  it.each([
    ['with zeros before it', { modulusLength: 2048, publicExponent: new Uint8Array([0, 0, 1]) }],
    ['of a modulus that is not told', { publicExponent: new Uint8Array([1]) }],
  ])('refuses a public exponent of 1 %s (RFC 7518 section 6.3.1.2)', async (_, algorithm) => {
    await refuses(keys.KEY_EXPONENT, () => keys.assertKeyStrength(UNTRACED, Object({ algorithm })))
  })

  it.each([[[1, 0, 1]], [[3]], [[0, 1, 1]], [[1, 1]], [[3, 0, 1]]])(
    'takes a public exponent of the bytes %j',
    async (bytes) => {
      const algorithm = { modulusLength: 2048, publicExponent: new Uint8Array(bytes) }
      expect(await rejectionOf(() => keys.assertKeyStrength(UNTRACED, Object({ algorithm })))).toBeUndefined()
    },
  )

  it('takes a modulus that is long enough where the public exponent is not told', async () => {
    const told = Object({ algorithm: { modulusLength: 2048 } })
    expect(await rejectionOf(() => keys.assertKeyStrength(UNTRACED, told))).toBeUndefined()
  })

  it('refuses a short modulus also where the public exponent is not told (RFC 7518 section 3.3)', async () => {
    await refuses(keys.KEY_SIZE, () => keys.assertKeyStrength(UNTRACED, Object({ algorithm: { modulusLength: 2047 } })))
  })
})

describe('assertKey', () => {
  it.each([[undefined], [null], ['key'], [{}], [{ type: 'private' }]])(
    'refuses %j, which is no CryptoKey',
    async (key) => {
      const error = await rejectionOf(() => keys.assertKey(key, 'private', 'key'))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
    },
  )

  it('refuses a key of another type than the one that is asked for', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const secret = await privateKeyFor({ name: 'HMAC', hash: 'SHA-256' }, ['sign'])
    for (const [key, type] of [
      [publicKey, 'private'],
      [privateKey, 'public'],
      [secret, 'private'],
    ] as const) {
      const error = await rejectionOf(() => keys.assertKey(key, type, 'key'))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE')
    }
  })

  it('accepts a key of the type that is asked for', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    expect(await rejectionOf(() => keys.assertKey(privateKey, 'private', 'key'))).toBeUndefined()
    expect(await rejectionOf(() => keys.assertKey(publicKey, 'public', 'key'))).toBeUndefined()
  })
})

describe('privateKeyOf', () => {
  it('takes a key alone', async () => {
    const { privateKey: key } = await generateKeyPair('ES256')
    expect(keys.privateKeyOf(key, 'key')).toEqual({ key })
  })

  it('takes a key with its key ID', async () => {
    const { privateKey: key } = await generateKeyPair('ES256')
    expect(keys.privateKeyOf({ key, kid: 'key-1' }, 'key')).toEqual({ key, kid: 'key-1' })
    expect(keys.privateKeyOf({ key }, 'key')).toStrictEqual({ key })
  })

  it('is not changed by what the caller does to its input afterwards', async () => {
    const { privateKey: key } = await generateKeyPair('ES256')
    const input = { key, kid: 'key-1' }
    const taken = keys.privateKeyOf(input, 'key')
    input.kid = 'key-2'
    expect(taken.kid).toBe('key-1')
  })

  it.each([
    ['', 'ERR_INVALID_ARG_VALUE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    [5, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses a key ID of %j', async (kid, code) => {
    const { privateKey: key } = await generateKeyPair('ES256')
    const error = await rejectionOf(() => Reflect.apply(keys.privateKeyOf, undefined, [{ key, kid }, 'key']))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('code', code)
  })

  it.each([[undefined], [null], ['key'], [{}], [{ key: {} }]])(
    'refuses %j, in which there is no key',
    async (input) => {
      const error = await rejectionOf(() => Reflect.apply(keys.privateKeyOf, undefined, [input, 'key']))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
    },
  )

  it('refuses a public key', async () => {
    const { publicKey } = await generateKeyPair('ES256')
    const error = await rejectionOf(() => keys.privateKeyOf(publicKey, 'key'))
    expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE')
  })
})
