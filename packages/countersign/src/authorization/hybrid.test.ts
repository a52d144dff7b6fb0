import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthorizationResponseError } from '../errors/authorization-response-error.ts'
import * as http from '../http/body.ts'
import * as claimRules from '../jose/claims.ts'
import { _expectedIssuer } from '../jose/issuer.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import * as jwt from '../jose/jwt.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import * as selection from '../jwks/select.ts'
import { clockSkew } from '../metadata/clock.ts'
import type { Client } from '../metadata/client.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client as unregistered, encodePart, json } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { CODE, hybridClaims, hybridParameters, NONCE, STATE } from '../testing/hybrid-response.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import * as idToken from '../tokens/id-token.rules.ts'
import { skipAuthTimeCheck } from '../tokens/requested-claims.ts'
import { epochSeconds } from '../values/time.ts'
import * as hybrid from './hybrid.rules.ts'
import { validateCodeIdTokenResponse, validateDetachedSignatureResponse } from './hybrid.ts'
import * as rules from './response.rules.ts'
import { codeOf, expectNoState, skipStateCheck } from './response.ts'

/* What both functions for hybrid responses have in common; c_hash and s_hash are in hybrid.hashes.test.ts. */

const key = signingKey('ES256', 'k')
const client: Client = { ...unregistered, id_token_signed_response_alg: 'ES256' }
let server = keyServer(key.jwk)
beforeEach(() => {
  server = keyServer(key.jwk)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

type Arguments = Parameters<typeof validateCodeIdTokenResponse>

/** What says that a request had no state. */
type NoState = typeof expectNoState | undefined

/** What a test changes beside the parameters. */
interface Changes {
  as?: Partial<Arguments[0]>
  client?: Partial<Client>
  nonce?: string
  state?: Arguments[4]
  maxAge?: Arguments[5]
  options?: Arguments[6]
}

describe.each([
  ['validateCodeIdTokenResponse', validateCodeIdTokenResponse],
  ['validateDetachedSignatureResponse', validateDetachedSignatureResponse],
])('%s', (_name, validateResponse) => {
  function validate(parameters: Arguments[2], changes: Changes = {}) {
    const { nonce = NONCE, maxAge, options = {} } = changes
    const state = 'state' in changes ? changes.state : STATE
    // a copy, whose keys nobody has fetched
    const metadata = { ...as, ...changes.as }
    const party = { ...client, ...changes.client }
    return validateResponse(metadata, party, parameters, nonce, state, maxAge, { ...server.options, ...options })
  }

  /** Validates a response whose ID Token has other claims. */
  function validateClaims(claims: Parameters<typeof hybridClaims>[0], changes?: Changes) {
    return validate(hybridParameters(key, claims), changes)
  }

  /** Validates a response with parameters changed or, where they are `undefined`, left out. */
  function validateChanged(changed: Record<string, string | undefined>, changes?: Changes) {
    const parameters = hybridParameters(key)
    for (const [name, value] of Object.entries(changed)) {
      if (value === undefined) parameters.delete(name)
      else parameters.set(name, value)
    }
    return validate(parameters, changes)
  }

  describe('parameters', () => {
    it('are given without the ID Token, and can be exchanged (OIDC Core 3.3.2.5)', async () => {
      const given = hybridParameters(key)
      given.append('session_state', 'x')
      const before = String(given)
      const result = await validate(given)
      expect(Object.fromEntries(result)).toEqual({ code: CODE, state: STATE, session_state: 'x' })
      expect(codeOf(result, { trace: undefined })).toBe(CODE)
      expect(String(given)).toBe(before)
      expect(server.requests).toEqual([as.jwks_uri])
    })

    it('are taken of the fragment of a URL, and of nothing else in it (OIDC Core 3.3.2.5)', async () => {
      const url = new URL(`https://shop.example.com/cb?code=other&error=x#${String(hybridParameters(key))}`)
      expect((await validate(url)).get('code')).toBe(CODE)
    })

    it.each(['', '#', '?code=c&id_token=a.b.c', `?${String(hybridParameters(key))}#`])(
      'are no URL without a fragment: %#',
      async (end) => {
        const url = new URL(`https://shop.example.com/cb${end}`)
        await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validate(url))
      },
    )

    it('are taken of a fragment of one character too', async () => {
      const url = new URL('https://shop.example.com/cb#x')
      await refuses(hybrid.HYBRID_ID_TOKEN, () => validate(url, { state: expectNoState }), hybrid.HYBRID_CODE)
    })

    it('are shown to the trace, check by check, as the ID Token is', async () => {
      const seen: string[] = []
      const traced = { [trace]: ({ rule }: CheckEvent) => void seen.push(rule) }
      await validate(hybridParameters(key), { client: traced })
      const shown = [
        rules.RESPONSE_STATE,
        hybrid.HYBRID_CODE,
        idToken.ID_TOKEN_ISSUER,
        hybrid.CODE_HASH,
        SIGNATURE_VALID,
      ]
      expect(seen).toEqual(expect.arrayContaining(shown.map(({ id }) => id)))
    })

    it('are taken of the body of a form_post request (Form Post Response Mode 2)', async () => {
      const body = hybridParameters(key)
      const request = new Request('https://shop.example.com/cb?code=other&error=x', { method: 'POST', body })
      expect((await validate(request)).get('code')).toBe(CODE)
      expect(request.bodyUsed).toBe(true)
    })

    it('are taken of no other request', async () => {
      const url = 'https://shop.example.com/cb'
      const body = String(hybridParameters(key))
      const json = new Request(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validate(new Request(`${url}?${body}`)))
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validate(json))
      const read = new Request(url, { method: 'POST', body: hybridParameters(key) })
      await read.text()
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validate(read))
    })

    it('are taken of a request of a size that is bounded', async () => {
      const url = 'https://shop.example.com/cb'
      const body = `${String(hybridParameters(key))}&x=${'x'.repeat(2 ** 20)}`
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      await refuses(http.BODY_SIZE, () => validate(new Request(url, { method: 'POST', body, headers })))
    })

    it.each<[string, unknown]>([
      ['nothing', undefined],
      ['null', null],
      ['a text', 'code=c'],
      ['an object', { code: 'c' }],
      ['a response', new Response('code=c')],
    ])('are not %s', async (_, value) => {
      // a caller without types can give what the type forbids
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validate(value as URLSearchParams))
    })

    it.each([
      ['id_token', undefined],
      ['id_token', ''],
    ])('have %s: %j is none (OIDC Core 3.3.2.5)', async (name, value) => {
      await refuses(hybrid.HYBRID_ID_TOKEN, () => validateChanged({ [name]: value }), jwt.JWT_PARTS)
    })

    it.each([undefined, ''])('have a code: %j is none (OIDC Core 3.3.2.5)', async (code) => {
      // the hash of the code is of another one
      await refuses(hybrid.HYBRID_CODE, () => validateChanged({ code }), hybrid.CODE_HASH)
    })

    it.each(['id_token', 'code', 'state', 'iss', 'error', 'response', 'token'])(
      'have %s once (RFC 6749 3.1)',
      async (name) => {
        const parameters = () => {
          const given = hybridParameters(key)
          const value = name === 'iss' ? as.issuer : (given.get(name) ?? '')
          given.delete(name)
          given.append(name, value)
          given.append(name, value)
          return given
        }
        const backstops = name === 'token' ? [rules.RESPONSE_CODE_ONLY] : []
        const error = await refuses(rules.PARAMETER_ONCE, () => validate(parameters()), ...backstops)
        expect(error).toMatchObject({ expected: `${name} once`, actual: '2 times' })
      },
    )

    it('have no access token of the implicit flow (OAuth 2.0 Multiple Response Types 5)', async () => {
      await refuses(rules.RESPONSE_CODE_ONLY, () => validateChanged({ token: 't' }))
    })

    it('have no JWT of JARM in them (JARM 2.3)', async () => {
      await refuses(rules.RESPONSE_PLAIN, () => validateChanged({ response: 'a.b.c' }))
    })

    it('may have an error in place of a code (OIDC Core 3.3.2.6)', async () => {
      const error = await rejectionOf(() =>
        validate(new URLSearchParams({ error: 'login_required', error_description: 'in words', state: STATE })),
      )
      expect(error).toBeInstanceOf(AuthorizationResponseError)
      expect(error).toMatchObject({ error: 'login_required', error_description: 'in words' })
      expect(server.requests).toEqual([])
    })

    it('name the issuer that was asked where they name one: a mix-up (RFC 9207 2.4)', async () => {
      const iss = 'https://evil.example'
      const error = await refuses(rules.RESPONSE_ISSUER, () => validateChanged({ iss }))
      expect(error).toMatchObject({ expected: as.issuer, actual: iss })
      expect((await validateChanged({ iss: as.issuer })).get('iss')).toBe(as.issuer)
    })

    it('need not name it where the server promises it: the ID Token does (RFC 9207 2.4)', async () => {
      const changes = { as: { authorization_response_iss_parameter_supported: true } }
      expect((await validateChanged({}, changes)).get('code')).toBe(CODE)
    })
  })

  describe('state', () => {
    it.each(['other', '', undefined])('is the one of the request, not %j (RFC 6749 10.12)', async (state) => {
      // where state is not compared, its hash still is
      const backstops = [hybrid.STATE_HASH, hybrid.STATE_HASH_FORM]
      await refuses(rules.RESPONSE_STATE, () => validateChanged({ state }), ...backstops)
    })

    it('is compared without s_hash, and before the keys are fetched (RFC 6749 10.12)', async () => {
      const parameters = hybridParameters(key, { s_hash: undefined })
      parameters.set('state', 'other')
      const error = await rejectionOf(() => validate(parameters))
      expect(error).toMatchObject({ rule: rules.RESPONSE_STATE.id, code: 'OAUTH_INVALID_RESPONSE' })
      expect(server.requests).toEqual([])
    })

    it.each<NoState>([undefined, expectNoState])('is refused where the request had none: %s', async (state) => {
      const error = await refuses(rules.RESPONSE_STATE, () => validate(hybridParameters(key), { state }))
      expect(Reflect.get(Object(error.cause), 'expected')).toBeUndefined()
    })

    it.each<NoState>([undefined, expectNoState])('may be missing where the request had none: %s', async (state) => {
      const parameters = hybridParameters(key, { s_hash: undefined })
      parameters.delete('state')
      expect((await validate(parameters, { state })).get('code')).toBe(CODE)
    })

    it('cannot be left to the caller', async () => {
      // a caller without types can give what the type forbids
      const state: typeof expectNoState = skipStateCheck as unknown as typeof expectNoState
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validate(hybridParameters(key), { state }))
    })

    it.each(NO_TEXTS.filter(([, value]) => value !== undefined))('is not expected as %s', async (_, value, code) => {
      // a caller without types can give what the type forbids
      await isCallersMistake(code, () => validate(hybridParameters(key), { state: value as string }))
    })
  })

  describe('nonce', () => {
    it.each<NamedValue>([
      ['another text', 'other'],
      ['an empty text', ''],
      ['null', null],
      ['a list', [NONCE]],
    ])('is the one of the request, not %s (OIDC Core 3.1.3.7 item 11)', async (_, nonce) => {
      const error = await refuses(idToken.ID_TOKEN_NONCE, () => validateClaims({ nonce }))
      expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', cause: { claim: 'nonce' } })
    })

    it('is not missing (OIDC Core 3.3.2.11)', async () => {
      const act = () => validateClaims({ nonce: undefined })
      await refuses(idToken.ID_TOKEN_NONCE_PRESENT, act, idToken.ID_TOKEN_NONCE)
    })

    it.each(NO_TEXTS.filter(([, value]) => value !== undefined))('is not expected as %s', async (_, value, code) => {
      // a caller without types can give what the type forbids
      await isCallersMistake(code, () => validate(hybridParameters(key), { nonce: value as string }))
    })

    it('is not left out by the caller', async () => {
      const act = () =>
        // a caller without types can give what the type forbids
        validateResponse(as, client, hybridParameters(key), undefined as unknown as string, STATE)
      await isCallersMistake('ERR_INVALID_ARG_TYPE', act)
    })
  })

  describe('claims of the ID Token', () => {
    it.each([
      ['iss', idToken.ID_TOKEN_ISSUER_PRESENT, [idToken.ID_TOKEN_ISSUER]],
      ['aud', idToken.ID_TOKEN_AUDIENCE_PRESENT, [idToken.ID_TOKEN_AUDIENCE]],
      ['exp', idToken.ID_TOKEN_EXPIRES, []],
      ['iat', idToken.ID_TOKEN_ISSUED_AT, [hybrid.HYBRID_ISSUED_AT]],
      ['sub', idToken.ID_TOKEN_SUBJECT_PRESENT, [idToken.ID_TOKEN_SUBJECT]],
    ] as const)('have %s (OIDC Core 2)', async (name, rule, backstops) => {
      await refuses(rule, () => validateClaims({ [name]: undefined }), ...backstops)
    })

    it('name the server that was asked: a mix-up (OIDC Core 3.1.3.7 item 2)', async () => {
      await refuses(idToken.ID_TOKEN_ISSUER, () => validateClaims({ iss: 'https://evil.example' }))
    })

    it('may name another issuer where the metadata have a place holder', async () => {
      const iss = 'https://op.example.com/contoso'
      const placeHolder = { as: { [_expectedIssuer]: () => iss } }
      expect((await validateClaims({ iss }, placeHolder)).get('code')).toBe(CODE)
      await refuses(idToken.ID_TOKEN_ISSUER, () => validateClaims({}, placeHolder))
    })

    it('name this client (OIDC Core 3.1.3.7 items 3 to 5)', async () => {
      await refuses(idToken.ID_TOKEN_AUDIENCE, () => validateClaims({ aud: 'bank' }))
      const aud = ['shop', 'bank']
      const act = () => validateClaims({ aud })
      await refuses(idToken.ID_TOKEN_AUTHORIZED_PARTY_PRESENT, act, idToken.ID_TOKEN_AUTHORIZED_PARTY)
      await refuses(idToken.ID_TOKEN_AUTHORIZED_PARTY, () => validateClaims({ aud, azp: 'bank' }))
      expect((await validateClaims({ aud, azp: 'shop' })).get('code')).toBe(CODE)
    })

    it.each(everyTypeBut('missing', 'a text', 'an empty string'))(
      'have a sub that is a string, not %s (OIDC Core 2)',
      async (_, sub) => {
        await refuses(idToken.ID_TOKEN_SUBJECT, () => validateClaims({ sub }))
      },
    )

    it('are good now (OIDC Core 3.1.3.7 item 9, RFC 7519 4.1.5)', async () => {
      await refuses(claimRules.JWT_NOT_EXPIRED, () => validateClaims({ exp: epochSeconds() - 60 }))
      await refuses(claimRules.JWT_ALREADY_VALID, () => validateClaims({ nbf: epochSeconds() + 60 }))
    })

    it.each([3605, 7200, 1e9])(
      'were made within the last hour, not %s s ago (OIDC Core 3.1.3.7 item 10)',
      async (age) => {
        const error = await refuses(hybrid.HYBRID_ISSUED_AT, () => validateClaims({ iat: epochSeconds() - age }))
        expect(error).toMatchObject({ code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED', cause: { claim: 'iat' } })
        expect(Math.abs(Object(error.cause).now - epochSeconds())).toBeLessThan(60)
      },
    )

    it.each([-3590, 0, 3600])('may have been made at %s s', async (seconds) => {
      expect((await validateClaims({ iat: epochSeconds() + seconds })).get('code')).toBe(CODE)
    })

    it('were made 3600 s ago, and not a second more (OIDC Core 3.1.3.7 item 10)', async () => {
      const now = epochSeconds()
      vi.useFakeTimers({ now: now * 1000, toFake: ['Date'] })
      expect((await validateClaims({ iat: now - 3600 })).get('code')).toBe(CODE)
      await refuses(hybrid.HYBRID_ISSUED_AT, () => validateClaims({ iat: now - 3601 }))
    })

    it('were made within the hour of a clock that is set', async () => {
      const late = { client: { [clockSkew]: -3600 } }
      expect((await validateClaims({ iat: epochSeconds() - 7000 }, late)).get('code')).toBe(CODE)
      const early = { client: { [clockSkew]: 3600 } }
      const claims = { exp: epochSeconds() + 7200, iat: epochSeconds() - 5 }
      await refuses(hybrid.HYBRID_ISSUED_AT, () => validateClaims(claims, early))
    })

    it('are looked at before the keys are fetched', async () => {
      expect(await rejectionOf(() => validateClaims({ aud: 'bank' }))).toHaveProperty('rule')
      expect(await rejectionOf(() => validateClaims({ nonce: 'other' }))).toHaveProperty('rule')
      expect(await rejectionOf(() => validateClaims({ c_hash: 5 }))).toHaveProperty('rule')
      expect(server.requests).toEqual([])
    })
  })

  describe('auth_time', () => {
    it('is no longer ago than maxAge (OIDC Core 3.1.3.7 item 13)', async () => {
      const tooOld = { auth_time: epochSeconds() - 400 }
      const error = await refuses(idToken.ID_TOKEN_AUTH_TIME_AGE, () => validateClaims(tooOld, { maxAge: 300 }))
      expect(error).toMatchObject({ code: 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED', cause: { claim: 'auth_time' } })
      const young = { auth_time: epochSeconds() - 290 }
      expect((await validateClaims(young, { maxAge: 300 })).get('code')).toBe(CODE)
    })

    it('is no longer ago than default_max_age, unless maxAge says otherwise (OIDC Registration 2)', async () => {
      const party = { default_max_age: 300 }
      const claims = { auth_time: epochSeconds() - 400 }
      await refuses(idToken.ID_TOKEN_AUTH_TIME_AGE, () => validateClaims(claims, { client: party }))
      expect((await validateClaims(claims, { client: party, maxAge: 500 })).get('code')).toBe(CODE)
    })

    it('may be any or none under skipAuthTimeCheck, which shows in an old one', async () => {
      const changes = { client: { default_max_age: 300 }, maxAge: skipAuthTimeCheck } as const
      expect((await validateClaims({ auth_time: 1 }, changes)).get('code')).toBe(CODE)
      expect((await validateClaims({}, changes)).get('code')).toBe(CODE)
    })

    it.each<[string, Changes]>([
      ['maxAge', { maxAge: 300 }],
      ['maxAge 0', { maxAge: 0 }],
      ['default_max_age', { client: { default_max_age: 300 } }],
      ['require_auth_time', { client: { require_auth_time: true } }],
    ])('is there where %s asks for it (OIDC Core 3.1.3.7 item 13)', async (_, changes) => {
      const act = () => validateClaims({}, changes)
      await refuses(idToken.ID_TOKEN_AUTH_TIME_PRESENT, act, idToken.ID_TOKEN_AUTH_TIME_AGE)
    })

    it.each(everyTypeBut('missing', 'zero', 'a number'))('is a number, not %s (OIDC Core 2)', async (_, auth_time) => {
      await refuses(idToken.ID_TOKEN_AUTH_TIME, () => validateClaims({ auth_time }))
    })

    it.each<[unknown, 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE']>([
      [null, 'ERR_INVALID_ARG_TYPE'],
      ['300', 'ERR_INVALID_ARG_TYPE'],
      [Number.NaN, 'ERR_INVALID_ARG_TYPE'],
      [Number.POSITIVE_INFINITY, 'ERR_INVALID_ARG_TYPE'],
      [Symbol('skipAuthTimeCheck'), 'ERR_INVALID_ARG_TYPE'],
      [-1, 'ERR_INVALID_ARG_VALUE'],
    ])('has no greatest age of %s', async (value, code) => {
      // a caller without types can give what the type forbids
      const maxAge = value as number
      await isCallersMistake(code, () => validateClaims({}, { maxAge }))
      await isCallersMistake(code, () => validateClaims({}, { client: { default_max_age: maxAge } }))
    })

    it('is not looked for in default_max_age where the caller says it', async () => {
      const wrong = { default_max_age: -1 }
      await validateClaims({}, { client: wrong, maxAge: skipAuthTimeCheck })
      await validateClaims({ auth_time: epochSeconds() }, { client: wrong, maxAge: 60 })
    })
  })

  describe('signature of the ID Token', () => {
    it('is by a key of the server (OIDC Core 3.3.2.12)', async () => {
      const forger = signingKey('ES256', 'k')
      await refuses(SIGNATURE_VALID, () => validate(hybridParameters(forger)))
      server = keyServer(signingKey('ES256', 'other').jwk)
      await refuses(selection.SIGNATURE_KEY, () => validate(hybridParameters(key)), selection.SIGNATURE_KEY_UNIQUE)
    })

    it('is refused where a bit of it was changed (OIDC Core 3.1.3.7 item 6)', async () => {
      const token = signedJwt(key, hybridClaims())
      const flipped = withSignature(token, flipBit(token.split('.')[2] ?? '', 77))
      await refuses(SIGNATURE_VALID, () => validateChanged({ id_token: flipped }))
    })

    it('covers the claims: somebody else’s sub is refused (OIDC Core 3.1.3.7 item 6)', async () => {
      const [header, , signature] = signedJwt(key, hybridClaims()).split('.')
      const id_token = `${header}.${encodePart(hybridClaims({ sub: 'eve' }))}.${signature}`
      await refuses(SIGNATURE_VALID, () => validateChanged({ id_token }))
    })

    it('is by the registered algorithm (OIDC Core 3.1.3.7 item 7)', async () => {
      const act = () => validate(hybridParameters(key), { client: { id_token_signed_response_alg: 'PS256' } })
      await refuses(idToken.ID_TOKEN_ALG, act)
    })

    it.each(['none', 'HS256'])('is a digital one also where %s is registered (FAPI 1.0 Part 2, 8.6)', async (alg) => {
      const id_token = `${encodePart({ alg, kid: 'k' })}.${encodePart(hybridClaims())}.`
      const changes = { client: { id_token_signed_response_alg: alg } }
      await refuses(selection.SIGNATURE_ALGORITHM, () => validateChanged({ id_token }, changes))
    })

    it.each(['none', 'HS256'])('is not by %s, which nobody registered', async (alg) => {
      const id_token = `${encodePart({ alg, kid: 'k' })}.${encodePart(hybridClaims())}.`
      const backstops = [idToken.ID_TOKEN_SIGNED, selection.SIGNATURE_ALGORITHM]
      await refuses(idToken.ID_TOKEN_ALG, () => validateChanged({ id_token }), ...backstops)
    })

    it('has no critical header (RFC 7515 4.1.11)', async () => {
      const id_token = signedJwt(key, hybridClaims(), { crit: ['exp'], exp: 1 })
      await refuses(jwt.JWT_CRITICAL, () => validateChanged({ id_token }))
    })
  })

  describe('an encrypted ID Token', () => {
    const JWE = 'header.key.iv.ciphertext.tag'

    it('is refused without jweDecrypt (OIDC Core 3.1.3.7 item 1)', async () => {
      await refuses(jwt.JWE_DECRYPTION, () => validateChanged({ id_token: JWE }), jwt.JWT_PARTS)
    })

    it('is decrypted, and validated then (OIDC Core 3.1.3.7 item 1)', async () => {
      const decrypt = vi.fn(() => Promise.resolve(signedJwt(key, hybridClaims())))
      const options = { [jweDecrypt]: decrypt }
      expect((await validateChanged({ id_token: JWE }, { options })).get('code')).toBe(CODE)
      expect(decrypt.mock.calls).toEqual([[JWE]])
    })

    it('is refused where what it holds is signed by another key', async () => {
      const inside = signedJwt(signingKey('ES256', 'k'), hybridClaims())
      const options = { [jweDecrypt]: () => Promise.resolve(inside) }
      await refuses(SIGNATURE_VALID, () => validateChanged({ id_token: JWE }, { options }))
    })

    it('passes on what jweDecrypt rejects with', async () => {
      const failure = new RangeError('another key')
      const options = { [jweDecrypt]: () => Promise.reject(failure) }
      expect(await rejectionOf(() => validateChanged({ id_token: JWE }, { options }))).toBe(failure)
    })
  })

  it('fetches the keys by the global fetch where there are no options', async () => {
    const fetched = vi.fn(() => Promise.resolve(json({ keys: [key.jwk] })))
    vi.stubGlobal('fetch', fetched)
    expect((await validateResponse({ ...as }, client, hybridParameters(key), NONCE, STATE)).get('code')).toBe(CODE)
    expect(fetched).toHaveBeenCalledExactlyOnceWith(as.jwks_uri, expect.anything())
  })

  it.each(NO_TEXTS)('is not called with %s for issuer or client_id', async (_, value, code) => {
    // a caller without types can give what the type forbids
    const text = value as string
    const parameters = hybridParameters(key)
    await isCallersMistake(code, () => validateResponse({ ...as, issuer: text }, client, parameters, NONCE, STATE))
    await isCallersMistake(code, () => validateResponse(as, { client_id: text }, parameters, NONCE, STATE))
  })
})
