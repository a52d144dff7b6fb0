import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import type { JWK } from '../jose/jwk.ts'
import { importVerificationKey, KEY_FORM, KEY_IN_RUNTIME } from '../jose/verification.ts'
import { as } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { COMMON_ALGORITHMS, signingKey } from '../testing/signed.ts'
import type { JsonObject } from '../values/json.ts'
import * as select from './select.ts'

const { SIGNATURE_KEY, SIGNATURE_KEY_UNIQUE } = select
const KEY = signingKey('ES256', 'key-1').jwk
const OTHER = signingKey('ES256', 'key-2').jwk
const RSA = signingKey('RS256', 'key-1').jwk
const ED = signingKey('Ed25519', 'key-1').jwk

const context = { trace: undefined }

/** Selects among keys that were never seen before, and imports the one; a JWK may be anything here. */
function selecting(header: JsonObject, ...keys: unknown[]): () => Promise<JWK> {
  return async () => {
    const metadata = { ...as }
    const { options } = keyServer(...keys)
    const algorithm = select.signatureAlgorithm(context, header)
    expect(select.selectKeyInMemory(context, metadata, header, algorithm, options)).toBeUndefined()
    const jwk = await select.selectFetchedKey(context, metadata, header, algorithm, options)
    await importVerificationKey(context, algorithm, jwk)
    return jwk
  }
}

function selected(header: JsonObject, ...keys: unknown[]): Promise<JWK> {
  return selecting(header, ...keys)()
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a key is selected', () => {
  it.each(COMMON_ALGORITHMS)('selects the key of a server that has one for %s', async (alg) => {
    const { jwk } = signingKey(alg, 'key-1')
    expect(await selected({ alg, kid: 'key-1' }, jwk)).toMatchObject({ kty: jwk.kty })
  })

  it('selects by kid among keys of one kind (OIDC Core 10.1)', async () => {
    expect((await selected({ alg: 'ES256', kid: 'key-2' }, KEY, OTHER)).x).toBe(OTHER.x)
  })

  it('takes the only key of its kind where the header has no kid', async () => {
    expect((await selected({ alg: 'ES256' }, RSA, KEY, ED)).x).toBe(KEY.x)
  })

  it.each([
    ['kid', { kid: 'key-2' }],
    ['kid, in another case', { kid: 'KEY-1' }],
    ['kid, of another type', { kid: ['key-1'] }],
    ['kid, which is missing', { kid: undefined }],
    ['kty', { kty: 'RSA' }],
    ['kty, which is missing', { kty: undefined }],
    ['crv', { crv: 'P-384' }],
    ['crv, which is missing', { crv: undefined }],
    ['alg', { alg: 'ES384' }],
    ['alg, of no text', { alg: null }],
    ['use', { use: 'enc' }],
    ['use, in another case', { use: 'SIG' }],
    ['key_ops', { key_ops: ['sign'] }],
    ['key_ops, which is empty', { key_ops: [] }],
    ['key_ops, of no array', { key_ops: { verify: true } }],
    ['key_ops, as one text', { key_ops: 'sign' }],
  ])('passes over a key with another %s (RFC 7517 section 4)', async (_, change) => {
    const header = { alg: 'ES256', kid: 'key-1' }
    const error = await refuses(SIGNATURE_KEY, selecting(header, { ...KEY, ...change }), SIGNATURE_KEY_UNIQUE)
    expect(error).toMatchObject({ expected: header })
    // where the other key is not meant, the one that is meant is found beside it
    expect((await selected(header, { ...OTHER, kid: 'key-1', ...change }, KEY)).x).toBe(KEY.x)
  })

  it('selects an RSA key whatever its crv, which is no member of such a key (RFC 7517 section 4)', async () => {
    expect((await selected({ alg: 'RS256', kid: 'key-1' }, { ...RSA, crv: 'P-256' })).n).toBe(RSA.n)
  })

  it('says what an alg is that is no text, and does not repeat it (RFC 7515 section 4.1.1)', async () => {
    const error = await refuses(select.SIGNATURE_ALGORITHM, selecting({ alg: ['hunter2'] }, KEY))
    expect(error).toMatchObject({ actual: 'an array', cause: { alg: 'an array' } })
  })

  it.each([
    ['use', { use: 'sig' }],
    ['alg', { alg: 'ES256' }],
    ['key_ops', { key_ops: ['verify'] }],
    ['key_ops with others', { key_ops: ['sign', 'verify'] }],
    ['key_ops, as one text', { key_ops: 'verify' }],
    ['key_ops of null', { key_ops: null }],
    ['ext true', { ext: true }],
    ['ext false, which says nothing about its use', { ext: false }],
    ['certificates', { x5c: ['MIIB'], x5t: 'AAAA', 'x5t#S256': 'AAAA', x5u: 'https://op.example.com/cert' }],
    ['members that nobody knows', { iat: 5, issuer: { name: 'op' } }],
  ])('selects a key with %s', async (_, change) => {
    expect((await selected({ alg: 'ES256', kid: 'key-1' }, { ...KEY, ...change })).x).toBe(KEY.x)
  })

  it.each(['EdDSA', 'Ed25519'])(
    'selects an Ed25519 key whose alg says %s, as the header does (RFC 9864)',
    async (alg) => {
      expect((await selected({ alg, kid: 'key-1' }, { ...ED, alg })).x).toBe(ED.x)
    },
  )

  it('passes over an Ed448 key for EdDSA, which is not supported', async () => {
    await refuses(SIGNATURE_KEY, selecting({ alg: 'EdDSA' }, { ...ED, crv: 'Ed448' }), SIGNATURE_KEY_UNIQUE)
  })

  it('passes over keys of kinds that nobody knows', async () => {
    const unknown = [{}, { kty: 'LATTICE' }, { kty: 5 }, { kty: 'oct', k: 'AAAA', kid: 'key-1' }]
    expect((await selected({ alg: 'ES256', kid: 'key-1' }, ...unknown, KEY)).x).toBe(KEY.x)
  })

  it('refuses a set without keys', async () => {
    await refuses(SIGNATURE_KEY, selecting({ alg: 'ES256' }), SIGNATURE_KEY_UNIQUE)
  })

  it.each([
    ['without kid', { alg: 'ES256' }, [KEY, OTHER]],
    ['whose kid two keys have', { alg: 'ES256', kid: 'key-1' }, [KEY, { ...OTHER, kid: 'key-1' }]],
    ['whose key is there twice', { alg: 'ES256', kid: 'key-1' }, [KEY, { ...KEY }]],
  ])('refuses to choose among several keys for a header %s (OIDC Core 10.1)', async (_, header, keys) => {
    const error = await refuses(SIGNATURE_KEY_UNIQUE, selecting(header, ...keys))
    expect(error).toMatchObject({ actual: '2 keys' })
    expect(error.cause).toMatchObject({ header, candidates: keys })
  })

  const MALFORMED: [string, string, JWK | Record<string, unknown>][] = [
    ['ES256', 'whose point is not on the curve', { ...KEY, y: KEY.x }],
    ['ES256', 'without x', { ...KEY, x: undefined }],
    ['ES256', 'whose x is a number', { ...KEY, x: 5 }],
    ['ES256', 'whose x is empty', { ...KEY, x: '' }],
    ['ES256', 'whose y is an object', { ...KEY, y: {} }],
    ['ES256', 'that is private (RFC 7517 section 9.3)', { ...KEY, d: KEY.x }],
    ['ES256', 'whose operations are there twice (RFC 7517 section 4.3)', { ...KEY, key_ops: ['verify', 'verify'] }],
    ['RS256', 'without n', { ...RSA, n: undefined }],
    ['RS256', 'without e', { ...RSA, e: undefined }],
    ['RS256', 'whose further factors are a number', { ...RSA, oth: 5 }],
    [
      'RS256',
      'that is private (RFC 7517 section 9.3)',
      { ...RSA, d: 'AQAB', p: 'AQAB', q: 'AQAB', dp: 'AQAB', dq: 'AQAB', qi: 'AQAB' },
    ],
    ['EdDSA', 'whose x is too short', { ...ED, x: 'AAAA' }],
    ['EdDSA', 'whose x is no text', { ...ED, x: [] }],
    ['EdDSA', 'that is private (RFC 8037 section 2)', { ...ED, d: ED.x }],
  ]
  it.each(MALFORMED)('refuses a key for %s %s', async (alg, _, jwk) => {
    const error = await refuses(KEY_FORM, selecting({ alg, kid: 'key-1' }, jwk))
    expect(error).toBeInstanceOf(OperationProcessingError)
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('refuses a key that the runtime has no algorithm for, as unsupported', async () => {
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('no such algorithm', 'NotSupportedError'))
    const act = selecting({ alg: 'ML-DSA-44' }, { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' })
    const error = await refuses(KEY_IN_RUNTIME, act, KEY_FORM)
    expect(error).toBeInstanceOf(UnsupportedOperationError)
  })

  it('gives a key, or rejects with our error, for any JWK', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.constantFrom(KEY.x, KEY.y, RSA.n, RSA.e, ED.x),
    )
    const value = fc.oneof({ weight: 3, arbitrary: text }, fc.jsonValue({ maxDepth: 2 }))
    const names = ['x', 'y', 'n', 'e', 'd', 'p', 'oth', 'ext', 'x5c', 'x5t', 'pub', 'k'] as const
    const changes = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
    const bases = [
      ['ES256', KEY],
      ['RS256', RSA],
      ['PS512', RSA],
      ['EdDSA', ED],
    ] as const
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bases), changes, async ([alg, jwk], change) => {
        const error = await rejectionOf(selecting({ alg, kid: 'key-1' }, { ...jwk, ...change }))
        if (error !== undefined) {
          expect([OperationProcessingError, UnsupportedOperationError]).toContain(Object(error).constructor)
        }
      }),
      { numRuns: 300 },
    )
  })
})
