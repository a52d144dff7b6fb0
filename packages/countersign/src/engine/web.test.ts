import {
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  KeyObject,
  verify as verifyByNode,
} from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { algorithmOf } from '../jose/algorithms.ts'
import { COMMON_ALGORITHMS, signatureOf, signingKey } from '../testing/signed.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import * as engine from './web.ts'

const BYTES = encodeText('the same bytes for both')

describe('randomBytes', () => {
  it.each([[0], [16], [32]])('gives %d bytes', (length) => {
    expect(engine.randomBytes(length)).toHaveLength(length)
  })

  it('gives others each time', () => {
    const drawn = new Set(Array.from({ length: 100 }, () => encodeBase64url(engine.randomBytes(32))))
    expect(drawn.size).toBe(100)
  })
})

describe('digest', () => {
  it('gives the known hash of “abc” (FIPS 180-4, SHA-256)', async () => {
    const hash = await engine.digest('SHA-256', encodeText('abc'))
    expect(Buffer.from(hash).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it.each([
    ['SHA-256', 'sha256'],
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ] as const)('gives the %s that node:crypto gives', async (hash, nodeName) => {
    expect(Buffer.from(await engine.digest(hash, BYTES))).toEqual(createHash(nodeName).update(BYTES).digest())
  })
})

describe('hmac', () => {
  it('gives the signature of the HS256 example (RFC 7515 appendix A.1)', async () => {
    const secret = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow'
    const input =
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
      '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
    const mac = await engine.hmac('SHA-256', new Uint8Array(Buffer.from(secret, 'base64url')), encodeText(input))
    expect(encodeBase64url(mac)).toBe('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
  })

  it.each([
    ['SHA-256', 'sha256'],
    ['SHA-384', 'sha384'],
    ['SHA-512', 'sha512'],
  ] as const)('gives the HMAC-%s that node:crypto gives', async (hash, nodeName) => {
    const secret = encodeText('secret')
    const expected = createHmac(nodeName, createSecretKey(secret)).update(BYTES).digest()
    expect(Buffer.from(await engine.hmac(hash, secret, BYTES))).toEqual(expected)
  })
})

describe.each(COMMON_ALGORITHMS)('%s', (alg) => {
  const algorithm = algorithmOf(alg)
  if (algorithm === undefined) throw new Error(`${alg} is not known`)

  it('verifies what node:crypto signed, and nothing else', async () => {
    const { privateKey, jwk } = signingKey(alg)
    const key = await engine.importPublicJwk(algorithm, { ...jwk })
    const signature = new Uint8Array(Buffer.from(signatureOf(alg, privateKey, 'the same bytes for both'), 'base64url'))
    expect(await engine.verify(algorithm, key, signature, BYTES)).toBe(true)
    expect(await engine.verify(algorithm, key, signature, encodeText('other bytes'))).toBe(false)
  })

  it('makes a pair that exports as it was asked to, and signs with it', async () => {
    const { privateKey, publicKey } = await engine.generateKeys(algorithm, false, 2048)
    expect(privateKey).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] })
    expect(publicKey).toMatchObject({ type: 'public', extractable: true, usages: ['verify'] })
    const signature = await engine.sign(algorithm, privateKey, BYTES)
    expect(await engine.verify(algorithm, publicKey, signature, BYTES)).toBe(true)
  })
})

it('signs ES256 in the form of JWS, not in DER (RFC 7518 section 3.4)', async () => {
  const algorithm = algorithmOf('ES256')
  if (algorithm === undefined) throw new Error('ES256 is not known')
  const { privateKey, publicKey } = await engine.generateKeys(algorithm, true, 0)
  const signature = await engine.sign(algorithm, privateKey, BYTES)
  expect(signature).toHaveLength(64)
  const key = createPublicKey({ key: { ...(await engine.exportJwk(publicKey)) }, format: 'jwk' })
  expect(verifyByNode('sha256', BYTES, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
})

it('exports the JWK of a key', async () => {
  const { privateKey, jwk } = signingKey('ES256')
  const algorithm = algorithmOf('ES256')
  if (algorithm === undefined) throw new Error('ES256 is not known')
  const key = await engine.importPublicJwk(algorithm, { ...jwk })
  expect(await engine.exportJwk(key)).toMatchObject({ ...jwk })
  expect(KeyObject.from(key).equals(createPublicKey(privateKey))).toBe(true)
})

it('imports a key whose use is sig without saying so, which WebKitGTK refuses for Ed25519 (RFC 7517 section 4.2)', async () => {
  const algorithm = algorithmOf('Ed25519')
  if (algorithm === undefined) throw new Error('Ed25519 is not known')
  const { jwk } = signingKey('Ed25519')
  const imported = vi.spyOn(crypto.subtle, 'importKey')
  await engine.importPublicJwk(algorithm, { ...jwk, use: 'sig' })
  expect(imported.mock.lastCall?.[1]).not.toHaveProperty('use')
  // a key for something else is still the runtime's to refuse
  await expect(engine.importPublicJwk(algorithm, { ...jwk, use: 'enc' })).rejects.toMatchObject({ name: 'DataError' })
  imported.mockRestore()
})
