import { describe, expect, it, vi } from 'vitest'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { KEY_ALGORITHM, KEY_EXPONENT, KEY_SIZE } from '../jose/keys.ts'
import { modifyAssertion } from '../jose/modify-assertion.ts'
import { clockSkew } from '../metadata/clock.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { takeApart } from '../testing/signed.ts'
import { isSignedBy } from '../testing/verified.ts'
import { epochSeconds } from '../values/time.ts'
import { issueRequestObject, REQUEST_OBJECT_JSON } from './request-object.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')

type Given = Parameters<typeof issueRequestObject>[2]

async function claimsOf(parameters: Given, party = client) {
  return takeApart(await issueRequestObject(as, party, parameters, privateKey)).claims
}

describe('issueRequestObject', () => {
  it('makes a signed request object (RFC 9101 4, 5; OIDC Core 6.1)', async () => {
    const parameters = { response_type: 'code', redirect_uri: 'https://shop.example.com/cb', scope: 'openid' }
    const before = epochSeconds()
    const object = await issueRequestObject(as, client, parameters, privateKey)
    const { header, claims } = takeApart(object)
    expect(header).toEqual({ alg: 'ES256', typ: 'oauth-authz-req+jwt' })
    const { iat = 0, jti, ...others } = claims
    expect([before, before + 1]).toContain(iat)
    expect(jti).toMatch(/^[\w-]{43}$/)
    const issuedAt = Number(iat)
    const times = { nbf: issuedAt, exp: issuedAt + 60 }
    expect(others).toEqual({ ...parameters, client_id: 'shop', iss: 'shop', aud: as.issuer, ...times })
    expect(isSignedBy('ES256', publicKey, object)).toBe(true)
  })

  it('shows what it looks at to the trace of the client: the key, and what is JSON', async () => {
    const seen: string[] = []
    await claimsOf({ claims: '{}' }, Object({ ...client, [trace]: ({ rule }: CheckEvent) => seen.push(rule) }))
    expect(seen).toEqual(expect.arrayContaining([KEY_ALGORITHM.id, REQUEST_OBJECT_JSON.id]))
  })

  it('has its members in this order', async () => {
    const object = await issueRequestObject(as, client, { scope: 'openid' }, { key: privateKey, kid: 'k' })
    const [header = '', claims = ''] = object.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(header).toBe('{"alg":"ES256","typ":"oauth-authz-req+jwt","kid":"k"}')
    expect(Object.keys(Object(JSON.parse(claims)))).toEqual([
      'scope',
      'client_id',
      'jti',
      'aud',
      'exp',
      'iat',
      'nbf',
      'iss',
    ])
  })

  it.each([
    ['RS256', 'RS256'],
    ['PS256', 'PS256'],
    ['PS512', 'PS512'],
    ['ES384', 'ES384'],
    ['ES512', 'ES512'],
    ['Ed25519', 'Ed25519'],
    ['EdDSA', 'Ed25519'],
  ])('signs by the algorithm of its key, of %s by %s (RFC 7518 3.1, RFC 9864)', async (of, alg) => {
    const keys = await generateKeyPair(of)
    const object = await issueRequestObject(as, client, {}, keys.privateKey)
    expect(takeApart(object).header).toEqual({ alg, typ: 'oauth-authz-req+jwt' })
    expect(isSignedBy(alg, keys.publicKey, object)).toBe(true)
  })

  it('gives each object an ID of its own', async () => {
    expect((await claimsOf({})).jti).not.toBe((await claimsOf({})).jti)
  })

  it('takes its times of a clock that is set', async () => {
    const { iat, nbf, exp } = await claimsOf({}, { ...client, [clockSkew]: -3600 })
    expect(Math.abs(Number(iat) - (epochSeconds() - 3600))).toBeLessThan(2)
    expect(nbf).toBe(iat)
    expect(exp).toBe(Number(iat) + 60)
  })

  it('sets the claims of the object itself, whatever the parameters say (RFC 9101 4)', async () => {
    const parameters = {
      client_id: 'bank',
      iss: 'bank',
      aud: 'https://evil.example',
      exp: '4102444800',
      iat: '0',
      nbf: '0',
      jti: 'x',
    }
    const claims = await claimsOf(parameters)
    expect(claims).toMatchObject({ client_id: 'shop', iss: 'shop', aud: as.issuer })
    for (const name of ['exp', 'iat', 'nbf']) expect(claims[name]).toBeTypeOf('number')
    expect(claims.jti).not.toBe('x')
  })

  it.each<[string, Given]>([
    ['an object', { scope: 'openid', state: '' }],
    [
      'pairs',
      [
        ['scope', 'openid'],
        ['state', ''],
      ],
    ],
    ['URLSearchParams', new URLSearchParams('scope=openid&state=')],
  ])('takes the parameters as %s, empty ones too', async (_, parameters) => {
    expect(await claimsOf(parameters)).toMatchObject({ scope: 'openid', state: '' })
  })

  it('leaves URLSearchParams that it was given alone', async () => {
    const parameters = new URLSearchParams('client_id=bank&max_age=1')
    await claimsOf(parameters)
    expect(String(parameters)).toBe('client_id=bank&max_age=1')
  })

  it('takes the last one where a parameter comes several times', async () => {
    const parameters = [
      ['scope', 'a'],
      ['scope', 'b'],
    ]
    expect(await claimsOf(parameters)).toMatchObject({ scope: 'b' })
  })

  it('takes a parameter __proto__ like others', async () => {
    const claims = await claimsOf([['__proto__', 'x']])
    expect(Object.getOwnPropertyDescriptor(claims, '__proto__')).toMatchObject({ value: 'x' })
    expect(claims.client_id).toBe('shop')
  })

  it('keeps text as it is (RFC 9101 4: UTF-8)', async () => {
    expect(await claimsOf({ login_hint: 'ü€𝄞"\\' })).toMatchObject({ login_hint: 'ü€𝄞"\\' })
  })
})

describe('a parameter of a request object', () => {
  it.each<[string, string[], unknown]>([
    ['one', ['a'], 'a'],
    ['an empty one', [''], ''],
    ['several', ['a', 'b', 'a'], ['a', 'b', 'a']],
  ])('resource stands there as a text or an array: %s (RFC 8707 2)', async (_, values, expected) => {
    const parameters = values.map((value) => ['resource', value])
    expect((await claimsOf(parameters)).resource).toEqual(expected)
  })

  it.each([
    ['0', 0],
    ['300', 300],
    [' 5 ', 5],
    ['1.5', 1],
    ['10s', 10],
  ])('max_age stands there as a number: %j (OIDC Core 6.1)', async (max_age, seconds) => {
    expect((await claimsOf({ max_age })).max_age).toBe(seconds)
  })

  it.each([
    ['', 'ERR_INVALID_ARG_TYPE'],
    ['soon', 'ERR_INVALID_ARG_TYPE'],
    ['NaN', 'ERR_INVALID_ARG_TYPE'],
    ['Infinity', 'ERR_INVALID_ARG_TYPE'],
    ['9'.repeat(400), 'ERR_INVALID_ARG_TYPE'],
    ['-1', 'ERR_INVALID_ARG_VALUE'],
  ] as const)('max_age is a number, not %j', async (max_age, code) => {
    await isCallersMistake(code, () => claimsOf({ max_age }))
  })

  it('claims stand there as JSON (OIDC Core 6.1)', async () => {
    const claims = { id_token: { acr: { essential: true } }, userinfo: {} }
    expect((await claimsOf({ claims: JSON.stringify(claims) })).claims).toEqual(claims)
  })

  it.each(['[]', 'null', '5', '"text"', 'true'])('claims are an object, not %s', async (claims) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => claimsOf({ claims }))
  })

  it('authorization_details stand there as JSON (RFC 9396 2)', async () => {
    const details = [{ type: 'account' }, { type: 'payment', amount: 1 }]
    const claims = await claimsOf({ authorization_details: JSON.stringify(details) })
    expect(claims.authorization_details).toEqual(details)
  })

  it.each(['{}', 'null', '5', '"text"', 'true'])('authorization_details are an array, not %s', async (details) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => claimsOf({ authorization_details: details }))
  })

  it.each(['', '{', 'text', "{'a':1}", 'undefined'])(
    'claims and authorization_details are JSON, not %j (RFC 9101 4)',
    async (text) => {
      for (const name of ['claims', 'authorization_details']) {
        const error = await refuses(REQUEST_OBJECT_JSON, () => claimsOf({ [name]: text }))
        expect(error).toMatchObject({ code: 'OAUTH_PARSE_ERROR', expected: `${name} as JSON` })
      }
    },
  )
})

describe('modifyAssertion of a request object', () => {
  it('changes header and claims before they are signed', async () => {
    const options = {
      [modifyAssertion](header: Record<string, unknown>, claims: Record<string, unknown>) {
        expect(header).toMatchObject({ alg: 'ES256', typ: 'oauth-authz-req+jwt' })
        header.typ = 'JWT'
        claims.aud = [as.issuer, 'https://other.example']
        delete claims.nbf
      },
    }
    const object = await issueRequestObject(as, client, { scope: 'openid' }, privateKey, options)
    const { header, claims } = takeApart(object)
    expect(header.typ).toBe('JWT')
    expect(claims.aud).toEqual([as.issuer, 'https://other.example'])
    expect(claims).not.toHaveProperty('nbf')
    expect(isSignedBy('ES256', publicKey, object)).toBe(true)
  })

  it('is called once, and what it throws is passed on', async () => {
    const failure = new RangeError('no')
    const modify = vi.fn(() => {
      throw failure
    })
    const act = () => issueRequestObject(as, client, {}, privateKey, { [modifyAssertion]: modify })
    expect(await rejectionOf(act)).toBe(failure)
    expect(modify).toHaveBeenCalledOnce()
  })
})

describe('the key of a request object', () => {
  it('may come with its ID (RFC 7515 4.1.4)', async () => {
    const object = await issueRequestObject(as, client, {}, { key: privateKey, kid: 'k' })
    expect(takeApart(object).header).toEqual({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'k' })
  })

  it('is one for a signature algorithm (RFC 7518 3.1)', async () => {
    const name = 'ECDH'
    const { privateKey: other } = await crypto.subtle.generateKey({ name, namedCurve: 'P-256' }, true, ['deriveBits'])
    await refuses(KEY_ALGORITHM, () => issueRequestObject(as, client, {}, other))
  })

  it('has 2048 bits or more (RFC 7518 3.3)', async () => {
    const algorithm = {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 1024,
      publicExponent: Uint8Array.of(1, 0, 1),
    }
    const { privateKey: weak } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    await refuses(KEY_SIZE, () => issueRequestObject(as, client, {}, weak), KEY_EXPONENT)
  })

  it.each<[string, unknown, 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE']>([
    ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['null', null, 'ERR_INVALID_ARG_TYPE'],
    ['a text', 'key', 'ERR_INVALID_ARG_TYPE'],
    ['a JWK', { kty: 'EC' }, 'ERR_INVALID_ARG_TYPE'],
    ['a public key', publicKey, 'ERR_INVALID_ARG_VALUE'],
    ['a public key with an ID', { key: publicKey, kid: 'k' }, 'ERR_INVALID_ARG_VALUE'],
  ])('is no %s', async (_, value, code) => {
    // a caller without types can give what the type forbids
    await isCallersMistake(code, () => issueRequestObject(as, client, {}, value as CryptoKey))
  })

  it.each(NO_TEXTS.filter(([, value]) => value !== undefined))('has an ID that is not %s', async (_, value, code) => {
    // a caller without types can give what the type forbids
    const kid = value as string
    await isCallersMistake(code, () => issueRequestObject(as, client, {}, { key: privateKey, kid }))
  })
})

describe('a mistake of the caller of issueRequestObject', () => {
  it.each(NO_TEXTS)('is %s for issuer or client_id', async (_, value, code) => {
    // a caller without types can give what the type forbids
    const text = value as string
    await isCallersMistake(code, () => issueRequestObject({ ...as, issuer: text }, client, {}, privateKey))
    await isCallersMistake(code, () => issueRequestObject(as, { client_id: text }, {}, privateKey))
  })
})
