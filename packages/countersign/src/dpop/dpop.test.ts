import { describe, expect, it } from 'vitest'
import type { CryptoKeyPair } from '../engine/crypto-key.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { KEY_ALGORITHM, KEY_SIZE } from '../jose/keys.ts'
import type { JWK } from '../jose/jwk.ts'
import { modifyAssertion } from '../jose/modify-assertion.ts'
import { clockSkew } from '../metadata/clock.ts'
import { client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { isSignedBy } from '../testing/verified.ts'
import { DPoP } from './dpop.ts'
import { type DPoPHandle, type Prover, proverOf } from './handle.ts'

const url = new URL('https://op.example.com/token')
const keys = await generateKeyPair('ES256')

function prover(handle: DPoPHandle): Prover {
  const found = proverOf({ DPoP: handle })
  if (found === undefined) throw new Error('DPoP() made a handle that does nothing')
  return found
}

async function proofOf(handle: DPoPHandle, to: URL = url): Promise<string> {
  const headers = new Headers({ dpop: 'of somebody else' })
  await prover(handle).setProof(headers, { url: to, method: 'POST' })
  return headers.get('dpop') ?? ''
}

async function nonceOf(handle: DPoPHandle, to: URL = url) {
  return takeApart(await proofOf(handle, to)).claims.nonce
}

function importPublic(jwk: JWK, algorithm: EcKeyImportParams | RsaHashedImportParams): Promise<CryptoKey> {
  return crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify'])
}

describe('a DPoP handle', () => {
  it('puts a proof of its own key into the header, in place of any other (RFC 9449 4.1)', async () => {
    const proof = await proofOf(DPoP(client, keys))
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
    expect(takeApart(proof).header.jwk).toEqual({ kty, crv, x, y })
    expect(isSignedBy('ES256', keys.publicKey, proof)).toBe(true)
  })

  it('makes a new proof for each request (RFC 9449 11.1)', async () => {
    const handle = DPoP(client, keys)
    expect(takeApart(await proofOf(handle)).claims.jti).not.toBe(takeApart(await proofOf(handle)).claims.jti)
  })

  it('keeps the nonces of each origin, and those of no other handle (RFC 9449 8.2, 9)', async () => {
    const handle = DPoP(client, keys)
    const other = DPoP(client, keys)
    expect(await nonceOf(handle)).toBeUndefined()
    prover(handle).learnNonce(url, json({}, 401, { 'dpop-nonce': 'first' }))
    expect(await nonceOf(handle)).toBe('first')
    expect(await nonceOf(handle, new URL('https://op.example.com/me'))).toBe('first')
    expect(await nonceOf(handle, new URL('https://rs.example.com/me'))).toBeUndefined()
    expect(await nonceOf(other)).toBeUndefined()
  })

  it('follows the clockSkew that the client had when it was made', async () => {
    const party = { [clockSkew]: 3600 }
    const handle = DPoP(party, keys)
    party[clockSkew] = 0
    const { iat } = takeApart(await proofOf(handle)).claims
    expect(Math.abs(Number(iat) - 3600 - Date.now() / 1000)).toBeLessThan(60)
  })

  it('lets modifyAssertion change its proofs', async () => {
    const handle = DPoP(client, keys, {
      [modifyAssertion](_header, payload) {
        payload.extra = true
      },
    })
    expect(takeApart(await proofOf(handle)).claims).toMatchObject({ extra: true, htm: 'POST' })
  })

  it('keeps its key as it is, whatever modifyAssertion does to one proof', async () => {
    let changed = false
    const handle = DPoP(client, keys, {
      [modifyAssertion](header) {
        // the header's key is an object
        if (!changed) Object.assign(header.jwk as object, { kid: 'a' })
        changed = true
      },
    })
    const thumbprint = await handle.calculateThumbprint()
    expect(takeApart(await proofOf(handle)).header.jwk).toHaveProperty('kid', 'a')
    expect(takeApart(await proofOf(handle)).header.jwk).not.toHaveProperty('kid')
    expect(await handle.calculateThumbprint()).toBe(thumbprint)
  })

  it.each<[string, string, JWK, EcKeyImportParams | RsaHashedImportParams]>([
    [
      'RFC 9449 6.1',
      '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
        y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
      },
      { name: 'ECDSA', namedCurve: 'P-256' },
    ],
    [
      'RFC 7638 3.1',
      'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
      {
        kty: 'RSA',
        n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
        e: 'AQAB',
      },
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ],
  ])('calculates the thumbprint of the example of %s (RFC 7638 3)', async (_rfc, thumbprint, jwk, algorithm) => {
    const handle = DPoP(client, { ...keys, publicKey: await importPublic(jwk, algorithm) })
    expect(await handle.calculateThumbprint()).toBe(thumbprint)
    expect(await handle.calculateThumbprint()).toBe(thumbprint)
  })
})

describe('the keys of a DPoP handle', () => {
  it.each<[string, unknown, 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE']>([
    ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['null', null, 'ERR_INVALID_ARG_TYPE'],
    ['no pair', {}, 'ERR_INVALID_ARG_TYPE'],
    ['a private key alone', keys.privateKey, 'ERR_INVALID_ARG_TYPE'],
    ['a pair without the public key', { privateKey: keys.privateKey }, 'ERR_INVALID_ARG_TYPE'],
    ['a pair without the private key', { publicKey: keys.publicKey }, 'ERR_INVALID_ARG_TYPE'],
    ['two public keys', { privateKey: keys.publicKey, publicKey: keys.publicKey }, 'ERR_INVALID_ARG_VALUE'],
    ['two private keys', { privateKey: keys.privateKey, publicKey: keys.privateKey }, 'ERR_INVALID_ARG_VALUE'],
  ])('are not %s', async (_title, pair, code) => {
    // what callers without types do
    await isCallersMistake(code, () => DPoP(client, pair as CryptoKeyPair))
  })

  it('are no pair whose public key cannot be exported', async () => {
    const jwk = await crypto.subtle.exportKey('jwk', keys.publicKey)
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const publicKey = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => DPoP(client, { ...keys, publicKey }))
  })

  it('sign nothing where they are for something else (RFC 7518 3.1)', async () => {
    const algorithm = { name: 'ECDH', namedCurve: 'P-256' }
    const handle = DPoP(client, await crypto.subtle.generateKey(algorithm, false, ['deriveBits']))
    await refuses(KEY_ALGORITHM, () => proofOf(handle))
  })

  it('sign nothing where they are RSA keys of fewer than 2048 bits (RFC 7518 3.3)', async () => {
    const handle = DPoP(client, await generateKeyPair('RS256', { modulusLength: 2040 }))
    await refuses(KEY_SIZE, () => proofOf(handle))
  })
})
