import { constants, createHmac, createPublicKey, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { KEY_SIZE } from '../jose/keys.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import { as, encodePart, idTokenClaims } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signatureOf, signedJwt, type SigningKey, signingKey, takeApart } from '../testing/signed.ts'
import { verifyUnder, withSignature } from '../testing/verify-under.ts'
import { SIGNATURE_ALGORITHM } from './select.ts'
import { verifySignature } from './verify.ts'

/** A token whose signature begins with a byte that is zero, as one of 256 does. */
function withLeadingZero(key: SigningKey): string {
  let token: string
  do token = signedJwt(key)
  while (Buffer.from(takeApart(token).signature, 'base64url')[0] !== 0)
  return token
}

describe('a forged token', () => {
  const rsa = signingKey('RS256', 'key-1')
  const ec = signingKey('ES256', 'key-1')

  it('is refused when it is signed by nobody: alg none (RFC 8725 section 3.2)', async () => {
    const token = `${encodePart({ alg: 'none' })}.${encodePart(idTokenClaims())}.`
    await refuses(SIGNATURE_ALGORITHM, () => verifyUnder(token, rsa.jwk))
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
      const error = await refuses(SIGNATURE_ALGORITHM, () => verifyUnder(`${input}.${mac}`, rsa.jwk))
      expect(error.cause).toEqual({ alg })
    }
  })

  it('is refused for an HMAC also where the server publishes a secret', async () => {
    const secret = Buffer.alloc(32, 7)
    const input = `${encodePart({ alg: 'HS256', kid: 'key-1' })}.${encodePart(idTokenClaims())}`
    const mac = createHmac('sha256', secret).update(input).digest('base64url')
    const oct = { kty: 'oct', kid: 'key-1', k: secret.toString('base64url') } as const
    await refuses(SIGNATURE_ALGORITHM, () => verifyUnder(`${input}.${mac}`, oct))
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
    await refuses(SIGNATURE_VALID, () =>
      verifyUnder(`${input}.${signatureOf('ES256', mallory.privateKey, input)}`, ec.jwk),
    )
  })

  it.each([
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
    ['RS256', 'RS512'],
  ])('is refused when it is signed by %s and says %s', async (signed, said) => {
    const token = signedJwt({ ...rsa, alg: signed }, idTokenClaims(), { alg: said })
    await refuses(SIGNATURE_VALID, () => verifyUnder(token, rsa.jwk))
  })

  it.each([0, 20, 48])(
    'is refused when the salt of its PS256 has %d bytes (RFC 7518 section 3.5)',
    async (saltLength) => {
      const input = `${encodePart({ alg: 'PS256', kid: 'key-1' })}.${encodePart(idTokenClaims())}`
      const padding = constants.RSA_PKCS1_PSS_PADDING
      const signature = sign('sha256', Buffer.from(input), { key: rsa.privateKey, padding, saltLength })
      await refuses(SIGNATURE_VALID, () => verifyUnder(`${input}.${signature.toString('base64url')}`, rsa.jwk))
    },
  )

  it('is refused when its PS256 signature lacks its leading zeros (RFC 8017 section 8.1.2 item 1)', async () => {
    const token = withLeadingZero({ ...rsa, alg: 'PS256' })
    await verifyUnder(token, rsa.jwk)
    const { signature } = takeApart(token)
    const shorter = Buffer.from(signature, 'base64url').subarray(1).toString('base64url')
    await refuses(SIGNATURE_VALID, () => verifyUnder(withSignature(token, shorter), rsa.jwk))
  })

  it('is refused when its ES256 signature is in DER (RFC 7518 section 3.4)', async () => {
    const input = `${encodePart({ alg: 'ES256', kid: 'key-1' })}.${encodePart(idTokenClaims())}`
    const signature = sign('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'der' })
    await refuses(SIGNATURE_VALID, () => verifyUnder(`${input}.${signature.toString('base64url')}`, ec.jwk))
  })

  it.each(['RS256', 'PS256'])(
    'is refused under an RSA key of 1024 bits, by %s (RFC 7518 sections 3.3 and 3.5)',
    async (alg) => {
      const short = signingKey(alg, 'short', 1024)
      const error = await refuses(KEY_SIZE, () => verifyUnder(signedJwt(short), short.jwk))
      expect(error).toMatchObject({ actual: '1024 bits' })
    },
  )

  it('is refused under an RSA key of 1024 bits also where zeros in front make it look longer', async () => {
    const short = signingKey('RS256', 'short', 1024)
    const n = Buffer.concat([Buffer.alloc(128), Buffer.from(short.jwk.n ?? '', 'base64url')]).toString('base64url')
    await refuses(KEY_SIZE, () => verifyUnder(signedJwt(short), { ...short.jwk, n }))
  })
})
