import { createPublicKey, KeyObject } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { algorithmOf } from '../jose/algorithms.ts'
import { COMMON_ALGORITHMS, signingKey } from '../testing/signed.ts'
import { exportJwk, generateKeys, importPublicJwk } from './keys.ts'

describe.each(COMMON_ALGORITHMS)('%s', (alg) => {
  const algorithm = algorithmOf(alg)
  if (algorithm === undefined) throw new Error(`${alg} is not known`)

  it('makes a pair that exports as it was asked to', async () => {
    const { privateKey, publicKey } = await generateKeys(algorithm, false, 2048)
    expect(privateKey).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] })
    expect(publicKey).toMatchObject({ type: 'public', extractable: true, usages: ['verify'] })
  })

  // EdDSA is Ed25519 to some runtimes, and the other way round (RFC 8037 3.1, RFC 9864 2.2)
  it('tells the runtime the alg of a JWK, but that of an OKP key by none of its two names', async () => {
    const imported = vi.spyOn(crypto.subtle, 'importKey')
    const { jwk } = signingKey(alg)
    await importPublicJwk(algorithm, { ...jwk, alg })
    expect(imported.mock.lastCall?.[1]).toEqual({ ...jwk, ...(jwk.kty === 'OKP' ? {} : { alg }), ext: true })
    imported.mockRestore()
  })
})

it('exports the JWK of a key', async () => {
  const { privateKey, jwk } = signingKey('ES256')
  const algorithm = algorithmOf('ES256')
  if (algorithm === undefined) throw new Error('ES256 is not known')
  const key = await importPublicJwk(algorithm, { ...jwk })
  expect(await exportJwk(key)).toMatchObject({ ...jwk })
  expect(KeyObject.from(key).equals(createPublicKey(privateKey))).toBe(true)
})

it('imports a key whose use is sig without saying so, which WebKitGTK refuses for Ed25519 (RFC 7517 section 4.2)', async () => {
  const algorithm = algorithmOf('Ed25519')
  if (algorithm === undefined) throw new Error('Ed25519 is not known')
  const { jwk } = signingKey('Ed25519')
  const imported = vi.spyOn(crypto.subtle, 'importKey')
  await importPublicJwk(algorithm, { ...jwk, use: 'sig' })
  expect(imported.mock.lastCall?.[1]).not.toHaveProperty('use')
  // a key for something else is still the runtime's to refuse
  await expect(importPublicJwk(algorithm, { ...jwk, use: 'enc' })).rejects.toMatchObject({ name: 'DataError' })
  imported.mockRestore()
})
