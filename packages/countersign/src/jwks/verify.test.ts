import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JWK } from '../jose/jwk.ts'
import { KEY_FORM, KEY_IN_RUNTIME, SIGNATURE_ENCODING, SIGNATURE_VALID } from '../jose/verification.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, encodePart, idTokenClaims } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { COMMON_ALGORITHMS, signedJwt, signingKey, takeApart } from '../testing/signed.ts'
import { flipBit, verifyUnder, withSignature } from '../testing/verify-under.ts'
import { verifySignature } from './verify.ts'

describe.each(COMMON_ALGORITHMS)('a token signed by %s', (alg) => {
  const key = signingKey(alg, 'key-1')

  it('is verified (RFC 7515 section 5.2)', async () => {
    expect(await rejectionOf(() => verifyUnder(signedJwt(key), key.jwk))).toBeUndefined()
    expect(await rejectionOf(() => verifyUnder(signedJwt(key), { ...key.jwk, alg, use: 'sig' }))).toBeUndefined()
  })

  it('is refused with other claims than were signed', async () => {
    const [header, , signature] = signedJwt(key).split('.')
    const claims = encodePart(idTokenClaims({ sub: 'mallory' }))
    const error = await refuses(SIGNATURE_VALID, () => verifyUnder(`${header}.${claims}.${signature}`, key.jwk))
    expect(error).toMatchObject({ expected: { kid: 'key-1', alg } })
  })

  it('is refused with another header than was signed', async () => {
    const [, claims, signature] = signedJwt(key).split('.')
    const header = encodePart({ alg, kid: 'key-1', typ: 'JWT' })
    await refuses(SIGNATURE_VALID, () => verifyUnder(`${header}.${claims}.${signature}`, key.jwk))
  })

  it('is refused under another key of the same name', async () => {
    const other = signingKey(alg, 'another')
    await refuses(SIGNATURE_VALID, () => verifyUnder(signedJwt(key), { ...other.jwk, kid: 'key-1' }))
  })

  it.each([
    ['none', () => ''],
    [
      'one that is cut short',
      (signature: string) => Buffer.from(signature, 'base64url').subarray(0, -1).toString('base64url'),
    ],
    [
      'one that is too long',
      (signature: string) =>
        Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.alloc(1)]).toString('base64url'),
    ],
    [
      'one of zeros',
      (signature: string) => Buffer.alloc(Buffer.from(signature, 'base64url').length).toString('base64url'),
    ],
  ] as const)('is refused with %s for a signature', async (_, change) => {
    const token = signedJwt(key)
    await refuses(SIGNATURE_VALID, () => verifyUnder(withSignature(token, change(takeApart(token).signature)), key.jwk))
  })

  it.each([
    ['padding', (signature: string) => `${signature}==`],
    ['a line break', (signature: string) => `${signature}\n`],
    ['a blank', (signature: string) => ` ${signature}`],
    ['a character of another alphabet', (signature: string) => signature.replace(/^./, '+')],
  ] as const)('is refused with %s in its signature (RFC 7515 section 5.2 item 7)', async (_, change) => {
    const token = signedJwt(key)
    await refuses(SIGNATURE_ENCODING, () =>
      verifyUnder(withSignature(token, change(takeApart(token).signature)), key.jwk),
    )
  })
})

describe('a signature', () => {
  it('is refused when it is respelled by stray bits at its end (RFC 4648 section 3.5)', async () => {
    // 256 bytes and 64 bytes leave bits over in their last character
    for (const key of [signingKey('RS256'), signingKey('ES256')]) {
      const token = signedJwt(key)
      const { signature } = takeApart(token)
      const respelled = `${signature.slice(0, -1)}${{ A: 'B', Q: 'R', g: 'h', w: 'x' }[signature.slice(-1)]}`
      expect(Buffer.from(respelled, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
      await refuses(SIGNATURE_ENCODING, () => verifyUnder(withSignature(token, respelled), key.jwk))
    }
  })

  it('is refused when any bit of its signature is changed (RFC 7515 section 5.2 item 8)', async () => {
    const keys = ['RS256', 'ES256', 'Ed25519'].map((alg) => signingKey(alg))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.nat(2047), async (key, bit) => {
        const token = signedJwt(key)
        const tampered = withSignature(token, flipBit(takeApart(token).signature, bit))
        expect(await rejectionOf(() => verifyUnder(tampered, key.jwk))).toMatchObject({ rule: SIGNATURE_VALID.id })
      }),
      { numRuns: 50 },
    )
  })

  it.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])(
    'by %s is verified where the runtime has it, and refused as unsupported where it does not (RFC 9964)',
    async (alg) => {
      const header = { alg, kid: 'key-1' }
      const input = `${encodePart(header)}.${encodePart(idTokenClaims())}`
      const pair = await crypto.subtle.generateKey(alg, true, ['sign', 'verify']).catch(() => undefined)
      if (pair === undefined || !('privateKey' in pair)) {
        const jwk: JWK = { kty: 'AKP', alg, kid: 'key-1', pub: 'AAAA' }
        await refuses(KEY_IN_RUNTIME, () => verifyUnder(`${input}.AAAA`, jwk), KEY_FORM)
        return
      }
      const jwk: JWK = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid: 'key-1' }
      const signature = Buffer.from(await crypto.subtle.sign(alg, pair.privateKey, Buffer.from(input)))
      expect(await rejectionOf(() => verifyUnder(`${input}.${signature.toString('base64url')}`, jwk))).toBeUndefined()
      const tampered = flipBit(signature.toString('base64url'), 77)
      await refuses(SIGNATURE_VALID, () => verifyUnder(`${input}.${tampered}`, jwk))
    },
  )

  it('resolves, or rejects with our error, whatever it is', async () => {
    const ec = signingKey('ES256')
    const token = signedJwt(ec)
    const signature = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    )
    await fc.assert(
      fc.asyncProperty(signature, async (text) => {
        const error = await rejectionOf(() => verifyUnder(withSignature(token, text.replaceAll('.', '')), ec.jwk))
        expect([SIGNATURE_ENCODING.id, SIGNATURE_VALID.id]).toContain(Object(error).rule)
      }),
    )
  })
})

it('tells the trace every check in order', async () => {
  const key = signingKey('RS256', 'key-1')
  const events: CheckEvent[] = []
  const context = { trace: (event: CheckEvent) => void events.push(event) }
  const options = { ...keyServer(key.jwk).options, [trace]: context.trace }
  await verifySignature(context, { ...as }, takeApart(signedJwt(key)), options)
  expect(events.filter(({ passed }) => !passed)).toEqual([])
  const order = [
    'signature.alg',
    'request.tls',
    'jwks.status',
    'jwks.keys',
    'signature.kid',
    'signature.kid-unique',
    'signature.key',
    'signature.encoding',
    'signature.value',
  ]
  expect(events.map(({ rule }) => rule).filter((rule) => order.includes(rule))).toEqual(order)
})
