import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importPublicJwk } from '../engine/keys.ts'
import { COMMON_ALGORITHMS, signingKey } from '../testing/signed.ts'
import { algorithmOf } from './algorithms.ts'
import { publicJwk, thumbprint } from './public-jwk.ts'

async function imported(alg: string, jwk: JsonWebKey): Promise<CryptoKey> {
  const algorithm = algorithmOf(alg)
  if (algorithm === undefined) throw new Error(`${alg} is not known`)
  return await importPublicJwk(algorithm, jwk)
}

describe('publicJwk', () => {
  it.each(COMMON_ALGORITHMS)(
    'gives a key for %s with what its kind needs and nothing else (RFC 7638 section 3.2)',
    async (alg) => {
      const { jwk } = signingKey(alg)
      expect(await publicJwk(await imported(alg, { ...jwk, key_ops: ['verify'], use: 'sig' }))).toEqual(jwk)
    },
  )

  it('gives nothing of the private part of a private key', async () => {
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])
    expect(Object.keys(await publicJwk(privateKey))).toEqual(['crv', 'kty', 'x', 'y'])
  })
})

describe('thumbprint', () => {
  it('gives that of the RSA key of the example (RFC 7638 section 3.1)', async () => {
    const key = await imported('RS256', {
      kty: 'RSA',
      n:
        '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3' +
        'oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA' +
        'ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-' +
        'kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
    })
    expect(thumbprint(await publicJwk(key))).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })

  it('gives that of the Ed25519 key of the example (RFC 8037 appendix A.3)', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const key = await imported('EdDSA', jwk)
    expect(thumbprint(await publicJwk(key))).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it.each(COMMON_ALGORITHMS)(
    'hashes the required members in the order of their names, for %s (RFC 7638 section 3)',
    async (alg) => {
      const { jwk } = signingKey(alg)
      const names = Object.keys(jwk).sort()
      const hash = createHash('sha256').update(JSON.stringify(jwk, names)).digest('base64url')
      expect(thumbprint(await publicJwk(await imported(alg, { ...jwk })))).toBe(hash)
    },
  )
})

it('gives a key of type AKP with its algorithm and public part (RFC 9964 section 6)', async () => {
  const jwk = { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA', ext: true, key_ops: ['verify'] }
  const { subtle } = crypto
  const exportKey = subtle.exportKey
  // stands in for a runtime that has ML-DSA
  subtle.exportKey = () => Promise.resolve(jwk) as never
  try {
    const { publicKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    expect(Object.entries(await publicJwk(publicKey))).toEqual([
      ['alg', 'ML-DSA-44'],
      ['kty', 'AKP'],
      ['pub', 'AAAA'],
    ])
  } finally {
    subtle.exportKey = exportKey
  }
})
