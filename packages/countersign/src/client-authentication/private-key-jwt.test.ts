import { describe, expect, it } from 'vitest'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { KEY_ALGORITHM, KEY_SIZE } from '../jose/keys.ts'
import { modifyAssertion } from '../jose/modify-assertion.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { isSignedBy } from '../testing/verified.ts'
import type { ClientAuth } from './client-auth.ts'
import { PrivateKeyJwt } from './private-key-jwt.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')

const withoutMlDsa = (await rejectionOf(() => generateKeyPair('ML-DSA-44'))) !== undefined

async function assertionOf(clientAuth: ClientAuth, party = client): Promise<string> {
  const body = new URLSearchParams()
  await clientAuth(as, party, body, new Headers())
  return body.get('client_assertion') ?? ''
}

function rsa(name: string, hash: string): RsaHashedKeyGenParams {
  return { name, hash, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
}

describe('private_key_jwt', () => {
  it('puts an assertion into the body, and no header (RFC 7523 2.2)', async () => {
    const headers = new Headers()
    const body = new URLSearchParams({ scope: 'openid' })
    await PrivateKeyJwt(privateKey)(as, client, body, headers)
    expect([...headers]).toEqual([])
    expect(Object.fromEntries(body)).toEqual({
      scope: 'openid',
      client_id: 'shop',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
    })
  })

  it.each([
    ['RS256', 'RS256'],
    ['RS384', 'RS384'],
    ['RS512', 'RS512'],
    ['PS256', 'PS256'],
    ['PS384', 'PS384'],
    ['PS512', 'PS512'],
    ['ES256', 'ES256'],
    ['ES384', 'ES384'],
    ['ES512', 'ES512'],
    ['Ed25519', 'Ed25519'],
    ['EdDSA', 'Ed25519'],
  ])('signs by the algorithm of its key, of %s by %s (RFC 7518 3.1, RFC 9864)', async (of, alg) => {
    const keys = await generateKeyPair(of)
    const assertion = await assertionOf(PrivateKeyJwt(keys.privateKey))
    expect(takeApart(assertion).header).toEqual({ alg })
    expect(isSignedBy(alg, keys.publicKey, assertion)).toBe(true)
    const [header, claims, signature = ''] = assertion.split('.')
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect(isSignedBy(alg, keys.publicKey, `${header}.${claims}.${flipped}`)).toBe(false)
  })

  it.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'])('signs by %s where the runtime has it (RFC 9964)', async (alg) => {
    if (withoutMlDsa) {
      expect(await rejectionOf(() => generateKeyPair(alg))).toHaveProperty('name', 'NotSupportedError')
      return
    }
    const keys = await generateKeyPair(alg)
    const assertion = await assertionOf(PrivateKeyJwt(keys.privateKey))
    expect(takeApart(assertion).header).toEqual({ alg })
    expect(isSignedBy(alg, keys.publicKey, assertion)).toBe(true)
  })

  it('names its key where it has a name (RFC 7515 4.1.4)', async () => {
    const named = { key: privateKey, kid: 'key-of-2026' }
    const clientAuth = PrivateKeyJwt(named)
    named.kid = 'changed later'
    const assertion = await assertionOf(clientAuth)
    expect(takeApart(assertion).header).toEqual({ alg: 'ES256', kid: 'key-of-2026' })
    expect(isSignedBy('ES256', publicKey, assertion)).toBe(true)
    expect(takeApart(await assertionOf(PrivateKeyJwt({ key: privateKey }))).header).toEqual({ alg: 'ES256' })
  })

  it('makes a new one for each request (RFC 7523 3 item 7)', async () => {
    const clientAuth = PrivateKeyJwt(privateKey)
    const claims = async () => takeApart(await assertionOf(clientAuth)).claims
    const [first, second] = [await claims(), await claims()]
    expect(Object.keys(first).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sub'])
    expect(first.jti).not.toBe(second.jti)
  })

  it('lets modifyAssertion change header and claims before they are signed', async () => {
    const clientAuth = PrivateKeyJwt(
      { key: privateKey, kid: 'a' },
      {
        [modifyAssertion](header, payload) {
          expect(header).toEqual({ alg: 'ES256', kid: 'a' })
          header.typ = 'client-authentication+jwt'
          delete header.kid
          payload.aud = [as.issuer]
          payload.exp = undefined
        },
      },
    )
    const assertion = await assertionOf(clientAuth)
    const { header, claims } = takeApart(assertion)
    expect(header).toEqual({ alg: 'ES256', typ: 'client-authentication+jwt' })
    expect(claims).toMatchObject({ aud: [as.issuer], iss: 'shop' })
    expect(claims).not.toHaveProperty('exp')
    expect(isSignedBy('ES256', publicKey, assertion)).toBe(true)
  })

  it('fails as modifyAssertion fails', async () => {
    const failure = new Error('no')
    const clientAuth = PrivateKeyJwt(privateKey, {
      [modifyAssertion]() {
        throw failure
      },
    })
    expect(await rejectionOf(() => assertionOf(clientAuth))).toBe(failure)
  })

  it('shows the checks of its key to the trace of the client', async () => {
    const events: CheckEvent[] = []
    await assertionOf(PrivateKeyJwt(privateKey), { ...client, [trace]: (event) => events.push(event) })
    expect(events.map(({ rule, passed }) => [rule, passed])).toEqual([[KEY_ALGORITHM.id, true]])
  })
})

describe('the key of private_key_jwt', () => {
  it.each<[string, unknown, 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE']>([
    ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['null', null, 'ERR_INVALID_ARG_TYPE'],
    ['a text', '-----BEGIN PRIVATE KEY-----', 'ERR_INVALID_ARG_TYPE'],
    ['an object without a key', { kid: 'a' }, 'ERR_INVALID_ARG_TYPE'],
    ['a JWK', { kty: 'EC', crv: 'P-256', d: 'a', x: 'a', y: 'a' }, 'ERR_INVALID_ARG_TYPE'],
    ['a pair of keys', { privateKey, publicKey }, 'ERR_INVALID_ARG_TYPE'],
    ['a public key', publicKey, 'ERR_INVALID_ARG_VALUE'],
    ['a public key with a name', { key: publicKey, kid: 'a' }, 'ERR_INVALID_ARG_VALUE'],
    ['a key with an empty name', { key: privateKey, kid: '' }, 'ERR_INVALID_ARG_VALUE'],
    ['a key with a name that is no text', { key: privateKey, kid: 7 }, 'ERR_INVALID_ARG_TYPE'],
    ['a key with a name that is null', { key: privateKey, kid: null }, 'ERR_INVALID_ARG_TYPE'],
  ])('is not %s, before any request', async (_title, key, code) => {
    // what callers without types do
    await isCallersMistake(code, () => PrivateKeyJwt(key as CryptoKey))
  })

  it('is no secret', async () => {
    const secret = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => PrivateKeyJwt(secret))
  })

  it.each<[string, EcKeyGenParams | RsaHashedKeyGenParams, KeyUsage[]]>([
    ['ECDH', { name: 'ECDH', namedCurve: 'P-256' }, ['deriveBits']],
    ['RSA-OAEP', rsa('RSA-OAEP', 'SHA-256'), ['decrypt', 'encrypt']],
    ['RSASSA-PKCS1-v1_5 with SHA-1', rsa('RSASSA-PKCS1-v1_5', 'SHA-1'), ['sign', 'verify']],
    ['RSA-PSS with SHA-1', rsa('RSA-PSS', 'SHA-1'), ['sign', 'verify']],
  ])('is not one of %s (RFC 7518 3.1)', async (_title, algorithm, usages) => {
    const keys = await crypto.subtle.generateKey(algorithm, false, usages)
    const error = await refuses(KEY_ALGORITHM, () => assertionOf(PrivateKeyJwt(keys.privateKey)))
    expect(error.cause).toBe(keys.privateKey)
  })

  it('is no RSA key of fewer than 2048 bits (RFC 7518 3.3)', async () => {
    const keys = await generateKeyPair('PS256', { modulusLength: 2040 })
    const error = await refuses(KEY_SIZE, () => assertionOf(PrivateKeyJwt(keys.privateKey)))
    expect(error.cause).toBe(keys.privateKey)
  })
})
