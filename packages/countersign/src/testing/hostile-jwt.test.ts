import fc, { type Arbitrary } from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as countersign from '../index.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import { as, client, idTokenClaims, json, tokenBody } from './answers.ts'
import * as hostile from './hostile.ts'
import { resolvesOrRefuses } from './resolves-or-refuses.ts'
import { COMMON_ALGORITHMS, signedJwt, signingKey } from './signed.ts'

/*
 * No JWT, signature or key set makes a process function, or the verification of a signature, do anything but resolve or
 * reject with an error of this library.
 */

const PARAMETERS = { seed: hostile.SEED, numRuns: 200 }

async function holds<T>(input: Arbitrary<T>, act: (input: T) => Promise<unknown>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, async (value) => {
      await resolvesOrRefuses(() => act(value))
    }),
    PARAMETERS,
  )
}

// a machine that does much else at the same time is slow
vi.setConfig({ testTimeout: 30_000 })

beforeAll(() => {
  console.log(`hostile JWTs: COUNTERSIGN_SEED=${hostile.SEED} repeats it`)
})

const CLAIMS = { ...idTokenClaims(), exp: 4_102_444_800, nbf: 0, auth_time: 0, azp: 'shop', nonce: 'n' }
const HEADER = { alg: 'RS256', kid: 'k', typ: 'JWT' }

function encode(text: string): string {
  return encodeBase64url(encodeText(text))
}

const KINDS: readonly (readonly [name: string, process: (token: string, inside?: string) => Promise<unknown>])[] = [
  [
    'an ID Token',
    (token, inside = '') =>
      countersign.processBackchannelAuthenticationGrantResponse(
        as,
        { ...client, require_auth_time: true },
        json(tokenBody({ id_token: token })),
        { [countersign.jweDecrypt]: () => Promise.resolve(inside) },
      ),
  ],
  [
    'UserInfo',
    (token, inside = '') =>
      countersign.processUserInfoResponse(
        as,
        { ...client, userinfo_signed_response_alg: 'RS256' },
        'anna',
        new Response(token, { headers: { 'content-type': 'application/jwt' } }),
        { [countersign.jweDecrypt]: () => Promise.resolve(inside) },
      ),
  ],
]

const jwtText: Arbitrary<string> = fc
  .tuple(
    hostile.jsonObjectText(HEADER, 'crit', 'b64', 'enc', 'zip'),
    hostile.jsonObjectText(CLAIMS, 'cnf'),
    fc.string(),
  )
  .map(([header, claims, signature]) => `${encode(header)}.${encode(claims)}.${signature}`)

describe.each(KINDS)(`%s as a JWT, seed ${hostile.SEED}`, (_, process) => {
  const valid = `${encode(JSON.stringify(HEADER))}.${encode(JSON.stringify(CLAIMS))}.`

  it('is taken when it is valid', async () => {
    expect(await resolvesOrRefuses(() => process(valid))).toBe(true)
  })

  it('resolves or refuses, whatever text it is', async () => {
    await holds(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (token) => process(token))
  })

  it('resolves or refuses, whatever its parts are', async () => {
    const part = fc.oneof(
      fc.constantFrom('', '=', '====', 'A', 'e30', 'e30=', 'e31', 'bnVsbA', '*'),
      fc.string(),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => encodeBase64url(bytes)),
      hostile.jsonText.map(encode),
    )
    await holds(fc.array(part, { maxLength: 7 }), (parts) => process(parts.join('.'), parts.slice(1).join('.')))
  })

  it('resolves or refuses, when the bytes of a valid one were changed', async () => {
    await holds(hostile.mutated(fc.constant(valid)), (bytes) => process(new TextDecoder().decode(bytes)))
  })

  it('resolves or refuses, when members of its header and claims were changed', async () => {
    await holds(jwtText, (token) => process(token))
  })

  it('resolves or refuses, whatever was encrypted', async () => {
    await holds(fc.oneof(jwtText, fc.string()), (inside) => process('a.b.c.d.e', inside))
  })

  it.each(hostile.DEEP)('resolves or refuses, when %s in it nest 100,000 deep', async (_, deep) => {
    for (const name of ['alg', 'kid', 'crit', 'x']) {
      const header = JSON.stringify({ ...HEADER, [name]: '#' }).replace('"#"', deep)
      await resolvesOrRefuses(() => process(`${encode(header)}.${encode(JSON.stringify(CLAIMS))}.`))
    }
    for (const name of ['iss', 'sub', 'aud', 'exp', 'nbf', 'auth_time', 'x']) {
      const claims = JSON.stringify({ ...CLAIMS, [name]: '#' }).replace('"#"', deep)
      await resolvesOrRefuses(() => process(`${encode(JSON.stringify(HEADER))}.${encode(claims)}.`))
    }
    const several = JSON.stringify({ ...CLAIMS, aud: ['shop', 'bank'], azp: '#' }).replace('"#"', deep)
    await resolvesOrRefuses(() => process(`${encode(JSON.stringify(HEADER))}.${encode(several)}.`))
  })
})

const KEYS = ['RS256', 'PS512', 'ES256', 'ES512', 'Ed25519'].map((alg) => signingKey(alg, 'k'))

/** Verifies the signature of an ID Token under the keys that a server answers with, in the one way and the other. */
async function verify(token: string, answer: () => Response, alg: unknown): Promise<unknown> {
  const server = { ...as }
  const response = json(tokenBody({ id_token: token }))
  // the expected algorithm is whatever the token says, so that its signature is looked at
  const registered = { ...client, id_token_signed_response_alg: String(alg) }
  await countersign.processBackchannelAuthenticationGrantResponse(server, registered, response)
  return await countersign.validateApplicationLevelSignature(server, response, {
    [countersign.customFetch]: () => Promise.resolve(answer()),
    [countersign.jwksCache]: {},
  })
}

const claimsWithoutEnd = { ...idTokenClaims(), exp: 4_102_444_800 }

function keySet(...keys: string[]): () => Response {
  return () => new Response(`{"keys":[${keys.join()}]}`)
}

describe.each(KEYS.map((key) => [key.alg, key] as const))(`a signature by %s, seed ${hostile.SEED}`, (alg, key) => {
  const token = signedJwt(key, claimsWithoutEnd)
  const input = token.slice(0, token.lastIndexOf('.') + 1)
  const signature = token.slice(input.length)
  const good = keySet(JSON.stringify(key.jwk))

  it('is taken when it is valid', async () => {
    expect(await resolvesOrRefuses(() => verify(token, good, alg))).toBe(true)
  })

  it('is refused, whatever other bytes it is', async () => {
    const other = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => encodeBase64url(bytes)),
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('.', '')),
      fc.constantFrom('', 'A', 'AA', '='),
      hostile.mutated(fc.constant(signature)).map((bytes) => new TextDecoder().decode(bytes).replaceAll('.', '')),
    )
    await fc.assert(
      fc.asyncProperty(other, async (text) => {
        expect(await resolvesOrRefuses(() => verify(input + text, good, alg))).toBe(text === signature)
      }),
      { ...PARAMETERS, numRuns: 30 },
    )
  })

  it('resolves or refuses, whatever the members of the key are', async () => {
    const members = [
      'kty',
      'crv',
      'use',
      'key_ops',
      'ext',
      'd',
      'p',
      'oth',
      'k',
      'x5c',
      'pub',
      'priv',
      'n',
      'e',
      'x',
      'y',
    ]
    const jwk = fc.oneof(
      hostile.jsonObjectText({ ...key.jwk, alg }, ...members),
      fc
        .tuple(fc.constantFrom(...Object.keys(key.jwk)), fc.uint8Array({ maxLength: 600 }))
        .map(([name, bytes]) => JSON.stringify({ ...key.jwk, [name]: encodeBase64url(bytes) })),
    )
    await fc.assert(
      fc.asyncProperty(jwk, async (text) => {
        await resolvesOrRefuses(() => verify(token, keySet(text), alg))
      }),
      { ...PARAMETERS, numRuns: 60 },
    )
  })

  it.each([
    ['an even modulus', { n: encodeBase64url(new Uint8Array(256).fill(254)) }],
    ['a modulus of zeros', { n: encodeBase64url(new Uint8Array(256)) }],
    ['a modulus of 20,000 bits', { n: encodeBase64url(new Uint8Array(2500).fill(255)) }],
    ['a modulus of 600,000 bits', { n: encodeBase64url(new Uint8Array(75_000).fill(255)) }],
    ['no exponent', { e: '' }],
    ['the exponent 0', { e: 'AA' }],
    ['the exponent 1', { e: 'AQ' }],
    ['the exponent 2', { e: 'Ag' }],
    ['an exponent of 2048 bits', { e: encodeBase64url(new Uint8Array(256).fill(255)) }],
    ['a point off its curve', { x: encodeBase64url(new Uint8Array(32).fill(1)) }],
    ['the point of zeros', { x: encodeBase64url(new Uint8Array(32)), y: encodeBase64url(new Uint8Array(32)) }],
    ['a coordinate that is long', { x: encodeBase64url(new Uint8Array(100_000).fill(1)) }],
    ['another curve', { crv: 'secp256k1' }],
    ['a private part', { d: encodeBase64url(new Uint8Array(32).fill(1)) }],
    ['key_ops that are an object', { key_ops: { includes: 'verify' } }],
    ['ext that is a text', { ext: 'false' }],
    ['oth that is a number', { oth: 5 }],
  ])('resolves or refuses under a key with %s', async (_, changes) => {
    await resolvesOrRefuses(() => verify(token, keySet(JSON.stringify({ ...key.jwk, ...changes })), alg))
  })
})

describe(`a key set, seed ${hostile.SEED}`, () => {
  const [key] = KEYS
  if (key === undefined) throw new Error('no key')
  const token = signedJwt(key, claimsWithoutEnd)
  const valid = JSON.stringify({ keys: KEYS.map(({ jwk, alg }) => ({ ...jwk, alg })) })

  it('resolves or refuses, when its bytes were changed', async () => {
    await holds(hostile.mutated(fc.constant(valid)), (bytes) => verify(token, () => new Response(bytes), key.alg))
  })

  it('resolves or refuses, whatever it and its headers are', async () => {
    const input = fc.tuple(fc.oneof(hostile.jsonText, fc.constant(valid)), hostile.status, hostile.contentTypeText)
    await holds(input, ([text, status, type]) => {
      const answer = () => {
        const response = new Response(text, { status })
        if (type !== undefined) response.headers.set('content-type', type)
        return response
      }
      return verify(token, answer, key.alg)
    })
  })

  it('resolves or refuses, whatever the header of the token says', async () => {
    const algorithms = fc.constantFrom<unknown>(...COMMON_ALGORITHMS, 'ML-DSA-44', 'HS256', 'none', 'ES256K', 'x', '')
    const kid = fc.oneof(fc.constant('"k"'), hostile.jsonText)
    await holds(fc.tuple(algorithms, kid), ([alg, kidText]) => {
      const header = `{"alg":${JSON.stringify(alg)},"kid":${kidText}}`
      const [, claims = '', signature = ''] = token.split('.')
      return verify(`${encode(header)}.${claims}.${signature}`, () => new Response(valid), alg)
    })
  })

  it.each(hostile.DEEP)(
    'resolves or refuses, when %s in the header of the token nest 100,000 deep',
    async (_, deep) => {
      const [, claims = '', signature = ''] = token.split('.')
      for (const name of ['kid', 'typ', 'x']) {
        const header = JSON.stringify({ alg: key.alg, [name]: '#' }).replace('"#"', deep)
        await resolvesOrRefuses(() =>
          verify(`${encode(header)}.${claims}.${signature}`, () => new Response(valid), key.alg),
        )
      }
    },
  )

  it.each(hostile.DEEP)('resolves or refuses, when %s in it nest 100,000 deep', async (_, deep) => {
    for (const name of [...Object.keys(key.jwk), 'key_ops', 'ext', 'oth', 'x5c', 'alg', 'use', 'x']) {
      const jwk = JSON.stringify({ ...key.jwk, [name]: '#' }).replace('"#"', deep)
      await resolvesOrRefuses(() => verify(token, keySet(jwk), key.alg))
    }
    await resolvesOrRefuses(() => verify(token, () => new Response(deep), key.alg))
    await resolvesOrRefuses(() => verify(token, () => new Response(`{"keys":${deep}}`), key.alg))
  })

  it('resolves or refuses, when it has 20,000 keys', async () => {
    const many = JSON.stringify({
      keys: Array.from({ length: 20_000 }, (_, index) => ({ kty: 'RSA', kid: `${index}` })),
    })
    await resolvesOrRefuses(() => verify(token, () => new Response(many), key.alg))
  })
})
