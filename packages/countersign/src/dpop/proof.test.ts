import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { modifyAssertion, type ModifyAssertionOptions } from '../jose/modify-assertion.ts'
import { publicJwk } from '../jose/public-jwk.ts'
import { clockSkew, type ClockOptions } from '../metadata/clock.ts'
import { makesRandomText } from '../testing/random-text.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { isSignedBy } from '../testing/verified.ts'
import type { ProvenRequest } from './handle.ts'
import { type ProofKey, signProof } from './proof.ts'

const NOW = 1_800_000_000

const request: ProvenRequest = { url: new URL('https://op.example.com/token'), method: 'POST' }

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwk = await publicJwk(publicKey)

function proofKey(clock: ClockOptions = {}, options?: ModifyAssertionOptions): ProofKey {
  return { privateKey, jwk, clock, options }
}

/** What a proof claims. */
async function claimsOf(proven: ProvenRequest, nonce?: string) {
  return takeApart(await signProof(proofKey(), proven, nonce)).claims
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a DPoP proof', () => {
  it('has this header and these claims, and no others (RFC 9449 4.2)', async () => {
    const { header, claims } = takeApart(await signProof(proofKey(), request, undefined))
    expect(header).toEqual({
      typ: 'dpop+jwt',
      alg: 'ES256',
      jwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
    })
    expect(claims).toEqual({
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      htm: 'POST',
      htu: 'https://op.example.com/token',
      iat: NOW,
    })
  })

  it('has the nonce of the server where there is one (RFC 9449 8)', async () => {
    expect(await claimsOf(request, 'eyJ7S, "quoted"')).toMatchObject({ nonce: 'eyJ7S, "quoted"' })
  })

  it('has the hash of the access token where there is one (RFC 9449 7.1)', async () => {
    const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
    const url = new URL('https://resource.example.org/protectedresource')
    expect(await claimsOf({ url, method: 'GET', accessToken })).toMatchObject({
      htm: 'GET',
      htu: 'https://resource.example.org/protectedresource',
      ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
    })
  })

  it.each([
    ['https://op.example.com/token?a=b', 'https://op.example.com/token'],
    ['https://op.example.com/token#a', 'https://op.example.com/token'],
    ['https://op.example.com/token?', 'https://op.example.com/token'],
    ['https://anna:secret@op.example.com/token', 'https://op.example.com/token'],
    ['HTTPS://OP.Example.com:443/Token', 'https://op.example.com/Token'],
    ['https://op.example.com:8443', 'https://op.example.com:8443/'],
    ['http://127.0.0.1:3000/a/../token', 'http://127.0.0.1:3000/token'],
    ['https://op.example.com/a%2Fb/ž', 'https://op.example.com/a%2Fb/%C5%BE'],
  ])('names %s as %s, without query, fragment and more (RFC 9449 4.2, 4.3 item 9)', async (url, htu) => {
    expect(await claimsOf({ ...request, url: new URL(url) })).toMatchObject({ htu })
  })

  it('has a jti that comes never again (RFC 9449 4.2)', async () => {
    const jtis = await Promise.all(Array.from({ length: 500 }, async () => String((await claimsOf(request)).jti)))
    makesRandomText(() => jtis.pop() ?? '')
  })

  it.each([
    [120, NOW + 120],
    [-120, NOW - 120],
    [Number.NaN, NOW],
  ])('has an iat that follows a clockSkew of %d', async (skew, iat) => {
    const proof = await signProof(proofKey({ [clockSkew]: skew }), request, undefined)
    expect(takeApart(proof).claims).toMatchObject({ iat })
  })

  it.each(['RS256', 'PS384', 'ES256', 'ES512', 'Ed25519'])(
    'is signed by its own key, with %s, and holds nothing private (RFC 9449 4.2)',
    async (alg) => {
      const keys = await generateKeyPair(alg, { extractable: true })
      const key: ProofKey = { ...proofKey(), privateKey: keys.privateKey, jwk: await publicJwk(keys.publicKey) }
      const proof = await signProof(key, request, undefined)
      expect(takeApart(proof).header).toMatchObject({ alg, jwk: { ...key.jwk } })
      expect(Object.keys(key.jwk).filter((member) => !['kty', 'crv', 'x', 'y', 'n', 'e'].includes(member))).toEqual([])
      expect(isSignedBy(alg, keys.publicKey, proof)).toBe(true)
      expect(isSignedBy(alg, keys.publicKey, proof.replace('.', '.A'))).toBe(false)
    },
  )

  it('may be changed by modifyAssertion before it is signed', async () => {
    const options: ModifyAssertionOptions = {
      [modifyAssertion](header, payload) {
        expect(header).toMatchObject({ alg: 'ES256', typ: 'dpop+jwt' })
        expect(payload).toMatchObject({ htm: 'POST', nonce: 'server' })
        header.kid = 'a'
        payload.htu = 'https://op.example.com/other'
        delete payload.nonce
      },
    }
    const proof = await signProof(proofKey({}, options), request, 'server')
    const { header, claims } = takeApart(proof)
    expect(header).toMatchObject({ kid: 'a', alg: 'ES256', typ: 'dpop+jwt' })
    expect(claims).toMatchObject({ htu: 'https://op.example.com/other' })
    expect(claims).not.toHaveProperty('nonce')
    expect(isSignedBy('ES256', publicKey, proof)).toBe(true)
  })

  it('fails as modifyAssertion fails', async () => {
    const failure = new Error('no')
    const options: ModifyAssertionOptions = {
      [modifyAssertion]() {
        throw failure
      },
    }
    expect(await rejectionOf(() => signProof(proofKey({}, options), request, undefined))).toBe(failure)
  })
})
