import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import * as claimRules from '../jose/claims.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import * as jwt from '../jose/jwt.ts'
import { SIGNATURE_ALGORITHM } from '../jwks/select.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { as, client, encodePart, json, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import * as userinfo from './userinfo.ts'
import { processUserInfoResponse, skipSubjectCheck } from './userinfo.ts'

const signing: Client = { ...client, userinfo_signed_response_alg: 'ES256' }
const CLAIMS = { sub: 'anna', email: 'anna@example.com', iss: as.issuer, aud: client.client_id }

function jwtAnswer(token: string, type = 'application/jwt') {
  return new Response(token, { headers: { 'content-type': type } })
}

function process(changes: Record<string, JsonValue | undefined>) {
  return processToken(unsignedJwt({ ...CLAIMS, ...changes }, { alg: 'ES256' }))
}

function processToken(token: string, decrypt?: (jwe: string) => Promise<string>) {
  return processUserInfoResponse(as, signing, 'anna', jwtAnswer(token), decrypt && { [jweDecrypt]: decrypt })
}

describe('signed UserInfo', () => {
  it('gives the claims, and its signature can be verified then (OIDC Core 5.3.2)', async () => {
    const key = signingKey('ES256', 'k')
    const answer = jwtAnswer(signedJwt(key, CLAIMS))
    expect(await processUserInfoResponse(as, signing, 'anna', answer)).toEqual(CLAIMS)
    const server = keyServer(key.jwk)
    await expect(validateApplicationLevelSignature({ ...as }, answer, server.options)).resolves.toBeUndefined()
    expect(server.requests).toEqual([as.jwks_uri])
  })

  it('is accepted under the key of somebody else, until its signature is verified (OIDC Core 5.3.2)', async () => {
    const answer = jwtAnswer(signedJwt(signingKey('ES256', 'k'), CLAIMS))
    expect(await processUserInfoResponse(as, signing, 'anna', answer)).toEqual(CLAIMS)
    const { options } = keyServer(signingKey('ES256', 'k').jwk)
    await refuses(SIGNATURE_VALID, () => validateApplicationLevelSignature({ ...as }, answer, options))
  })

  it.each(['application/jwt; charset=utf-8', 'APPLICATION/JWT', 'application/jwt ;x=y'])(
    'is recognized by the content type %s (RFC 9110 8.3.1)',
    async (type) => {
      const answer = jwtAnswer(unsignedJwt(CLAIMS, { alg: 'ES256' }), type)
      expect(await processUserInfoResponse(as, signing, 'anna', answer)).toEqual(CLAIMS)
    },
  )

  it('needs neither iss nor aud nor times (OIDC Core 5.3.2: SHOULD)', async () => {
    expect(await process({ iss: undefined, aud: undefined })).toEqual({ sub: 'anna', email: 'anna@example.com' })
  })

  it.each(['https://evil.example', 'https://op.example.com/', ''])(
    'refuses the iss %j (OIDC Core 5.3.2)',
    async (iss) => {
      const error = await refuses(userinfo.USERINFO_ISSUER, () => process({ iss }))
      expect(error).toMatchObject({ expected: as.issuer, actual: iss, cause: { claim: 'iss' } })
    },
  )

  it.each([['bank'], [['bank', 'post']], [[]], [''], [[['shop']]]])(
    'refuses the aud %j (OIDC Core 5.3.2)',
    async (aud) => {
      const error = await refuses(userinfo.USERINFO_AUDIENCE, () => process({ aud }))
      expect(error).toMatchObject({ expected: 'shop', cause: { claim: 'aud' } })
    },
  )

  it('accepts several audiences of which this client is one', async () => {
    expect(await process({ aud: ['bank', 'shop'] })).toMatchObject({ sub: 'anna' })
  })

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))(
    'refuses an iss that is no string: %s (RFC 7519 4.1.1)',
    async (_, iss) => {
      await refuses(claimRules.JWT_ISSUER, () => process({ iss }), userinfo.USERINFO_ISSUER)
    },
  )

  it.each(everyTypeBut('missing', 'a text', 'an empty string', 'an array', 'an empty array'))(
    'refuses an aud that is neither a string nor an array: %s (RFC 7519 4.1.3)',
    async (_, aud) => {
      await refuses(claimRules.JWT_AUDIENCE, () => process({ aud }), userinfo.USERINFO_AUDIENCE)
    },
  )

  it.each(everyTypeBut('missing', 'zero', 'a number'))(
    'refuses an iat that is no number: %s (RFC 7519 4.1.6)',
    async (_, iat) => {
      await refuses(claimRules.JWT_ISSUED_AT, () => process({ iat }))
    },
  )

  it.each(everyTypeBut('a text'))('refuses a sub that is no text: %s (OIDC Core 5.3.2)', async (_, sub) => {
    const answer = () => jwtAnswer(unsignedJwt({ ...CLAIMS, sub }, { alg: 'ES256' }))
    const act = () => processUserInfoResponse(as, signing, skipSubjectCheck, answer())
    await refuses(userinfo.USERINFO_SUBJECT_PRESENT, act)
  })

  it('refuses the claims of another person (OIDC Core 5.3.2)', async () => {
    await refuses(userinfo.USERINFO_SUBJECT, () => process({ sub: 'eve' }))
  })

  it.each<JsonValue>([null, [CLAIMS], 'anna', 5])(
    'refuses %j in place of claims (RFC 7519 7.2 item 10)',
    async (value) => {
      const token = `${encodePart({ alg: 'ES256' })}.${encodePart(value)}.`
      // what is no object has no sub
      await refuses(jwt.JWT_CLAIMS_OBJECT, () => processToken(token), userinfo.USERINFO_SUBJECT_PRESENT)
    },
  )

  it('refuses claims in plain JSON that come as a JWT (RFC 7515 7.1)', async () => {
    await refuses(jwt.JWT_PARTS, () => processToken('{"sub":"anna"}'), jwt.JWT_HEADER)
  })
})

describe('signed UserInfo, its time', () => {
  const NOW = 1_800_000_000
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('refuses an exp that has passed by the tolerance (RFC 7519 4.1.4)', async () => {
    await refuses(claimRules.JWT_NOT_EXPIRED, () => process({ exp: NOW - 30 }))
    expect(await process({ exp: NOW - 29 })).toMatchObject({ exp: NOW - 29 })
  })

  it('refuses an nbf that is farther ahead than the tolerance (RFC 7519 4.1.5)', async () => {
    await refuses(claimRules.JWT_ALREADY_VALID, () => process({ nbf: NOW + 31 }))
    expect(await process({ nbf: NOW + 30 })).toMatchObject({ nbf: NOW + 30 })
  })

  it.each(['exp', 'nbf'])('refuses an %s that is no number (RFC 7519 4.1.4, 4.1.5)', async (claim) => {
    const rule = claim === 'exp' ? claimRules.JWT_EXPIRES : claimRules.JWT_NOT_BEFORE
    await refuses(rule, () => process({ [claim]: String(NOW) }))
  })
})

describe('signed UserInfo, alg', () => {
  interface Metadata {
    client?: Partial<Client>
    as?: Partial<AuthorizationServer>
  }
  function processAlg(alg: JsonValue | undefined, changes: Metadata = {}) {
    const answer = jwtAnswer(unsignedJwt(CLAIMS, { alg }))
    return processUserInfoResponse({ ...as, ...changes.as }, { ...client, ...changes.client }, 'anna', answer)
  }
  const registered = { client: { userinfo_signed_response_alg: 'ES256' } }
  const published = (...algorithms: string[]) => ({ as: { userinfo_signing_alg_values_supported: algorithms } })

  it.each(['RS256', 'none', 'HS256', 'es256', ''])(
    'refuses %j where ES256 is registered (OIDC Core 5.3.4)',
    async (alg) => {
      const error = await refuses(userinfo.USERINFO_ALG, () => processAlg(alg, registered))
      expect(error).toMatchObject({ expected: ['ES256'], actual: alg })
    },
  )

  it.each(everyTypeBut('a text', 'an empty string'))(
    'refuses one that is no string: %s (RFC 7515 4.1.1)',
    async (_, alg) => {
      await refuses(userinfo.USERINFO_ALG, () => processAlg(alg, registered))
    },
  )

  it('takes those that the server publishes where none is registered (OIDC Core 5.3.4)', async () => {
    expect(await processAlg('PS256', published('ES256', 'PS256'))).toMatchObject({ sub: 'anna' })
    await refuses(userinfo.USERINFO_ALG, () => processAlg('RS256', published('ES256', 'PS256')))
  })

  it('refuses any, RS256 too, where nobody says which: there is no default (OIDC Core 5.3.4)', async () => {
    const error = await refuses(userinfo.USERINFO_ALG, () => processAlg('RS256'))
    expect(error.expected).toEqual([])
  })

  it('takes none where the server publishes it, as it takes plain JSON, and finds no signature to verify', async () => {
    const answer = jwtAnswer(unsignedJwt(CLAIMS, { alg: 'none' }))
    await processUserInfoResponse({ ...as, ...published('none').as }, client, 'anna', answer)
    await refuses(SIGNATURE_ALGORITHM, () =>
      validateApplicationLevelSignature({ ...as }, answer, keyServer({ kty: 'EC' }).options),
    )
  })

  it('refuses crit (RFC 7515 4.1.11)', async () => {
    const token = unsignedJwt(CLAIMS, { alg: 'ES256', crit: ['exp'] })
    await refuses(jwt.JWT_CRITICAL, () => processToken(token))
  })
})

describe('unsigned UserInfo', () => {
  it('is refused where the client registered a signature (OIDC Core 5.3.2)', async () => {
    const answer = () => json(CLAIMS)
    const error = await refuses(userinfo.USERINFO_SIGNED, () => processUserInfoResponse(as, signing, 'anna', answer()))
    expect(error).toMatchObject({ contentType: 'application/json' })
  })

  it('that was read already is the mistake of the caller, before anything is looked for in it', async () => {
    const answer = json(CLAIMS)
    await answer.text()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => processUserInfoResponse(as, signing, 'anna', answer))
  })

  it('has no signature to verify', async () => {
    const answer = json(CLAIMS)
    await processUserInfoResponse(as, client, 'anna', answer)
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validateApplicationLevelSignature(as, answer))
  })
})

describe('encrypted UserInfo', () => {
  const JWE = 'header.key.iv.ciphertext.tag'
  const signed = unsignedJwt(CLAIMS, { alg: 'ES256' })

  it('is refused without jweDecrypt (OIDC Core 5.3.2)', async () => {
    await refuses(jwt.JWE_DECRYPTION, () => processToken(JWE), jwt.JWT_PARTS)
  })

  it('is decrypted by jweDecrypt, and validated then (OIDC Core 5.3.2)', async () => {
    const decrypt = vi.fn(() => Promise.resolve(signed))
    expect(await processToken(JWE, decrypt)).toEqual(CLAIMS)
    expect(decrypt.mock.calls).toEqual([[JWE]])
  })

  it('can have the signature inside verified', async () => {
    const key = signingKey('ES256', 'k')
    const answer = jwtAnswer(JWE)
    const options = { [jweDecrypt]: () => Promise.resolve(signedJwt(key, CLAIMS)) }
    await processUserInfoResponse(as, signing, 'anna', answer, options)
    const { options: keys } = keyServer(key.jwk)
    await expect(validateApplicationLevelSignature({ ...as }, answer, keys)).resolves.toBeUndefined()
  })

  it('is refused when what it holds is for another client (OIDC Core 5.3.2)', async () => {
    const inside = unsignedJwt({ ...CLAIMS, aud: 'bank' }, { alg: 'ES256' })
    await refuses(userinfo.USERINFO_AUDIENCE, () => processToken(JWE, () => Promise.resolve(inside)))
  })

  it('is refused when it holds claims that are not signed', async () => {
    await refuses(jwt.JWT_PARTS, () => processToken(JWE, () => Promise.resolve('{"sub":"anna"}')), jwt.JWT_HEADER)
  })

  it('is decrypted only where it came as a JWT', async () => {
    const decrypt = vi.fn(() => Promise.resolve(signed))
    const answer = jwtAnswer(JSON.stringify(JWE), 'application/json')
    const error = await rejectionOf(() =>
      processUserInfoResponse(as, client, 'anna', answer, { [jweDecrypt]: decrypt }),
    )
    expect(error).toMatchObject({ code: 'OAUTH_INVALID_RESPONSE', rule: 'response.object' })
    expect(decrypt).not.toHaveBeenCalled()
  })

  it('passes on what jweDecrypt rejects with', async () => {
    const failure = new RangeError('another key')
    expect(await rejectionOf(() => processToken(JWE, () => Promise.reject(failure)))).toBe(failure)
  })
})
