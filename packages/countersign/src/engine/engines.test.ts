import { createHash, createPublicKey, KeyObject, verify as verifyByNode } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { algorithmOf } from '../jose/algorithms.ts'
import { COMMON_ALGORITHMS, signatureOf, signingKey } from '../testing/signed.ts'
import { encodeText } from '../values/text.ts'
import type { CryptoKeyPair } from './crypto-key.ts'
import { exportJwk, generateKeys, importPublicJwk } from './keys.ts'
import * as node from './node.ts'
import type { SignatureParameters } from './parameters.ts'
import * as web from './web.ts'

const TEXT = 'the same bytes for both'
const BYTES = encodeText(TEXT)

/** The engines, and Node's with the option that it works on this thread. */
const ENGINES = [
  { name: 'web', engine: web, sync: false },
  { name: 'web, asked to be synchronous', engine: web, sync: true },
  { name: 'node', engine: node, sync: false },
  { name: 'node, asked to be synchronous', engine: node, sync: true },
]

function parametersOf(alg: string): SignatureParameters {
  const algorithm = algorithmOf(alg)
  if (algorithm === undefined) throw new Error(`${alg} is not known`)
  return algorithm
}

// RSA keys take long to make
const pairs = new Map<string, Promise<CryptoKeyPair>>()

function keysFor(alg: string, extractable: boolean): Promise<CryptoKeyPair> {
  const name = `${alg} ${extractable}`
  const pair = pairs.get(name) ?? generateKeys(parametersOf(alg), extractable, 2048)
  pairs.set(name, pair)
  return pair
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(ENGINES)('$name', ({ engine, sync }) => {
  it('hashes any text as node:crypto does, and spells the hash in base64url (FIPS 180-4)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(engine.hashText(text)).toBe(createHash('sha256').update(text).digest('base64url'))
      }),
    )
  })

  it('hashes half of a surrogate pair as the character that stands for it in UTF-8 (Encoding Standard)', () => {
    expect(engine.hashText('a\ud800')).toBe(engine.hashText('a\ufffd'))
  })

  describe.each(COMMON_ALGORITHMS)('%s', (alg) => {
    const parameters = parametersOf(alg)

    it('verifies what node:crypto signed, and nothing else', async () => {
      const { privateKey, jwk } = signingKey(alg)
      const key = await importPublicJwk(parameters, { ...jwk })
      const signature = new Uint8Array(Buffer.from(signatureOf(alg, privateKey, TEXT), 'base64url'))
      const verify = (...changed: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]): unknown =>
        engine.verify(parameters, key, ...changed, sync)
      // the same key again, which is known by now
      for (let round = 0; round < 2; round++) {
        expect(await verify(signature, BYTES)).toBe(true)
        expect(await verify(signature, encodeText('other bytes'))).toBe(false)
        expect(await verify(signature.subarray(0, -1), BYTES)).toBe(false)
        expect(await verify(new Uint8Array([...signature, 0]), BYTES)).toBe(false)
        expect(await verify(new Uint8Array(), BYTES)).toBe(false)
        expect(
          await verify(
            signature.map((byte, index) => (index === 9 ? byte ^ 1 : byte)),
            BYTES,
          ),
        ).toBe(false)
        const other = await importPublicJwk(parameters, { ...signingKey(alg, 'other').jwk })
        expect(await engine.verify(parameters, other, signature, BYTES, sync)).toBe(false)
      }
    })

    it.each([true, false])('signs with a key whose extractable is %s', async (extractable) => {
      const { privateKey, publicKey } = await keysFor(alg, extractable)
      for (let round = 0; round < 2; round++) {
        const signature = new Uint8Array(await engine.sign(parameters, privateKey, BYTES, sync))
        expect(await web.verify(parameters, publicKey, signature, BYTES)).toBe(true)
      }
    })

    it('refuses a key that is for something else, as Web Cryptography does', async () => {
      const { privateKey, publicKey } = await keysFor(alg, true)
      const refusal = { name: 'InvalidAccessError' }
      await expect((async () => await engine.sign(parameters, publicKey, BYTES, sync))()).rejects.toMatchObject(refusal)
      await expect(
        (async () => await engine.verify(parameters, privateKey, BYTES, BYTES, sync))(),
      ).rejects.toMatchObject(refusal)
    })
  })

  it('signs ES256 in the form of JWS, not in DER (RFC 7518 section 3.4)', async () => {
    const { privateKey, publicKey } = await keysFor('ES256', true)
    const signature = await engine.sign(parametersOf('ES256'), privateKey, BYTES, sync)
    expect(signature).toHaveLength(64)
    const key = createPublicKey({ key: { ...(await exportJwk(publicKey)) }, format: 'jwk' })
    expect(verifyByNode('sha256', BYTES, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
  })
})

describe('node', () => {
  const ES256 = parametersOf('ES256')

  it('works on this thread only when it is asked to, and never where it signs with RSA', async () => {
    const { privateKey, publicKey } = await keysFor('ES256', true)
    const signature = new Uint8Array(await node.sign(ES256, privateKey, BYTES))
    expect(node.sign(ES256, privateKey, BYTES, true)).toBeInstanceOf(Uint8Array)
    expect(node.sign(ES256, privateKey, BYTES)).toBeInstanceOf(Promise)
    expect(node.verify(ES256, publicKey, signature, BYTES, true)).toBe(true)
    expect(node.verify(ES256, publicKey, signature, BYTES)).toBeInstanceOf(Promise)
    const rsa = await keysFor('RS256', true)
    expect(node.sign(parametersOf('RS256'), rsa.privateKey, BYTES, true)).toBeInstanceOf(Promise)
  })

  it.each(COMMON_ALGORITHMS)('verifies and signs %s itself, by a key that it makes once', async (alg) => {
    const { privateKey, publicKey } = await generateKeys(parametersOf(alg), true, 2048)
    const asked = [vi.spyOn(crypto.subtle, 'sign'), vi.spyOn(crypto.subtle, 'verify')]
    const making = vi.spyOn(KeyObject, 'from')
    for (let round = 0; round < 2; round++) {
      const signature = new Uint8Array(await node.sign(parametersOf(alg), privateKey, BYTES))
      expect(await node.verify(parametersOf(alg), publicKey, signature, BYTES)).toBe(true)
    }
    for (const spy of asked) expect(spy).not.toHaveBeenCalled()
    expect(making).toHaveBeenCalledTimes(2)
  })

  it('leaves a private key that may not be exported where it is', async () => {
    const { privateKey } = await keysFor('ES256', false)
    const signing = vi.spyOn(crypto.subtle, 'sign')
    await node.sign(ES256, privateKey, BYTES, true)
    expect(signing).toHaveBeenCalledOnce()
  })

  it('leaves a key of another implementation to the one that has taken the place of Web Cryptography', async () => {
    const { jwk } = signingKey('ES256')
    const key = await importPublicJwk(ES256, { ...jwk })
    const foreign = Object.create(null, {
      algorithm: { value: key.algorithm },
      usages: { value: ['verify'] },
    }) as typeof key
    const verifying = vi.spyOn(crypto.subtle, 'verify').mockResolvedValue(true)
    expect(await node.verify(ES256, foreign, BYTES, BYTES)).toBe(true)
    expect(verifying).toHaveBeenCalledOnce()
  })

  it('leaves an algorithm that it does not know to Web Cryptography', async () => {
    const key = await importPublicJwk(ES256, { ...signingKey('ES256').jwk })
    const verifying = vi.spyOn(crypto.subtle, 'verify').mockResolvedValue(false)
    expect(await node.verify(parametersOf('ML-DSA-44'), key, BYTES, BYTES)).toBe(false)
    expect(verifying).toHaveBeenCalledOnce()
  })
})
