import { describe, expect, it, vi } from 'vitest'
import { encodePart } from '../testing/answers.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { COMMON_ALGORITHMS, signedJwt, signingKey, takeApart } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import { type Algorithm, algorithmOf } from './algorithms.ts'
import type { JWK } from './jwk.ts'
import { KEY_EXPONENT, KEY_SIZE } from './keys.ts'
import * as rules from './verification.ts'

const { beginVerification, importVerificationKey, verifyJws } = rules
const context = { trace: undefined }

function algorithm(alg: string): Algorithm {
  const found = algorithmOf(alg)
  if (found === undefined) throw new Error(`no algorithm ${alg}`)
  return found
}

async function verified(token: string, alg: string, jwk: JWK): Promise<void> {
  const key = await importVerificationKey(context, algorithm(alg), jwk)
  await verifyJws(context, takeApart(token), key, algorithm(alg))
}

describe('a key for verification', () => {
  it.each(COMMON_ALGORITHMS)('is made of a public JWK for %s, to verify and nothing else (RFC 7517 4)', async (alg) => {
    const key = await importVerificationKey(context, algorithm(alg), signingKey(alg, 'key-1').jwk)
    expect(key).toMatchObject({ type: 'public', usages: ['verify'] })
  })

  it.each<[string, string, JWK]>([
    ['is empty', 'ES256', {}],
    ['has another type', 'RS256', signingKey('ES256').jwk],
    ['has another curve', 'ES384', signingKey('ES256').jwk],
    ['has no coordinates', 'ES256', { kty: 'EC', crv: 'P-256' }],
    ['has no modulus', 'RS256', { kty: 'RSA', e: 'AQAB' }],
    ['is not base64url', 'Ed25519', { kty: 'OKP', crv: 'Ed25519', x: '*' }],
    ['is short', 'Ed25519', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }],
    ['is a secret', 'RS256', { kty: 'oct', k: 'AA' }],
    ['may not verify', 'ES256', { ...signingKey('ES256').jwk, key_ops: ['sign'] }],
    ['is for another use', 'ES256', { ...signingKey('ES256').jwk, use: 'enc' }],
  ])('is refused when it %s (RFC 7517 4)', async (_, alg, jwk) => {
    const error = await refuses(rules.KEY_FORM, () => verified(`e30.e30.AA`, alg, jwk))
    expect(error.cause).toHaveProperty('name')
  })

  it('is refused when it is a private one', async () => {
    const { privateKey } = signingKey('ES256')
    const jwk: JWK = privateKey.export({ format: 'jwk' })
    await refuses(rules.KEY_FORM, () => verified(`e30.e30.AA`, 'ES256', jwk))
  })

  it('is refused where the runtime does not have the algorithm, with what the runtime said (RFC 7518 3.1)', async () => {
    const failure = new DOMException('unknown', 'NotSupportedError')
    const importing = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(failure)
    try {
      const { jwk } = signingKey('ES256')
      const error = await refuses(rules.KEY_IN_RUNTIME, () => verified('e30.e30.AA', 'ES256', jwk), rules.KEY_FORM)
      expect(error).toMatchObject({ actual: 'ECDSA', cause: failure })
    } finally {
      importing.mockRestore()
    }
  })

  it('is refused when it is weak, before it verifies anything (RFC 7518 3.3, 6.3.1.2)', async () => {
    const weak = signingKey('RS256', 'weak', 1024)
    await refuses(KEY_SIZE, () => verified(signedJwt(weak), 'RS256', weak.jwk))
    const anybodys: JWK = { ...signingKey('RS256').jwk, e: 'AQ' }
    await refuses(KEY_EXPONENT, () => importVerificationKey(context, algorithm('RS256'), anybodys))
  })
})

describe('a signature', () => {
  it.each(COMMON_ALGORITHMS)('by %s is verified over what was signed and nothing else (RFC 7515 5.2)', async (alg) => {
    const key = signingKey(alg, 'key-1')
    const token = signedJwt(key)
    expect(await rejectionOf(() => verified(token, alg, key.jwk))).toBeUndefined()
    const { signature } = takeApart(token)
    const forged = `${encodePart({ alg })}.${encodePart({ sub: 'eve' })}.${signature}`
    await refuses(rules.SIGNATURE_VALID, () => verified(forged, alg, key.jwk))
    await refuses(rules.SIGNATURE_VALID, () => verified(withSignature(token, flipBit(signature, 9)), alg, key.jwk))
    await refuses(rules.SIGNATURE_VALID, () => verified(withSignature(token, ''), alg, key.jwk))
  })

  it('tells which key was looked for', async () => {
    const token = signedJwt(signingKey('ES256', 'key-1'))
    const error = await refuses(rules.SIGNATURE_VALID, () => verified(token, 'ES256', signingKey('ES256').jwk))
    expect(error).toMatchObject({ expected: { kid: 'key-1', alg: 'ES256' } })
  })

  it.each(['=', '==', '\n', ' ', '+', '/', '*', 'é'])(
    'is refused with %j in it (RFC 7515 5.2 item 7)',
    async (text) => {
      const key = signingKey('ES256')
      await refuses(rules.SIGNATURE_ENCODING, () => verified(`${signedJwt(key)}${text}`, 'ES256', key.jwk))
    },
  )

  it('is not asked of the runtime when it is not base64url', async () => {
    const verifying = vi.spyOn(crypto.subtle, 'verify')
    const key = signingKey('ES256')
    await rejectionOf(() => verified(`${signedJwt(key)}=`, 'ES256', key.jwk))
    expect(verifying).not.toHaveBeenCalled()
    verifying.mockRestore()
  })
})

describe('a verification that has begun', () => {
  const key = signingKey('ES256', 'key-1')
  const [token, other] = [signedJwt(key), signedJwt(key, { sub: 'other' })]

  /** What comes of the verification of a token, where another has said already that a signature is good. */
  async function told(begunOf: string, under: JWK = key.jwk): Promise<unknown> {
    const mine = await importVerificationKey(context, algorithm('ES256'), key.jwk)
    const its = await importVerificationKey(context, algorithm('ES256'), under)
    const bytes = new Uint8Array(Buffer.from(takeApart(begunOf).signature, 'base64url'))
    const begun = { key: under === key.jwk ? mine : its, token: begunOf, bytes, valid: Promise.resolve(true) }
    return await rejectionOf(() => verifyJws(context, takeApart(forged), mine, algorithm('ES256'), {}, begun))
  }
  const forged = withSignature(token, flipBit(takeApart(token).signature, 3))

  it('is awaited when it is of the same signature, text and key', async () => {
    expect(await told(forged)).toBeUndefined()
  })

  it.each([
    ['signature', token, key.jwk],
    ['text', withSignature(other, takeApart(forged).signature), key.jwk],
    ['key', forged, { ...key.jwk }],
  ])('says nothing about another %s', async (_, of, jwk) => {
    expect(await told(of, jwk)).toHaveProperty('rule', rules.SIGNATURE_VALID.id)
  })

  it('begins with nothing that is no base64url', async () => {
    const publicKey = await importVerificationKey(context, algorithm('ES256'), key.jwk)
    expect(beginVerification(`${token}=`, publicKey, algorithm('ES256'))).toBeUndefined()
  })

  it('is of what stands before and behind the last point', async () => {
    const publicKey = await importVerificationKey(context, algorithm('ES256'), key.jwk)
    const begun = beginVerification(token, publicKey, algorithm('ES256'))
    const bytes = new Uint8Array(Buffer.from(takeApart(token).signature, 'base64url'))
    expect(begun).toMatchObject({ key: publicKey, token, bytes })
    expect(await begun?.valid).toBe(true)
    expect(await beginVerification(forged, publicKey, algorithm('ES256'))?.valid).toBe(false)
  })
})
