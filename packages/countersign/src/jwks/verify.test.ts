import { constants, createHmac, createPublicKey, KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import type { JWK } from '../jose/jwk.ts'
import { KEY_SIZE } from '../jose/keys.ts'
import { trace, type CheckEvent } from '../rules/trace.ts'
import { as, client, encodePart, idTokenClaims, json, tokenBody } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { COMMON_ALGORITHMS, signatureOf, signedJwt, signingKey, takeApart } from '../testing/signed.ts'
import { KEY_FORM, KEY_IN_RUNTIME, SIGNATURE_ALGORITHM, SIGNATURE_KEY, SIGNATURE_KEY_UNIQUE } from './select.ts'
import { SIGNATURE_ENCODING, SIGNATURE_VALID, verifySignature } from './verify.ts'

/** Verifies a token under the keys that a server publishes, as if none of them was known before. */
function verify(token: string, ...keys: JWK[]): Promise<void> {
  return verifySignature({ trace: undefined }, { ...as }, takeApart(token), keyServer(...keys).options)
}

function withSignature(token: string, signature: string): string {
  return token.replace(/[^.]*$/, signature)
}

function flipBit(signature: string, bit: number): string {
  const bytes = Buffer.from(signature, 'base64url')
  const index = (bit >> 3) % bytes.length
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit & 7))
  return bytes.toString('base64url')
}

const RFC_7515_CLAIMS = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'

const BILBO =
  'SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5k' +
  'IGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4'

const KNOWN_ANSWERS: [string, string, JWK][] = [
  [
    'RS256, RFC 7515 appendix A.2',
    `eyJhbGciOiJSUzI1NiJ9.${RFC_7515_CLAIMS}.` +
      'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t' +
      '1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j' +
      'zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ' +
      'Ge77Rw',
    {
      kty: 'RSA',
      n:
        'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ' +
        'S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2' +
        'R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcD' +
        'TW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
    },
  ],
  [
    'ES256, RFC 7515 appendix A.3',
    `eyJhbGciOiJFUzI1NiJ9.${RFC_7515_CLAIMS}.` +
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  ],
  [
    'PS384, RFC 7520 section 4.2',
    `eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${BILBO}.` +
      'cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcb' +
      'UrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8I' +
      'mUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-' +
      'X72Eaw',
    {
      kty: 'RSA',
      kid: 'bilbo.baggins@hobbiton.example',
      use: 'sig',
      n:
        'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2w' +
        'qVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bT' +
        'wJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5' +
        'iaiQkqgc5gHdrNP5zw',
      e: 'AQAB',
    },
  ],
  [
    'ES512, RFC 7520 section 4.3',
    `eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${BILBO}.` +
      'AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxX' +
      'Pn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2',
    {
      kty: 'EC',
      kid: 'bilbo.baggins@hobbiton.example',
      use: 'sig',
      crv: 'P-521',
      x: 'AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt',
      y: 'AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1',
    },
  ],
  [
    'EdDSA with Ed25519, RFC 8037 appendix A.4',
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.' +
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  ],
]

describe('verifySignature', () => {
  it.each(KNOWN_ANSWERS)('verifies the example of %s', async (_, token, jwk) => {
    expect(await rejectionOf(() => verify(token, jwk))).toBeUndefined()
  })

  it.each(KNOWN_ANSWERS)('refuses the example of %s with one bit of its signature changed', async (_, token, jwk) => {
    const { signature } = takeApart(token)
    await refuses(SIGNATURE_VALID, () => verify(withSignature(token, flipBit(signature, 77)), jwk))
  })

  it('refuses any signature in which one bit is changed (RFC 7515 section 5.2 item 8)', async () => {
    const keys = ['RS256', 'ES256', 'Ed25519'].map((alg) => signingKey(alg))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.nat(2047), async (key, bit) => {
        const token = signedJwt(key)
        const tampered = withSignature(token, flipBit(takeApart(token).signature, bit))
        expect(await rejectionOf(() => verify(tampered, key.jwk))).toMatchObject({ rule: SIGNATURE_VALID.id })
      }),
      { numRuns: 50 },
    )
  })
})

describe.each(COMMON_ALGORITHMS)('a token signed by %s', (alg) => {
  const key = signingKey(alg, 'key-1')

  it('is verified (RFC 7515 section 5.2)', async () => {
    expect(await rejectionOf(() => verify(signedJwt(key), key.jwk))).toBeUndefined()
    expect(await rejectionOf(() => verify(signedJwt(key), { ...key.jwk, alg, use: 'sig' }))).toBeUndefined()
  })

  it('is refused with other claims than were signed', async () => {
    const [header, , signature] = signedJwt(key).split('.')
    const claims = encodePart(idTokenClaims({ sub: 'mallory' }))
    const error = await refuses(SIGNATURE_VALID, () => verify(`${header}.${claims}.${signature}`, key.jwk))
    expect(error).toMatchObject({ expected: { kid: 'key-1', alg } })
  })

  it('is refused with another header than was signed', async () => {
    const [, claims, signature] = signedJwt(key).split('.')
    const header = encodePart({ alg, kid: 'key-1', typ: 'JWT' })
    await refuses(SIGNATURE_VALID, () => verify(`${header}.${claims}.${signature}`, key.jwk))
  })

  it('is refused under another key of the same name', async () => {
    const other = signingKey(alg, 'another')
    await refuses(SIGNATURE_VALID, () => verify(signedJwt(key), { ...other.jwk, kid: 'key-1' }))
  })

  it.each([
    ['none', () => ''],
    [
      'one that is cut short',
      (signature: string) => Buffer.from(signature, 'base64url').subarray(1).toString('base64url'),
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
    await refuses(SIGNATURE_VALID, () => verify(withSignature(token, change(takeApart(token).signature)), key.jwk))
  })

  it.each([
    ['padding', (signature: string) => `${signature}==`],
    ['a line break', (signature: string) => `${signature}\n`],
    ['a blank', (signature: string) => ` ${signature}`],
    ['a character of another alphabet', (signature: string) => signature.replace(/^./, '+')],
  ] as const)('is refused with %s in its signature (RFC 7515 section 5.2 item 7)', async (_, change) => {
    const token = signedJwt(key)
    await refuses(SIGNATURE_ENCODING, () => verify(withSignature(token, change(takeApart(token).signature)), key.jwk))
  })
})

describe('a token', () => {
  const rsa = signingKey('RS256', 'key-1')
  const ec = signingKey('ES256', 'key-1')

  it('is refused when it is respelled by stray bits at the end of its signature (RFC 4648 section 3.5)', async () => {
    // 256 bytes and 64 bytes leave bits over in their last character
    for (const key of [rsa, ec]) {
      const token = signedJwt(key)
      const { signature } = takeApart(token)
      const respelled = signature.slice(0, -1) + { A: 'B', Q: 'R', g: 'h', w: 'x' }[signature.slice(-1)]
      expect(Buffer.from(respelled, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
      await refuses(SIGNATURE_ENCODING, () => verify(withSignature(token, respelled), key.jwk))
    }
  })

  it('is refused when it is signed by nobody: alg none (RFC 8725 section 3.2)', async () => {
    const token = `${encodePart({ alg: 'none' })}.${encodePart(idTokenClaims())}.`
    await refuses(SIGNATURE_ALGORITHM, () => verify(token, rsa.jwk))
  })

  it.each([
    ['PEM', createPublicKey(rsa.privateKey).export({ type: 'spki', format: 'pem' })],
    ['DER', createPublicKey(rsa.privateKey).export({ type: 'spki', format: 'der' })],
    ['PKCS #1', createPublicKey(rsa.privateKey).export({ type: 'pkcs1', format: 'pem' })],
    ['the JWK’s modulus', Buffer.from(rsa.jwk.n ?? '', 'base64url')],
    ['the JWK', JSON.stringify(rsa.jwk)],
  ])('is refused when its HMAC is keyed with the public key, as %s (RFC 8725 section 2.1)', async (_, secret) => {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const input = `${encodePart({ alg, kid: 'key-1' })}.${encodePart(idTokenClaims())}`
      const mac = createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest('base64url')
      const error = await refuses(SIGNATURE_ALGORITHM, () => verify(`${input}.${mac}`, rsa.jwk))
      expect(error.cause).toEqual({ alg })
    }
  })

  it('is refused for an HMAC also where the server publishes a secret', async () => {
    const secret = Buffer.alloc(32, 7)
    const input = `${encodePart({ alg: 'HS256', kid: 'key-1' })}.${encodePart(idTokenClaims())}`
    const mac = createHmac('sha256', secret).update(input).digest('base64url')
    const oct = { kty: 'oct', kid: 'key-1', k: secret.toString('base64url') } as const
    await refuses(SIGNATURE_ALGORITHM, () => verify(`${input}.${mac}`, oct))
  })

  it.each([[undefined], [null], [5], [['RS256']]])('is refused with an alg of %j, before any request', async (alg) => {
    const server = keyServer(rsa.jwk)
    const jwt = { ...takeApart(signedJwt(rsa)), header: { alg: alg ?? null } }
    const error = await rejectionOf(() => verifySignature({ trace: undefined }, { ...as }, jwt, server.options))
    expect(error).toMatchObject({ rule: SIGNATURE_ALGORITHM.id })
    expect(server.requests).toEqual([])
  })

  it('is refused when the key in its own header signed it (RFC 7515 section 4.1.3)', async () => {
    const mallory = signingKey('ES256', 'mallory')
    const input = `${encodePart({ alg: 'ES256', kid: 'key-1', jwk: { ...mallory.jwk } })}.${encodePart(idTokenClaims())}`
    await refuses(SIGNATURE_VALID, () => verify(`${input}.${signatureOf('ES256', mallory.privateKey, input)}`, ec.jwk))
  })

  it.each([
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
    ['RS256', 'RS512'],
  ])('is refused when it is signed by %s and says %s', async (signed, said) => {
    const token = signedJwt({ ...rsa, alg: signed }, idTokenClaims(), { alg: said })
    await refuses(SIGNATURE_VALID, () => verify(token, rsa.jwk))
  })

  it.each([0, 20, 48])(
    'is refused when the salt of its PS256 has %d bytes (RFC 7518 section 3.5)',
    async (saltLength) => {
      const input = `${encodePart({ alg: 'PS256', kid: 'key-1' })}.${encodePart(idTokenClaims())}`
      const padding = constants.RSA_PKCS1_PSS_PADDING
      const signature = sign('sha256', Buffer.from(input), { key: rsa.privateKey, padding, saltLength })
      await refuses(SIGNATURE_VALID, () => verify(`${input}.${signature.toString('base64url')}`, rsa.jwk))
    },
  )

  it('is refused when its ES256 signature is in DER (RFC 7518 section 3.4)', async () => {
    const input = `${encodePart({ alg: 'ES256', kid: 'key-1' })}.${encodePart(idTokenClaims())}`
    const signature = sign('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'der' })
    await refuses(SIGNATURE_VALID, () => verify(`${input}.${signature.toString('base64url')}`, ec.jwk))
  })

  it.each(['RS256', 'PS256'])(
    'is refused under an RSA key of 1024 bits, by %s (RFC 7518 sections 3.3 and 3.5)',
    async (alg) => {
      const short = signingKey(alg, 'short', 1024)
      const error = await refuses(KEY_SIZE, () => verify(signedJwt(short), short.jwk))
      expect(error).toMatchObject({ actual: '1024 bits' })
    },
  )

  it('is refused under an RSA key of 1024 bits also where zeros in front make it look longer', async () => {
    const short = signingKey('RS256', 'short', 1024)
    const n = Buffer.concat([Buffer.alloc(128), Buffer.from(short.jwk.n ?? '', 'base64url')]).toString('base64url')
    await refuses(KEY_SIZE, () => verify(signedJwt(short), { ...short.jwk, n }))
  })

  it.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])(
    'signed by %s is verified where the runtime has it, and refused as unsupported where it does not (RFC 9964)',
    async (alg) => {
      const header = { alg, kid: 'key-1' }
      const input = `${encodePart(header)}.${encodePart(idTokenClaims())}`
      const pair = await crypto.subtle.generateKey(alg, true, ['sign', 'verify']).catch(() => undefined)
      if (pair === undefined || !('privateKey' in pair)) {
        const jwk: JWK = { kty: 'AKP', alg, kid: 'key-1', pub: 'AAAA' }
        await refuses(KEY_IN_RUNTIME, () => verify(`${input}.AAAA`, jwk), KEY_FORM)
        return
      }
      const jwk: JWK = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid: 'key-1' }
      const signature = Buffer.from(await crypto.subtle.sign(alg, pair.privateKey, Buffer.from(input)))
      expect(await rejectionOf(() => verify(`${input}.${signature.toString('base64url')}`, jwk))).toBeUndefined()
      const tampered = flipBit(signature.toString('base64url'), 77)
      await refuses(SIGNATURE_VALID, () => verify(`${input}.${tampered}`, jwk))
    },
  )

  it('resolves, or rejects with our error, whatever its signature is', async () => {
    const token = signedJwt(ec)
    const signature = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    )
    await fc.assert(
      fc.asyncProperty(signature, async (text) => {
        const error = await rejectionOf(() => verify(withSignature(token, text.replaceAll('.', '')), ec.jwk))
        expect([SIGNATURE_ENCODING.id, SIGNATURE_VALID.id]).toContain(Object(error).rule)
      }),
    )
  })
})

describe('validateApplicationLevelSignature', () => {
  const key = signingKey('RS256', 'key-1')

  /** Processes an answer with an ID Token, and verifies its signature under the key above. */
  async function validate(idToken: string, events: CheckEvent[] = []): Promise<void> {
    const server = { ...as }
    const answer = json(tokenBody({ id_token: idToken }))
    await processBackchannelAuthenticationGrantResponse(server, client, answer)
    const options = { ...keyServer(key.jwk).options, [trace]: (event: CheckEvent) => void events.push(event) }
    await validateApplicationLevelSignature(server, answer, options)
  }

  it('verifies the ID Token of a processed answer (OIDC Core 10.1)', async () => {
    expect(await rejectionOf(() => validate(signedJwt(key)))).toBeUndefined()
  })

  it('refuses the ID Token of somebody who has another key', async () => {
    const mallory = signingKey('RS256', 'mallory')
    await refuses(SIGNATURE_VALID, () => validate(signedJwt(mallory, idTokenClaims(), { kid: 'key-1' })))
  })

  it('refuses the ID Token of somebody who names a key of their own', async () => {
    await refuses(SIGNATURE_KEY, () => validate(signedJwt(signingKey('RS256', 'mallory'))), SIGNATURE_KEY_UNIQUE)
  })

  it('tells the trace of the options every check in order', async () => {
    const events: CheckEvent[] = []
    await validate(signedJwt(key), events)
    expect(events.filter(({ passed }) => !passed)).toEqual([])
    const rules = events.map(({ rule }) => rule)
    const own = [
      'signature.alg',
      'request.tls',
      'jwks.status',
      'jwks.keys',
      'signature.kid',
      'signature.encoding',
      'signature.value',
    ]
    expect(rules.filter((rule) => own.includes(rule))).toEqual(own)
  })
})

it('knows a key of node:crypto and its JWK for the same (a check of the tests’ own tools)', () => {
  const { privateKey, jwk } = signingKey('ES256')
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  expect(key).toBeInstanceOf(KeyObject)
  expect(key.equals(createPublicKey(privateKey))).toBe(true)
})
