import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JWT_CLAIM_COMPARISON } from '../errors/codes.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import { rule } from '../rules/rule.ts'
import { encodePart, unsignedJwt } from '../testing/answers.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { describe as inWords } from '../values/describe.ts'
import type { JweDecryptFunction } from './jwe-decrypt.ts'
import * as jwt from './jwt.ts'

const ALGORITHM = rule('test.alg', 'RFC 7515', '4.1.1', JWT_CLAIM_COMPARISON)
const CLAIMS = { iss: 'joe' }
const TOKEN = unsignedJwt(CLAIMS)
const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = TOKEN.split('.')

async function parse(token: string, decrypt?: JweDecryptFunction): Promise<jwt.Jwt> {
  return await jwt.parseJwt(
    { trace: undefined },
    token,
    { names: ['RS256', 'none'], particulars: {} },
    ALGORITHM,
    decrypt,
  )
}

describe('parseJwt', () => {
  it('takes a JWT apart (RFC 7515 section 7.1)', async () => {
    expect(await parse(TOKEN)).toEqual({
      header: { alg: 'RS256' },
      claims: CLAIMS,
      token: TOKEN,
      signingInput: `${HEADER}.${PAYLOAD}`,
      signature: SIGNATURE,
    })
  })

  it('reads the JWT of the HS256 example, line breaks and all (RFC 7515 appendix A.1)', async () => {
    const token =
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
      '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
      '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const { header, claims } = await jwt.parseJwt(
      { trace: undefined },
      token,
      { names: ['HS256'], particulars: {} },
      ALGORITHM,
      undefined,
    )
    expect(header).toEqual({ typ: 'JWT', alg: 'HS256' })
    expect(claims).toEqual({ iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true })
  })

  it('reads the unsecured JWT, whose signature is empty (RFC 7519 section 6.1)', async () => {
    const token =
      'eyJhbGciOiJub25lIn0' +
      '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.'
    expect(await parse(token)).toMatchObject({ header: { alg: 'none' }, signature: '' })
  })

  it.each([
    ['a fourth part', `${TOKEN}.${SIGNATURE}`],
    ['a sixth part', `${TOKEN}.a.b.c`],
    ['a seventh part', `${TOKEN}.a.b.c.d`],
    ['no signature', `${HEADER}.${PAYLOAD}`],
  ])('refuses a JWT with %s (RFC 7515 section 7.1)', async (_, token) => {
    await refuses(jwt.JWT_PARTS, () => parse(token))
  })

  it.each([[''], ['token'], [HEADER]])('refuses %j, which has one part (RFC 7515 section 7.1)', async (token) => {
    await refuses(jwt.JWT_PARTS, () => parse(token), jwt.JWT_HEADER, jwt.JWT_CLAIMS)
  })

  it.each([
    ['is empty', ''],
    ['is no base64url', `${HEADER}!`],
    ['is padded', `${HEADER}=`],
    ['ends with a line break', `${HEADER}\n`],
    ['has stray bits', `${HEADER.slice(0, -1)}B`],
    ['is no JSON', Buffer.from('{alg:1}').toString('base64url')],
    ['is JSON with something behind it', Buffer.from('{"alg":"RS256"}x').toString('base64url')],
  ])('refuses a header that %s (RFC 7515 section 5.2 items 1 to 2)', async (_, header) => {
    await refuses(jwt.JWT_HEADER, () => parse(`${header}.${PAYLOAD}.${SIGNATURE}`), jwt.JWT_HEADER_OBJECT)
  })

  it.each([[[]], ['RS256'], [5], [false]])(
    'refuses a header that is %j (RFC 7515 section 5.2 item 3)',
    async (header) => {
      await refuses(jwt.JWT_HEADER_OBJECT, () => parse(unsignedJwt(CLAIMS, header)), ALGORITHM)
    },
  )

  it('refuses a header that is null (RFC 7515 section 5.2 item 3)', async () => {
    await refuses(jwt.JWT_HEADER_OBJECT, () => parse(unsignedJwt(CLAIMS, null)))
  })

  it.each([['HS256'], ['rs256'], ['RS2567'], ['']])(
    'refuses the algorithm %j by the rule given (RFC 7515 section 4.1.1)',
    async (alg) => {
      const error = await refuses(ALGORITHM, () => parse(unsignedJwt(CLAIMS, { alg })))
      expect(error).toMatchObject({ expected: ['RS256', 'none'], actual: alg })
      expect(error.cause).toHaveProperty('header', { alg })
    },
  )

  it.each([[undefined], [null], [5], [['RS256']], [{ alg: 'RS256' }]])(
    'refuses an alg of %j by the rule given (RFC 7515 section 4.1.1)',
    async (alg) => {
      const error = await refuses(ALGORITHM, () => parse(unsignedJwt(CLAIMS, { alg })))
      // what it is, and nothing of what is in it
      expect(error.actual).toBe(inWords(alg))
    },
  )

  it.each(['missing', 'null', 'a number', 'an array', 'an object', 'an empty string', 'a boolean'])(
    'refuses a header without a name of an algorithm also where %j is expected as one',
    async (word) => {
      for (const alg of [undefined, null, 5, [], {}, '', true]) {
        const token = unsignedJwt(CLAIMS, { alg })
        const act = () =>
          jwt.parseJwt({ trace: undefined }, token, { names: [word], particulars: {} }, ALGORITHM, undefined)
        await refuses(ALGORITHM, act)
      }
    },
  )

  it.each([[['b64']], [[]], [null], [false], ['exp'], [{}]])(
    'refuses crit of %j (RFC 7515 section 4.1.11)',
    async (crit) => {
      const error = await refuses(jwt.JWT_CRITICAL, () => parse(unsignedJwt(CLAIMS, { alg: 'RS256', crit })))
      expect(error.cause).toMatchObject({ parameter: 'crit', header: { alg: 'RS256', crit } })
    },
  )

  it.each([
    ['are empty', ''],
    ['are no base64url', `${PAYLOAD}?`],
    ['are padded', `${PAYLOAD}=`],
    ['have stray bits', `${PAYLOAD.slice(0, -1)}1`],
    ['are no JSON', Buffer.from('iss=joe').toString('base64url')],
  ])('refuses claims that %s (RFC 7515 section 5.2 item 6)', async (_, payload) => {
    await refuses(jwt.JWT_CLAIMS, () => parse(`${HEADER}.${payload}.${SIGNATURE}`), jwt.JWT_CLAIMS_OBJECT)
  })

  it.each([[[CLAIMS]], ['joe'], [5], [null], [true]])(
    'refuses claims that are %j (RFC 7519 section 7.2 item 10)',
    async (claims) => {
      await refuses(jwt.JWT_CLAIMS_OBJECT, () => parse(unsignedJwt(claims)))
    },
  )

  it('has no payload in what it refuses a JWT with that a logger sees', async () => {
    const secret = unsignedJwt({ sub: 'anna-hunter2' })
    const error = await refuses(jwt.JWT_PARTS, () => parse(`${secret}.more`))
    expect(JSON.stringify(error)).not.toContain(secret.split('.')[1])
  })

  describe('of an encrypted JWT (RFC 7516)', () => {
    const JWE = `${encodePart({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.key.iv.text.tag`

    it('gives what the function that was given decrypts it to', async () => {
      const decrypted: string[] = []
      const parsed = await parse(JWE, (jwe) => {
        decrypted.push(jwe)
        return Promise.resolve(TOKEN)
      })
      expect(decrypted).toEqual([JWE])
      expect(parsed.claims).toEqual(CLAIMS)
    })

    it('refuses it where it cannot be decrypted (RFC 7516 section 5.2)', async () => {
      await refuses(jwt.JWE_DECRYPTION, () => parse(JWE), jwt.JWT_PARTS)
    })

    it('refuses one that holds another encrypted JWT', async () => {
      await refuses(jwt.JWT_PARTS, () => parse(JWE, () => Promise.resolve(JWE)), ALGORITHM)
    })

    it('refuses one that holds a JWT of another algorithm', async () => {
      await refuses(ALGORITHM, () => parse(JWE, () => Promise.resolve(unsignedJwt(CLAIMS, { alg: 'HS256' }))))
    })

    it('passes on what the function that decrypts throws', async () => {
      const failure = new Error('no such key')
      expect(await rejectionOf(() => parse(JWE, () => Promise.reject(failure)))).toBe(failure)
    })

    it('decrypts nothing that is not encrypted', async () => {
      const decrypt = () => Promise.reject(new Error('called'))
      expect(await parse(TOKEN, decrypt)).toMatchObject({ claims: CLAIMS })
    })
  })

  it('resolves, or rejects with our error, for any text', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.jsonValue().map(encodePart),
      fc.constantFrom(HEADER, PAYLOAD),
    )
    const token = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 7 }).map((parts) => parts.join('.')),
    )
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        const error = await rejectionOf(() => parse(text))
        if (error === undefined) expect(text.split('.')).toHaveLength(3)
        else expect([OperationProcessingError, UnsupportedOperationError]).toContain(Object(error).constructor)
      }),
    )
  })
})
