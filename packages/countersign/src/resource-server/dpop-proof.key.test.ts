import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as jwt from '../jose/jwt.ts'
import type { JWK } from '../jose/jwk.ts'
import { KEY_EXPONENT, KEY_SIZE } from '../jose/keys.ts'
import { KEY_FORM, SIGNATURE_ENCODING, SIGNATURE_VALID } from '../jose/verification.ts'
import { encodePart } from '../testing/answers.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { COMMON_ALGORITHMS, type SigningKey, signedJwt, signingKey, takeApart } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import type { JsonValue } from '../values/json.ts'
import type { ValidateJWTAccessTokenOptions } from './access-token.ts'
import * as rules from './dpop-proof.rules.ts'

const { accessToken, boundToken, clientKey, proof, request, thumbprintOf, validate } = resource

type Header = Record<string, JsonValue | undefined>

/** Validates a request whose proof has another header. */
function withHeader(header: Header, options?: ValidateJWTAccessTokenOptions) {
  const token = boundToken()
  return validate(request(`DPoP ${token}`, proof(token, {}, header)), options)
}

/** Validates a request whose proof has other members in its key, signed and bound by that key. */
function withJwk(members: Header, key = clientKey) {
  return withHeaderOf(key, { jwk: { ...key.jwk, ...members } })
}

function withHeaderOf(key: SigningKey, header: Header = {}, options?: ValidateJWTAccessTokenOptions) {
  const token = boundTo(key.jwk)
  return validate(request(`DPoP ${token}`, proof(token, {}, header, key)), options)
}

function boundTo(jwk: JWK) {
  return accessToken({ cnf: { jkt: thumbprintOf(jwk) } })
}

/** Validates a request with a proof that something else was done to. */
function tampered(change: (proof: string) => string) {
  const token = boundToken()
  return validate(request(`DPoP ${token}`, change(proof(token))))
}

describe('the algorithm of a proof (RFC 9449 4.3 item 5)', () => {
  it.each(COMMON_ALGORITHMS)('may be %s', async (alg) => {
    expect(await withHeaderOf(signingKey(alg))).toMatchObject({ sub: 'anna' })
  })

  it('may be another one than that of the token', async () => {
    const signingAlgorithms = ['ES256', 'PS256']
    expect(await withHeaderOf(signingKey('PS256'), {}, { signingAlgorithms })).toMatchObject({ sub: 'anna' })
  })

  it('is refused when it is not in signingAlgorithms', async () => {
    const key = signingKey('RS256')
    const options = { signingAlgorithms: ['ES256'] }
    const error = await refuses(rules.PROOF_ALG, () => withHeaderOf(key, {}, options))
    expect(error).toMatchObject({ expected: ['ES256'], actual: 'RS256' })
  })

  it.each(everyTypeBut('a text', 'an empty string'))('is refused when it is %s', async (_, alg) => {
    await refuses(rules.PROOF_ALG, () => withHeader({ alg }), rules.PROOF_KEY_TYPE)
  })

  it('is refused as none', async () => {
    const unsigned = (text: string) => {
      const { header, claims } = takeApart(text)
      return `${encodePart({ ...header, alg: 'none' })}.${encodePart(claims)}.`
    }
    await refuses(rules.PROOF_ALG, () => tampered(unsigned), rules.PROOF_KEY_TYPE)
    // also where a caller would have it
    const token = boundToken()
    const incoming = request(`DPoP ${token}`, unsigned(proof(token)))
    await refuses(rules.PROOF_KEY_TYPE, () => validate(incoming, { signingAlgorithms: ['ES256', 'none'] }))
  })

  it.each(['HS256', 'HS384', 'HS512'])('is refused as %s, keyed with the public key (RFC 8725 2.1)', async (alg) => {
    const token = boundToken()
    const { header, claims } = takeApart(proof(token))
    const input = `${encodePart({ ...header, alg })}.${encodePart(claims)}`
    const secret = createPublicKey(clientKey.privateKey).export({ type: 'spki', format: 'pem' })
    const mac = createHmac(`sha${alg.slice(2)}`, secret)
      .update(input)
      .digest('base64url')
    const incoming = request(`DPoP ${token}`, `${input}.${mac}`)
    await refuses(rules.PROOF_ALG, () => validate(incoming), rules.PROOF_KEY_TYPE)
    await refuses(rules.PROOF_KEY_TYPE, () => validate(incoming, { signingAlgorithms: ['ES256', alg] }))
  })

  it.each([
    ['RS256', 'ES256'],
    ['ES384', 'ES256'],
    ['ES256', 'ES384'],
    ['Ed25519', 'ES256'],
    ['ES256', 'RS256'],
    ['ES256', 'Ed25519'],
    ['RS256', 'Ed25519'],
  ])('is refused as %s with a key for %s', async (alg, other) => {
    await refuses(KEY_FORM, () => withHeaderOf(signingKey(other), { alg }))
  })

  it.each([
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
    ['RS512', 'RS256'],
  ])('is refused as %s with a signature by %s', async (alg, other) => {
    await refuses(SIGNATURE_VALID, () => withHeaderOf(signingKey(other), { alg }))
  })

  it('is refused with crit', async () => {
    await refuses(jwt.JWT_CRITICAL, () => withHeader({ crit: ['b64'], b64: true }))
  })
})

describe('the key of a proof', () => {
  it.each(everyTypeBut('an object', 'an empty object'))('is refused when it is %s (RFC 9449 4.2)', async (_, jwk) => {
    const error = await refuses(rules.PROOF_KEY, () => withHeader({ jwk }), rules.PROOF_KEY_TYPE)
    expect(error.cause).toMatchObject({ parameter: 'jwk' })
  })

  it.each(['oct', 'ec', 'AES', '', 'toString'])('is refused with the type %j (RFC 9449 4.3 item 5)', async (kty) => {
    await refuses(rules.PROOF_KEY_TYPE, () => withJwk({ kty }), rules.PROOF_KEY_BOUND)
  })

  it('is refused as a secret (RFC 9449 4.3 item 5)', async () => {
    const jwk = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') }
    await refuses(rules.PROOF_KEY_TYPE, () => withHeader({ jwk }), rules.PROOF_KEY_BOUND)
  })

  it('is refused with a type that is no text', async () => {
    for (const [, kty] of everyTypeBut('a text', 'an empty string')) {
      await refuses(rules.PROOF_KEY_TYPE, () => withJwk({ kty }), rules.PROOF_KEY_BOUND)
    }
    // those would become a type by conversion, or fail to
    for (const kty of [['EC'], { toString: null, valueOf: null }]) {
      await refuses(rules.PROOF_KEY_TYPE, () => withJwk({ kty }), rules.PROOF_KEY_BOUND)
    }
  })

  it.each([
    ['ES256', 'd'],
    ['Ed25519', 'd'],
    ['RS256', 'd'],
    ['ES256', 'priv'],
  ])('for %s is refused with %s (RFC 9449 4.3 item 7)', async (alg, member) => {
    const key = signingKey(alg)
    for (const value of [key.privateKey.export({ format: 'jwk' }).d ?? '', '', null, 5]) {
      const error = await refuses(rules.PROOF_KEY_PUBLIC, () => withJwk({ [member]: value }, key))
      expect(error.cause).toMatchObject({ parameter: 'jwk' })
    }
  })

  it('may say more of itself, which is not the server’s to judge', async () => {
    const more = { kid: 'x', ext: false, use: 'enc', key_ops: ['sign'], x5u: 'https://evil.example', more: [] }
    expect(await withJwk(more)).toMatchObject({ sub: 'anna' })
  })

  it('may name the algorithm of the proof, and no other (RFC 7517 4.4)', async () => {
    expect(await withJwk({ alg: 'ES256' })).toMatchObject({ sub: 'anna' })
    for (const alg of ['ES384', 'RS256', '', null, ['ES256'], 5]) {
      await refuses(rules.PROOF_KEY_ALG, () => withJwk({ alg }))
    }
    await refuses(rules.PROOF_KEY_ALG, () => withJwk({ alg: 'PS256' }, signingKey('RS256')))
  })

  it('is refused with fewer than 2048 bits (RFC 7518 3.3)', async () => {
    for (const alg of ['RS256', 'PS256']) {
      await refuses(KEY_SIZE, () => withHeaderOf(signingKey(alg, undefined, 1024)))
    }
  })

  it('is refused with an exponent of 1, for which anybody signs (RFC 7518 6.3.1.2)', async () => {
    const { n } = signingKey('RS256').jwk
    const jwk: JWK = { kty: 'RSA', n: n ?? '', e: 'AQ' }
    const token = boundTo(jwk)
    const { header, claims } = takeApart(proof(token))
    const { typ } = header
    const input = `${encodePart({ typ, alg: 'RS256', jwk: { ...jwk } })}.${encodePart(claims)}`
    // the signature is the padded hash itself: x to the power of 1
    const hash = Buffer.from(resource.sha256(input), 'base64url')
    const info = Buffer.from('3031300d060960864801650304020105000420', 'hex')
    const end = Buffer.concat([Buffer.of(0), info, hash])
    const filling = Buffer.alloc(256 - 2 - end.length, 0xff)
    const signature = Buffer.concat([Buffer.of(0, 1), filling, end]).toString('base64url')
    await refuses(KEY_EXPONENT, () => validate(request(`DPoP ${token}`, `${input}.${signature}`)))
  })

  it.each([
    ['a point that is not on the curve', { y: clientKey.jwk.x ?? '' }],
    ['a coordinate that is short', { x: 'AA' }],
    ['no coordinate', { x: '' }],
    ['an unknown curve', { crv: 'P-999' }],
    ['the curve of Bitcoin', { crv: 'secp256k1' }],
  ])('is refused with %s (RFC 7517 4)', async (_, members) => {
    const jwk = { ...clientKey.jwk, ...members }
    const token = boundTo(jwk)
    await refuses(KEY_FORM, () => validate(request(`DPoP ${token}`, proof(token, {}, { jwk }))))
  })

  it('is found by its thumbprint, whatever the order of its members (RFC 7638 3)', async () => {
    const { y, x, kty, crv } = clientKey.jwk
    expect(await withHeader({ jwk: { y: y ?? '', x: x ?? '', kty: kty ?? '', crv: crv ?? '' } })).toBeDefined()
  })

  it('is refused as another one than the token is bound to (RFC 9449 4.3 item 12)', async () => {
    const token = boundToken()
    for (const alg of ['ES256', 'Ed25519', 'RS256']) {
      const mallory = signingKey(alg, 'mallory')
      const error = await refuses(rules.PROOF_KEY_BOUND, () =>
        validate(request(`DPoP ${token}`, proof(token, {}, {}, mallory))),
      )
      expect(error).toMatchObject({ expected: thumbprintOf(clientKey.jwk) })
    }
  })

  it('is refused in another spelling: a thumbprint is over the text (RFC 7638 3.3)', async () => {
    const { x } = clientKey.jwk
    await refuses(rules.PROOF_KEY_BOUND, () => withHeader({ jwk: { ...clientKey.jwk, x: `${x}=` } }), KEY_FORM)
  })
})

describe('the signature of a proof (RFC 9449 4.3 item 6)', () => {
  it('is refused when another key made it than the one in the header', async () => {
    const token = boundToken()
    const mallory = signingKey('ES256')
    const stolen = proof(token, {}, { jwk: { ...clientKey.jwk } }, mallory)
    await refuses(SIGNATURE_VALID, () => validate(request(`DPoP ${token}`, stolen)))
  })

  it('is refused when the authorization server made it', async () => {
    const token = boundToken()
    const claims = takeApart(proof(token)).claims
    const header = { typ: 'dpop+jwt', jwk: { ...clientKey.jwk } }
    const incoming = request(`DPoP ${token}`, signedJwt(resource.serverKey, claims, header))
    await refuses(SIGNATURE_VALID, () => validate(incoming))
  })

  it('is refused when it was tampered with', async () => {
    for (const bit of [0, 77, 511]) {
      await refuses(SIGNATURE_VALID, () =>
        tampered((text) => withSignature(text, flipBit(takeApart(text).signature, bit))),
      )
    }
  })

  it('is refused when the claims were', async () => {
    await refuses(SIGNATURE_VALID, () =>
      tampered((text) => {
        const [header, , signature] = text.split('.')
        return `${header}.${encodePart({ ...takeApart(text).claims, jti: 'proof-2' })}.${signature}`
      }),
    )
  })

  it('is refused when it is missing', async () => {
    await refuses(SIGNATURE_VALID, () => tampered((text) => withSignature(text, '')))
  })

  it.each(['=', '+', ' x', '\u00ff'])('is refused with %j in it', async (end) => {
    await refuses(SIGNATURE_ENCODING, () => tampered((text) => `${text.slice(0, -2)}${end}`))
  })
})
