import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import fc from 'fast-check'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import * as http from '../http/body.ts'
import * as claimRules from '../jose/claims.ts'
import { _expectedIssuer } from '../jose/issuer.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import * as jwt from '../jose/jwt.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { as, client, encodePart, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { jsonObjectText } from '../testing/hostile.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { resolvesOrRefuses } from '../testing/resolves-or-refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { encodeBase64url } from '../values/base64url.ts'
import type { JsonValue } from '../values/json.ts'
import { encodeText } from '../values/text.ts'
import * as introspection from './introspection.ts'
import { processIntrospectionResponse } from './introspection.ts'

const signing: Client = { ...client, introspection_signed_response_alg: 'ES256' }
const TYPE = 'token-introspection+jwt'
const HEADER = { alg: 'ES256', typ: TYPE }
const MEMBERS = { active: true, scope: 'read', sub: 'anna' }
const CLAIMS = { iss: as.issuer, aud: client.client_id, iat: 1_800_000_000, token_introspection: MEMBERS }

function jwtAnswer(token: string, type = `application/${TYPE}`) {
  return new Response(token, { headers: { 'content-type': type } })
}

function process(changes: Record<string, JsonValue | undefined>, header: object = HEADER) {
  return processToken(unsignedJwt({ ...CLAIMS, ...changes }, header))
}

function processToken(token: string, decrypt?: (jwe: string) => Promise<string>) {
  return processIntrospectionResponse(as, signing, jwtAnswer(token), decrypt && { [jweDecrypt]: decrypt })
}

describe('a signed introspection', () => {
  it('gives the members of token_introspection, and its signature can be verified then (RFC 9701 5)', async () => {
    const key = signingKey('ES256', 'k')
    const answer = jwtAnswer(signedJwt(key, CLAIMS, { typ: TYPE }))
    expect(await processIntrospectionResponse(as, signing, answer)).toEqual(MEMBERS)
    const server = keyServer(key.jwk)
    await expect(validateApplicationLevelSignature({ ...as }, answer, server.options)).resolves.toBeUndefined()
    expect(server.requests).toEqual([as.jwks_uri])
  })

  it('is accepted under the key of somebody else, until its signature is verified (RFC 9701 5)', async () => {
    const answer = jwtAnswer(signedJwt(signingKey('ES256', 'k'), CLAIMS, { typ: TYPE }))
    expect(await processIntrospectionResponse(as, signing, answer)).toEqual(MEMBERS)
    const { options } = keyServer(signingKey('ES256', 'k').jwk)
    await refuses(SIGNATURE_VALID, () => validateApplicationLevelSignature({ ...as }, answer, options))
  })

  it('has no signature to verify where it was refused for another client', async () => {
    const answer = jwtAnswer(unsignedJwt({ ...CLAIMS, aud: 'bank' }, HEADER))
    const error = await rejectionOf(() => processIntrospectionResponse(as, signing, answer))
    expect(error).toMatchObject({ rule: introspection.INTROSPECTION_AUDIENCE.id })
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validateApplicationLevelSignature(as, answer))
  })

  it.each([`application/${TYPE}; charset=utf-8`, `application/${TYPE} ;x=y`])(
    'is recognized by the content type %s (RFC 9701 5)',
    async (type) => {
      const answer = jwtAnswer(unsignedJwt(CLAIMS, HEADER), type)
      expect(await processIntrospectionResponse(as, signing, answer)).toEqual(MEMBERS)
    },
  )

  it.each(['application/jwt', 'application/json', 'text/plain'])(
    'is no JSON where it comes as %s (RFC 9701 5)',
    async (type) => {
      const act = () => processIntrospectionResponse(as, signing, jwtAnswer(unsignedJwt(CLAIMS, HEADER), type))
      const rule = type === 'application/json' ? http.BODY_JSON : http.BODY_CONTENT_TYPE
      await refuses(rule, act, http.BODY_JSON, http.BODY_OBJECT)
    },
  )

  it.each([TYPE, TYPE.toUpperCase(), `application/${TYPE}`, `Application/${TYPE}`])(
    'has the typ %s (RFC 9701 5, RFC 7515 4.1.9)',
    async (typ) => {
      expect(await process({}, { alg: 'ES256', typ })).toEqual(MEMBERS)
    },
  )

  it.each<[JsonValue | undefined]>([
    [undefined],
    ['JWT'],
    ['at+jwt'],
    [''],
    [null],
    [5],
    [[TYPE]],
    [`x/${TYPE}`],
    [`${TYPE} `],
    [`application/application/${TYPE}`],
  ])('is refused with the typ %j: it may be another kind of token (RFC 9701 5)', async (typ) => {
    await refuses(introspection.INTROSPECTION_TYPE, () => process({}, { alg: 'ES256', typ }))
  })

  it.each(['https://evil.example', 'https://op.example.com/', ''])(
    'is refused with the iss %j (RFC 9701 5)',
    async (iss) => {
      const error = await refuses(introspection.INTROSPECTION_ISSUER, () => process({ iss }))
      expect(error).toMatchObject({ expected: as.issuer, actual: iss, cause: { claim: 'iss' } })
    },
  )

  it.each([['bank'], [['bank', 'post']], [[]], [''], [[['shop']]]])(
    'is refused with the aud %j (RFC 9701 5)',
    async (aud) => {
      const error = await refuses(introspection.INTROSPECTION_AUDIENCE, () => process({ aud }))
      expect(error).toMatchObject({ expected: 'shop', cause: { claim: 'aud' } })
    },
  )

  it('may be for several audiences of which this client is one', async () => {
    expect(await process({ aud: ['bank', 'shop'] })).toEqual(MEMBERS)
  })

  it('is refused without aud, iat or iss (RFC 9701 5)', async () => {
    const { INTROSPECTION_AUDIENCE_PRESENT, INTROSPECTION_ISSUED_AT, INTROSPECTION_ISSUER_PRESENT } = introspection
    const { INTROSPECTION_AUDIENCE, INTROSPECTION_ISSUER } = introspection
    await refuses(INTROSPECTION_AUDIENCE_PRESENT, () => process({ aud: undefined }), INTROSPECTION_AUDIENCE)
    await refuses(INTROSPECTION_ISSUED_AT, () => process({ iat: undefined }))
    await refuses(INTROSPECTION_ISSUER_PRESENT, () => process({ iss: undefined }), INTROSPECTION_ISSUER)
  })

  it.each([
    ['iss', 'one of strings', [as.issuer], claimRules.JWT_ISSUER, introspection.INTROSPECTION_ISSUER],
    ['aud', 'an object', { shop: 1 }, claimRules.JWT_AUDIENCE, introspection.INTROSPECTION_AUDIENCE],
    ['iat', 'digits', '1800000000', claimRules.JWT_ISSUED_AT, undefined],
    ['exp', 'digits', '4102444800', claimRules.JWT_EXPIRES, undefined],
    ['nbf', 'digits', '0', claimRules.JWT_NOT_BEFORE, undefined],
  ])('is refused with an %s that is %s (RFC 7519 4.1)', async (claim, _, value, rule, backstop) => {
    await refuses(rule, () => process({ [claim]: value }), ...(backstop ? [backstop] : []))
  })

  it.each(everyTypeBut('an object', 'an empty object'))(
    'is refused with a token_introspection that is no object: %s (RFC 9701 5)',
    async (_, token_introspection) => {
      const act = () => process({ token_introspection })
      const error = await refuses(introspection.TOKEN_INTROSPECTION, act, introspection.INTROSPECTION_ACTIVE)
      expect(error).toMatchObject({ cause: { claim: 'token_introspection' } })
    },
  )

  it('is refused without active in token_introspection, whatever stands beside it (RFC 9701 5)', async () => {
    const act = () => process({ active: true, token_introspection: { sub: 'anna' } })
    await refuses(introspection.INTROSPECTION_ACTIVE, act)
  })

  it('may name the issuer that _expectedIssuer says', async () => {
    const tenant = 'https://op.example.com/tenant'
    const token = unsignedJwt({ ...CLAIMS, iss: tenant }, HEADER)
    const seen = vi.fn(() => tenant)
    const server = { ...as, [_expectedIssuer]: seen }
    expect(await processIntrospectionResponse(server, signing, jwtAnswer(token))).toEqual(MEMBERS)
    expect(seen.mock.calls).toEqual([[{ header: HEADER, claims: { ...CLAIMS, iss: tenant }, jwt: token }]])
    await refuses(introspection.INTROSPECTION_ISSUER, () =>
      processIntrospectionResponse(server, signing, jwtAnswer(unsignedJwt(CLAIMS, HEADER))),
    )
  })

  it('resolves or refuses, whatever its header and claims are', async () => {
    const part = (text: string) => encodeBase64url(encodeText(text))
    await fc.assert(
      fc.asyncProperty(jsonObjectText(HEADER, 'crit'), jsonObjectText(CLAIMS, 'exp', 'nbf'), async (header, claims) => {
        await resolvesOrRefuses(() => processToken(`${part(header)}.${part(claims)}.`))
      }),
      { numRuns: 300 },
    )
  })

  it('resolves or refuses, whatever its token_introspection is', async () => {
    await fc.assert(
      fc.asyncProperty(jsonObjectText(MEMBERS), async (text) => {
        const claims = JSON.stringify({ ...CLAIMS, token_introspection: '#' }).replace('"#"', () => text)
        await resolvesOrRefuses(() => processToken(`${encodePart(HEADER)}.${encodeBase64url(encodeText(claims))}.`))
      }),
      { numRuns: 200 },
    )
  })
})

describe('a signed introspection, its time', () => {
  const NOW = 1_800_000_000
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is refused when its exp has passed by the tolerance (RFC 7519 4.1.4)', async () => {
    await refuses(claimRules.JWT_NOT_EXPIRED, () => process({ exp: NOW - 30 }))
    expect(await process({ exp: NOW - 29 })).toEqual(MEMBERS)
  })

  it('is refused when its nbf is farther ahead than the tolerance (RFC 7519 4.1.5)', async () => {
    await refuses(claimRules.JWT_ALREADY_VALID, () => process({ nbf: NOW + 31 }))
    expect(await process({ nbf: NOW + 30 })).toEqual(MEMBERS)
  })
})

describe('a signed introspection, alg', () => {
  interface Metadata {
    client?: Partial<Client>
    as?: Partial<AuthorizationServer>
  }
  function processAlg(alg: JsonValue | undefined, changes: Metadata = {}) {
    const answer = jwtAnswer(unsignedJwt(CLAIMS, { alg, typ: TYPE }))
    return processIntrospectionResponse({ ...as, ...changes.as }, { ...client, ...changes.client }, answer)
  }
  const registered = { client: { introspection_signed_response_alg: 'ES256' } }
  const published = (...algorithms: string[]) => ({ as: { introspection_signing_alg_values_supported: algorithms } })

  it.each(['RS256', 'none', 'HS256', 'es256', ''])('refuses %j where ES256 is registered (RFC 9701 6)', async (alg) => {
    const error = await refuses(introspection.INTROSPECTION_ALG, () => processAlg(alg, registered))
    expect(error).toMatchObject({ expected: ['ES256'], actual: alg })
  })

  it.each(everyTypeBut('a text', 'an empty string'))(
    'refuses one that is no string: %s (RFC 7515 4.1.1)',
    async (_, alg) => {
      await refuses(introspection.INTROSPECTION_ALG, () => processAlg(alg, registered))
    },
  )

  it('takes those that the server publishes where none is registered (RFC 9701 7)', async () => {
    expect(await processAlg('PS256', published('ES256', 'PS256'))).toEqual(MEMBERS)
    await refuses(introspection.INTROSPECTION_ALG, () => processAlg('RS256', published('ES256', 'PS256')))
  })

  it('takes the registered one, whatever the server publishes', async () => {
    expect(await processAlg('ES256', { ...registered, ...published('PS256') })).toEqual(MEMBERS)
    await refuses(introspection.INTROSPECTION_ALG, () => processAlg('PS256', { ...registered, ...published('PS256') }))
  })

  it('takes RS256 where nobody says which (RFC 9701 6)', async () => {
    expect(await processAlg('RS256')).toEqual(MEMBERS)
    await refuses(introspection.INTROSPECTION_ALG, () => processAlg('ES256'))
  })

  it('refuses crit (RFC 7515 4.1.11)', async () => {
    await refuses(jwt.JWT_CRITICAL, () => process({}, { ...HEADER, crit: ['exp'] }))
  })
})

describe('an encrypted introspection', () => {
  const JWE = 'header.key.iv.ciphertext.tag'
  const signed = unsignedJwt(CLAIMS, HEADER)

  it('is refused without jweDecrypt (RFC 9701 5)', async () => {
    await refuses(jwt.JWE_DECRYPTION, () => processToken(JWE), jwt.JWT_PARTS)
  })

  it('is decrypted by jweDecrypt, and validated then (RFC 9701 5)', async () => {
    const decrypt = vi.fn(() => Promise.resolve(signed))
    expect(await processToken(JWE, decrypt)).toEqual(MEMBERS)
    expect(decrypt.mock.calls).toEqual([[JWE]])
    const inside = unsignedJwt({ ...CLAIMS, aud: 'bank' }, HEADER)
    await refuses(introspection.INTROSPECTION_AUDIENCE, () => processToken(JWE, () => Promise.resolve(inside)))
    const untyped = unsignedJwt(CLAIMS, { alg: 'ES256' })
    await refuses(introspection.INTROSPECTION_TYPE, () => processToken(JWE, () => Promise.resolve(untyped)))
  })

  it('can have the signature inside verified', async () => {
    const key = signingKey('ES256', 'k')
    const answer = jwtAnswer(JWE)
    const options = { [jweDecrypt]: () => Promise.resolve(signedJwt(key, CLAIMS, { typ: TYPE })) }
    await processIntrospectionResponse(as, signing, answer, options)
    const { options: keys } = keyServer(key.jwk)
    await expect(validateApplicationLevelSignature({ ...as }, answer, keys)).resolves.toBeUndefined()
  })

  it('is refused when it holds claims that are not signed', async () => {
    const act = () => processToken(JWE, () => Promise.resolve('{"active":true}'))
    await refuses(jwt.JWT_PARTS, act, jwt.JWT_HEADER)
  })

  it('passes on what jweDecrypt rejects with', async () => {
    const failure = new RangeError('another key')
    expect(await rejectionOf(() => processToken(JWE, () => Promise.reject(failure)))).toBe(failure)
  })
})
