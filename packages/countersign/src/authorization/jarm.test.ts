import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthorizationResponseError } from '../errors/authorization-response-error.ts'
import * as claimRules from '../jose/claims.ts'
import { _expectedIssuer } from '../jose/issuer.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import * as jwt from '../jose/jwt.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import * as selection from '../jwks/select.ts'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client as unregistered, encodePart, json } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { COMMON_ALGORITHMS, signedJwt, signingKey } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import type { JsonValue } from '../values/json.ts'
import { epochSeconds } from '../values/time.ts'
import * as jarm from './jarm.ts'
import { validateJwtAuthResponse } from './jarm.ts'
import * as rules from './response.rules.ts'
import { codeOf, expectNoState, skipStateCheck } from './response.ts'

type Members = Record<string, JsonValue | undefined>

const key = signingKey('ES256', 'k')
const client = { ...unregistered, authorization_signed_response_alg: 'ES256' }
let server = keyServer(key.jwk)
beforeEach(() => {
  server = keyServer(key.jwk)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function claimsOf(changes: Members = {}): Members {
  return { iss: as.issuer, aud: 'shop', exp: epochSeconds() + 60, code: 'c', state: 's', ...changes }
}

function validateToken(response: string, state: Parameters<typeof validateJwtAuthResponse>[3] = 's', party = client) {
  const parameters = new URLSearchParams({ response })
  // a copy, whose keys nobody has fetched
  return validateJwtAuthResponse({ ...as }, party, parameters, state, server.options)
}

function validate(changes: Members, ...more: [state?: Parameters<typeof validateToken>[1], party?: typeof client]) {
  return validateToken(signedJwt(key, claimsOf(changes)), ...more)
}

describe('validateJwtAuthResponse', () => {
  it('gives the parameters that the JWT holds, and they can be exchanged (JARM 2.1, 2.4)', async () => {
    const result = await validate({ session_state: 'x' })
    expect(Object.fromEntries(result)).toEqual({ iss: as.issuer, code: 'c', state: 's', session_state: 'x' })
    expect(codeOf(result, { trace: undefined })).toBe('c')
    expect(server.requests).toEqual([as.jwks_uri])
  })

  it('takes a URL, and of it the query alone (JARM 2.3.1)', async () => {
    const response = signedJwt(key, claimsOf())
    const url = new URL(`https://shop.example.com/cb?response=${response}#response=other`)
    const result = await validateJwtAuthResponse({ ...as }, client, url, 's', server.options)
    expect(result.get('code')).toBe('c')
    const fragment = new URL(`https://shop.example.com/cb#response=${response}`)
    await refuses(jarm.JARM_RESPONSE, () => validateJwtAuthResponse({ ...as }, client, fragment, 's', server.options))
  })

  it('fetches the keys by the global fetch where there are no options', async () => {
    const fetched = vi.fn(() => Promise.resolve(json({ keys: [key.jwk] })))
    vi.stubGlobal('fetch', fetched)
    const parameters = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    expect((await validateJwtAuthResponse({ ...as }, client, parameters, 's')).get('code')).toBe('c')
    expect(fetched).toHaveBeenCalledExactlyOnceWith(as.jwks_uri, expect.anything())
  })

  it('shows each check to a trace, those of the JWT too', async () => {
    const seen: string[] = []
    await validate({}, 's', Object({ ...client, [trace]: ({ rule }: CheckEvent) => seen.push(rule) }))
    const shown = [jarm.JARM_RESPONSE, jwt.JWT_PARTS, jarm.JARM_ISSUER, SIGNATURE_VALID, rules.RESPONSE_STATE]
    expect(seen).toEqual(expect.arrayContaining(shown.map(({ id }) => id)))
  })

  it('looks at nothing beside the JWT: nobody signed it (JARM 2.3)', async () => {
    const response = signedJwt(key, claimsOf())
    const parameters = new URLSearchParams({ response, code: 'x', state: 'x', iss: 'x', error: 'x', id_token: 'x' })
    const result = await validateJwtAuthResponse({ ...as }, client, parameters, 's', server.options)
    expect(Object.fromEntries(result)).toEqual({ iss: as.issuer, code: 'c', state: 's' })
  })

  it.each<[string, Members]>([
    ['numbers', { expires_in: 3600, iat: 0, nbf: 0 }],
    ['anything else that is no text', { a: null, b: true, c: { d: 'e' }, f: ['g'] }],
    ['aud', { aud: 'shop' }],
  ])('takes no parameters of %s', async (_, changes) => {
    const result = await validate(changes)
    expect(Object.fromEntries(result)).toEqual({ iss: as.issuer, code: 'c', state: 's' })
  })

  it('takes no code that is no text (RFC 6749 A.11)', async () => {
    const result = await validate({ code: 5 })
    await refuses(rules.RESPONSE_CODE, () => codeOf(result, { trace: undefined }))
  })

  it('takes a member __proto__ as a parameter like others', async () => {
    const claims = JSON.stringify(claimsOf()).replace('{', '{"__proto__":"x","constructor":"y",')
    const members: Members = JSON.parse(claims)
    const result = await validateToken(signedJwt(key, members))
    expect(result.get('__proto__')).toBe('x')
    expect(result.get('constructor')).toBe('y')
  })

  it('calls the metadata’s issuer what the parameter iss must be, also where the JWT may name another', async () => {
    const placeHolder = { ...as, [_expectedIssuer]: () => 'https://op.example.com/contoso' }
    const parameters = new URLSearchParams({
      response: signedJwt(key, claimsOf({ iss: 'https://op.example.com/contoso' })),
    })
    const act = () => validateJwtAuthResponse({ ...placeHolder }, client, parameters, 's', server.options)
    await refuses(rules.RESPONSE_ISSUER, act)
    const named = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    await refuses(jarm.JARM_ISSUER, () =>
      validateJwtAuthResponse({ ...placeHolder }, client, named, 's', server.options),
    )
  })
})

describe('the parameter response', () => {
  it.each(['', 'response=', 'code=c&state=s'])('is not missing: %j (JARM 2.3)', async (query) => {
    const parameters = new URLSearchParams(query)
    const act = () => validateJwtAuthResponse({ ...as }, client, parameters, 's', server.options)
    await refuses(jarm.JARM_RESPONSE, act, jwt.JWT_PARTS)
  })

  it('stands there once (RFC 6749 3.1)', async () => {
    const response = signedJwt(key, claimsOf())
    const parameters = new URLSearchParams([
      ['response', response],
      ['response', response],
    ])
    const act = () => validateJwtAuthResponse({ ...as }, client, parameters, 's', server.options)
    await refuses(rules.PARAMETER_ONCE, act)
  })

  it.each(['a', 'a.b', 'a.b.c.d', 'a.b.c.d.e.f'])('is a JWT, not %j (JARM 2.1)', async (response) => {
    await refuses(jwt.JWT_PARTS, () => validateToken(response), jwt.JWT_HEADER)
  })
})

describe('the claims of a JARM response', () => {
  it.each([
    ['iss', jarm.JARM_ISSUER_PRESENT, [jarm.JARM_ISSUER]],
    ['aud', jarm.JARM_AUDIENCE_PRESENT, [jarm.JARM_AUDIENCE]],
    ['exp', jarm.JARM_EXPIRES, []],
  ] as const)('have %s (JARM 2.1)', async (name, rule, backstops) => {
    const error = await refuses(rule, () => validate({ [name]: undefined }), ...backstops)
    expect(error).toMatchObject({ cause: { claim: name } })
  })

  it.each(['https://evil.example', 'https://op.example.com/', 'https://OP.example.com', ''])(
    'name the server that was asked, not %j: a mix-up (JARM 2.4 item 2)',
    async (iss) => {
      // whoever looks at nothing but the signature is stopped by RFC 9207, which counts here too
      const backstops = iss === '' ? [] : [rules.RESPONSE_ISSUER]
      const error = await refuses(jarm.JARM_ISSUER, () => validate({ iss }), ...backstops)
      expect(error).toMatchObject({ expected: as.issuer, actual: iss, cause: { claim: 'iss' } })
    },
  )

  it.each<NamedValue>([
    ['another client', 'bank'],
    ['other clients', ['bank', 'post']],
    ['nobody', []],
    ['an empty text', ''],
    ['this client, one level deeper', [['shop']]],
    ['a longer name', 'shop2'],
  ])('name this client, not %s (JARM 2.4 item 3)', async (_, aud) => {
    await refuses(jarm.JARM_AUDIENCE, () => validate({ aud }))
  })

  it.each<NamedValue>([
    ['alone', 'shop'],
    ['in a list', ['shop']],
    ['among others', ['bank', 'shop']],
  ])('may name this client %s (RFC 7519 4.1.3)', async (_, aud) => {
    expect((await validate({ aud })).get('code')).toBe('c')
  })

  it.each([-30, -31, -3600])('have not expired: %s s (JARM 2.4 item 4)', async (seconds) => {
    await refuses(claimRules.JWT_NOT_EXPIRED, () => validate({ exp: epochSeconds() + seconds }))
  })

  it('may have expired within the tolerance, and by a clock that is set', async () => {
    expect((await validate({ exp: epochSeconds() - 20 })).get('code')).toBe('c')
    const late = { ...client, [clockSkew]: -3600 }
    expect((await validate({ exp: epochSeconds() - 3500 }, 's', late)).get('code')).toBe('c')
    const strict = { ...client, [clockTolerance]: 0 }
    await refuses(claimRules.JWT_NOT_EXPIRED, () => validate({ exp: epochSeconds() - 1 }, 's', strict))
  })

  it('are not used before their time (RFC 7519 4.1.5)', async () => {
    await refuses(claimRules.JWT_ALREADY_VALID, () => validate({ nbf: epochSeconds() + 60 }))
  })

  it.each([
    ['exp', claimRules.JWT_EXPIRES, ['missing', 'zero', 'a number']],
    ['iat', claimRules.JWT_ISSUED_AT, ['missing', 'zero', 'a number']],
    ['nbf', claimRules.JWT_NOT_BEFORE, ['missing', 'zero', 'a number']],
    ['iss', claimRules.JWT_ISSUER, ['missing', 'a text', 'an empty string']],
    ['aud', claimRules.JWT_AUDIENCE, ['missing', 'a text', 'an empty string', 'an array', 'an empty array']],
  ] as const)('have their types: %s (RFC 7519 4.1)', async (name, rule, valid) => {
    const backstops = [
      claimRules.JWT_NOT_EXPIRED,
      claimRules.JWT_ALREADY_VALID,
      jarm.JARM_ISSUER,
      jarm.JARM_AUDIENCE,
      rules.RESPONSE_ISSUER,
    ]
    for (const [, value] of everyTypeBut(...valid)) {
      await refuses(rule, () => validate({ [name]: value }), ...backstops)
    }
  })

  it('are looked at before the keys are fetched', async () => {
    expect(await rejectionOf(() => validate({ iss: 'https://evil.example' }))).toHaveProperty('rule')
    expect(await rejectionOf(() => validate({ exp: undefined }))).toHaveProperty('rule')
    expect(server.requests).toEqual([])
  })

  it('need neither typ nor iat nor sub nor jti (JARM 2.1)', async () => {
    const token = signedJwt(key, claimsOf({ iat: undefined, sub: undefined, jti: undefined }), { typ: 'other' })
    expect((await validateToken(token)).get('code')).toBe('c')
  })
})

describe('the parameters in a JARM response', () => {
  it.each<[string, Members]>([
    ['another', { state: 'x' }],
    ['none', { state: undefined }],
    ['a number', { state: 5 }],
  ])('have the state of the request, not %s (RFC 6749 10.12)', async (_, changes) => {
    await refuses(rules.RESPONSE_STATE, () => validate(changes))
  })

  it('have no state where the request had none', async () => {
    await refuses(rules.RESPONSE_STATE, () => validate({}, expectNoState))
    expect((await validate({ state: undefined }, expectNoState)).get('code')).toBe('c')
    const parameters = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    const act = () => validateJwtAuthResponse({ ...as }, client, parameters, undefined, server.options)
    await refuses(rules.RESPONSE_STATE, act)
  })

  it('have any state under skipStateCheck, also the one that an attacker made', async () => {
    expect((await validate({ state: 'of-the-attacker', code: 'stolen' }, skipStateCheck)).get('code')).toBe('stolen')
  })

  it.each(['id_token', 'token'])('have no %s (OAuth 2.0 Multiple Response Types 5)', async (name) => {
    await refuses(rules.RESPONSE_CODE_ONLY, () => validate({ [name]: 'a.b.c' }))
  })

  it('have no JWT in them again (JARM 2.3)', async () => {
    await refuses(rules.RESPONSE_PLAIN, () => validate({ response: 'a.b.c' }))
  })

  it('may have an error in place of a code (JARM 2.1)', async () => {
    const changes = { code: undefined, error: 'access_denied', error_description: 'in words' }
    const error = await rejectionOf(() => validate(changes))
    expect(error).toBeInstanceOf(AuthorizationResponseError)
    expect(error).toMatchObject({
      code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: 'access_denied',
      error_description: 'in words',
    })
    expect(String((error as AuthorizationResponseError).cause)).toContain('error=access_denied')
  })

  it('are not looked at before the signature is verified (JARM 2.4)', async () => {
    const forger = signingKey('ES256', 'k')
    const token = signedJwt(forger, claimsOf({ code: undefined, error: 'access_denied', state: 'x' }))
    const error = await rejectionOf(() => validateToken(token))
    expect(error).toMatchObject({ rule: SIGNATURE_VALID.id, code: 'OAUTH_INVALID_RESPONSE' })
  })
})

describe('the signature of a JARM response', () => {
  it.each(COMMON_ALGORITHMS)('may be by %s, where that is registered (JARM 2.4 item 5)', async (alg) => {
    const signer = signingKey(alg, 'k')
    server = keyServer(signer.jwk)
    const party = { ...client, authorization_signed_response_alg: alg }
    expect((await validateToken(signedJwt(signer, claimsOf()), 's', party)).get('code')).toBe('c')
    server = keyServer({ ...signingKey(alg, 'other').jwk, kid: 'k' })
    await refuses(SIGNATURE_VALID, () => validateToken(signedJwt(signer, claimsOf()), 's', party))
  })

  it('is refused where a bit of it, of the code or of the header was changed (JARM 2.4 item 5)', async () => {
    const token = signedJwt(key, claimsOf())
    const [header = '', , signature = ''] = token.split('.')
    const flipped = withSignature(token, flipBit(signature, 9))
    await refuses(SIGNATURE_VALID, () => validateToken(flipped))
    const code = `${header}.${encodePart(claimsOf({ code: 'of-the-attacker' }))}.${signature}`
    await refuses(SIGNATURE_VALID, () => validateToken(code))
    const typ = token.replace(header, encodePart({ alg: 'ES256', kid: 'k', typ: 'JWT' }))
    await refuses(SIGNATURE_VALID, () => validateToken(typ))
  })

  it('is by a key of the server (OIDC Core 10.1)', async () => {
    server = keyServer(signingKey('ES256', 'other').jwk)
    await refuses(selection.SIGNATURE_KEY, () => validate({}), selection.SIGNATURE_KEY_UNIQUE)
  })

  it('is by RS256 where nothing is registered or published (JARM 3)', async () => {
    const signer = signingKey('RS256', 'k')
    server = keyServer(signer.jwk)
    const parameters = new URLSearchParams({ response: signedJwt(signer, claimsOf()) })
    const result = await validateJwtAuthResponse({ ...as }, unregistered, parameters, 's', server.options)
    expect(result.get('code')).toBe('c')
    server = keyServer(key.jwk)
    const other = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    const act = () => validateJwtAuthResponse({ ...as }, unregistered, other, 's', server.options)
    await refuses(jarm.JARM_ALG, act)
  })

  it('is by one of the algorithms that the server publishes, where none is registered (JARM 4)', async () => {
    const published = { ...as, authorization_signing_alg_values_supported: ['PS256', 'ES256'] }
    const parameters = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    const result = await validateJwtAuthResponse({ ...published }, unregistered, parameters, 's', server.options)
    expect(result.get('code')).toBe('c')
    const other = { ...as, authorization_signing_alg_values_supported: ['PS256', 'RS256'] }
    const act = () => validateJwtAuthResponse({ ...other }, unregistered, parameters, 's', server.options)
    const error = await refuses(jarm.JARM_ALG, act)
    expect(error).toMatchObject({ expected: ['PS256', 'RS256'], actual: 'ES256' })
  })

  it('is by the registered algorithm alone, whatever the ID Token’s is and whatever is published (JARM 3)', async () => {
    const party = { ...client, id_token_signed_response_alg: 'ES256', authorization_signed_response_alg: 'PS256' }
    const published = { ...as, authorization_signing_alg_values_supported: ['ES256'] }
    const parameters = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    const act = () => validateJwtAuthResponse({ ...published }, party, parameters, 's', server.options)
    await refuses(jarm.JARM_ALG, act)
  })

  it.each(['none', 'HS256', 'None', ''])('is a digital one, not %j (JARM 2.4 item 5)', async (alg) => {
    const token = `${encodePart({ alg, kid: 'k' })}.${encodePart(claimsOf())}.`
    await refuses(jarm.JARM_ALG, () => validateToken(token), selection.SIGNATURE_ALGORITHM)
  })

  it.each(['none', 'HS256'])('is a digital one also where %s is registered or published (JARM 3)', async (alg) => {
    const token = `${encodePart({ alg, kid: 'k' })}.${encodePart(claimsOf())}.`
    const party = { ...client, authorization_signed_response_alg: alg }
    await refuses(selection.SIGNATURE_ALGORITHM, () => validateToken(token, 's', party))
    const published = { ...as, authorization_signing_alg_values_supported: [alg] }
    const parameters = new URLSearchParams({ response: token })
    const act = () => validateJwtAuthResponse({ ...published }, unregistered, parameters, 's', server.options)
    await refuses(selection.SIGNATURE_ALGORITHM, act)
  })

  it('has no critical header (RFC 7515 4.1.11)', async () => {
    const token = signedJwt(key, claimsOf(), { crit: ['exp'], exp: 1 })
    await refuses(jwt.JWT_CRITICAL, () => validateToken(token))
  })
})

describe('an encrypted JARM response', () => {
  const JWE = 'header.key.iv.ciphertext.tag'

  function validateJwe(decrypt: (jwe: string) => Promise<string>) {
    const parameters = new URLSearchParams({ response: JWE })
    const options = { ...server.options, [jweDecrypt]: decrypt }
    return validateJwtAuthResponse({ ...as }, client, parameters, 's', options)
  }

  it('is refused without jweDecrypt (JARM 2.2)', async () => {
    await refuses(jwt.JWE_DECRYPTION, () => validateToken(JWE), jwt.JWT_PARTS)
  })

  it('is decrypted, and validated then (JARM 2.4 item 1)', async () => {
    const decrypt = vi.fn(() => Promise.resolve(signedJwt(key, claimsOf())))
    expect((await validateJwe(decrypt)).get('code')).toBe('c')
    expect(decrypt.mock.calls).toEqual([[JWE]])
    expect(server.requests).toEqual([as.jwks_uri])
  })

  it('is refused where what it holds is signed by another key (JARM 2.2)', async () => {
    const inside = signedJwt(signingKey('ES256', 'k'), claimsOf())
    await refuses(SIGNATURE_VALID, () => validateJwe(() => Promise.resolve(inside)))
  })

  it('passes on what jweDecrypt rejects with', async () => {
    const failure = new RangeError('another key')
    expect(await rejectionOf(() => validateJwe(() => Promise.reject(failure)))).toBe(failure)
  })
})

describe('a mistake of the caller of validateJwtAuthResponse', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['the JWT alone', signedJwt(key, claimsOf())],
    ['an object', { response: 'a.b.c' }],
    ['a request', new Request('https://shop.example.com/cb?response=a.b.c')],
  ])('is %s for parameters', async (_, parameters) => {
    // a caller without types can give what the type forbids
    const given = parameters as URLSearchParams
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validateJwtAuthResponse(as, client, given, 's'))
  })

  it.each(NO_TEXTS.filter(([, value]) => value !== undefined))('is %s for expectedState', async (_, value, code) => {
    // a caller without types can give what the type forbids
    await isCallersMistake(code, () => validate({}, value as string))
  })

  it.each(NO_TEXTS)('is %s for issuer or client_id', async (_, value, code) => {
    const parameters = new URLSearchParams({ response: signedJwt(key, claimsOf()) })
    // a caller without types can give what the type forbids
    const text = value as string
    await isCallersMistake(code, () => validateJwtAuthResponse({ ...as, issuer: text }, client, parameters))
    await isCallersMistake(code, () => validateJwtAuthResponse(as, { client_id: text }, parameters))
  })
})
