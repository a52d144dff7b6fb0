import { inspect } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../metadata/client.ts'
import { trace } from '../rules/trace.ts'
import { as, client as unregistered, encodePart, unsignedJwt } from '../testing/answers.ts'
import { CODE, hybridClaims, hybridParameters, leftHalfOf, NONCE, STATE } from '../testing/hybrid-response.ts'
import { keyServer } from '../testing/key-server.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import type { JsonValue } from '../values/json.ts'
import { validateCodeIdTokenResponse, validateDetachedSignatureResponse } from './hybrid.ts'
import { validateJwtAuthResponse } from './jarm.ts'
import { issueRequestObject } from './request-object.ts'
import { assertValidated, codeOf, validateAuthResponse } from './response.ts'

/*
 * No error about an authorization response holds its code, its tokens, the state, the nonce or what tells of a person in
 * what logs see of it: whatever is refused, at every stage.
 */

type Members = Record<string, JsonValue | undefined>

const SUBJECT = 'sub-248289761001'
const EMAIL = 'anna.schmidt@example.com'
const ACCESS_TOKEN = 'access-AxGQ2hXc7'
const HASHES = [leftHalfOf('sha256', CODE), leftHalfOf('sha256', STATE)]
const SECRETS = [CODE, STATE, NONCE, SUBJECT, EMAIL, encodeURIComponent(EMAIL), ACCESS_TOKEN, ...HASHES]

function holdsNoSecret(text: string): void {
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
  // neither a JWT nor the beginning of one
  expect(text).not.toMatch(/eyJ[\w-]{8}/)
}

/** Every form in which an error comes into a log. */
function logged(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error('no error')
  return [inspect(error, { depth: 12 }), JSON.stringify(error), message, stack].join('\n')
}

const key = signingKey('ES256', 'k')
const client: Client = {
  ...unregistered,
  id_token_signed_response_alg: 'ES256',
  authorization_signed_response_alg: 'ES256',
}
let { options } = keyServer(key.jwk)
beforeEach(() => {
  options = keyServer(key.jwk).options
})

function plain(parameters: Record<string, string>, state = STATE) {
  return validateAuthResponse(as, client, new URLSearchParams({ code: CODE, ...parameters }), state)
}

function jarmToken(changes: Members) {
  const claims = {
    iss: as.issuer,
    aud: 'shop',
    exp: 4_102_444_800,
    code: CODE,
    state: STATE,
    sub: SUBJECT,
    email: EMAIL,
  }
  return signedJwt(key, { ...claims, ...changes })
}

function jarm(changes: Members, state = STATE) {
  return jarmOf(jarmToken(changes), state)
}

function jarmOf(response: string, state = STATE) {
  return validateJwtAuthResponse({ ...as }, client, new URLSearchParams({ response }), state, options)
}

function hybrid(claims: Members, parameters: Record<string, string> = {}, state = STATE) {
  const given = hybridParameters(key, { sub: SUBJECT, email: EMAIL, ...claims })
  for (const [name, value] of Object.entries(parameters)) given.set(name, value)
  return validateCodeIdTokenResponse({ ...as }, client, given, NONCE, state, 300, options)
}

const TOKEN = signedJwt(key, hybridClaims({ sub: SUBJECT, email: EMAIL }))
const FLIPPED = withSignature(TOKEN, flipBit(TOKEN.split('.')[2] ?? '', 5))
const TIME = { auth_time: 4_102_444_800 }

const REFUSALS: readonly (readonly [title: string, rule: string | undefined, act: () => unknown])[] = [
  ['state', 'authorization-response.state', () => plain({ state: STATE }, 'other')],
  ['no state', 'authorization-response.state', () => plain({})],
  ['iss', 'authorization-response.iss', () => plain({ state: STATE, iss: 'https://evil.example' })],
  ['a JWT beside a code', 'authorization-response.response', () => plain({ state: STATE, response: TOKEN })],
  [
    'tokens',
    'authorization-response.response_type',
    () => plain({ state: STATE, id_token: TOKEN, token: ACCESS_TOKEN }),
  ],
  ['an error beside a code', undefined, () => plain({ state: STATE, error: 'access_denied', id_token: TOKEN })],
  [
    'a code that stands there twice',
    'authorization-response.parameter',
    () => {
      const given = new URLSearchParams(`code=${CODE}&code=${CODE}&state=${STATE}`)
      return codeOf(validateAuthResponse(as, client, given, STATE), { trace: undefined })
    },
  ],
  ['parameters that nobody validated', undefined, () => assertValidated(new URLSearchParams({ code: CODE }))],

  ['the state of a JARM response', 'authorization-response.state', () => jarm({}, 'other')],
  ['the iss of a JARM response', 'jarm.iss', () => jarm({ iss: 'https://evil.example' })],
  ['the aud of a JARM response', 'jarm.aud', () => jarm({ aud: 'bank' })],
  ['an aud of a JARM response that is an object', 'jwt.aud', () => jarm({ aud: { sub: SUBJECT } })],
  ['the exp of a JARM response', 'jwt.exp-time', () => jarm({ exp: 1_500_000_000 })],
  ['a token in a JARM response', 'authorization-response.response_type', () => jarm({ id_token: TOKEN })],
  ['an error in a JARM response', undefined, () => jarm({ error: 'access_denied' })],
  ['the signature of a JARM response', 'signature.value', () => jarmOf(jarmToken({}).replace(/.{8}$/, 'AAAAAAAA'))],
  ['the alg of a JARM response', 'jarm.alg', () => jarmOf(unsignedJwt({ code: CODE, state: STATE }))],
  ['an encrypted JARM response', 'jwt.encryption', () => jarmOf(`${TOKEN}.${TOKEN.split('.', 2).join('.')}`)],

  ['the state of a hybrid response', 'authorization-response.state', () => hybrid(TIME, {}, 'other')],
  ['the nonce of a hybrid response', 'id-token.nonce', () => hybrid({ ...TIME, nonce: `${NONCE}x` })],
  ['the aud of a hybrid response', 'id-token.aud', () => hybrid({ ...TIME, aud: 'bank' })],
  ['the iat of a hybrid response', 'hybrid-response.iat', () => hybrid({ ...TIME, iat: 1 })],
  ['the auth_time of a hybrid response', 'id-token.auth_time-age', () => hybrid({ auth_time: 1 })],
  ['no c_hash', 'hybrid-response.c_hash-present', () => hybrid({ ...TIME, c_hash: [CODE] })],
  ['c_hash', 'hybrid-response.c_hash', () => hybrid({ ...TIME, c_hash: HASHES[1] })],
  ['the form of s_hash', 'hybrid-response.s_hash-form', () => hybrid({ ...TIME, s_hash: [STATE] })],
  ['s_hash', 'hybrid-response.s_hash', () => hybrid({ ...TIME, s_hash: HASHES[0] })],
  [
    'no s_hash',
    'hybrid-response.s_hash-present',
    () =>
      validateDetachedSignatureResponse(
        { ...as },
        client,
        hybridParameters(key, { s_hash: undefined, sub: SUBJECT }),
        NONCE,
        STATE,
      ),
  ],
  ['a code of another response', 'hybrid-response.c_hash', () => hybrid(TIME, { code: `${CODE}x` })],
  [
    'the signature of a hybrid response',
    'signature.value',
    () =>
      validateCodeIdTokenResponse(
        { ...as },
        client,
        new URLSearchParams({ code: CODE, state: STATE, id_token: FLIPPED }),
        NONCE,
        STATE,
        undefined,
        options,
      ),
  ],
  [
    'a header that is no JSON',
    'jwt.header',
    () => hybrid({}, { id_token: `${ACCESS_TOKEN}.${encodePart({ sub: SUBJECT })}.` }),
  ],
  ['an error beside an ID Token', undefined, () => hybrid(TIME, { error: 'access_denied' })],
  [
    'a request that is no form_post',
    undefined,
    () => {
      const url = `https://shop.example.com/cb?code=${CODE}&id_token=${TOKEN}`
      const request = new Request(url, { headers: { cookie: `session=${STATE}` } })
      return validateCodeIdTokenResponse(as, client, request, NONCE, STATE)
    },
  ],
  [
    'a URL without a fragment',
    undefined,
    () => {
      const url = new URL(`https://shop.example.com/cb?code=${CODE}&id_token=${TOKEN}`)
      return validateCodeIdTokenResponse(as, client, url, NONCE, STATE)
    },
  ],
  [
    'claims of a request object that are no JSON',
    'request-object.json',
    async () => {
      const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
      return await issueRequestObject(as, client, { claims: `{"sub":"${SUBJECT}"`, login_hint: EMAIL }, privateKey)
    },
  ],
]

describe('what a log sees of the refusal', () => {
  it.each(REFUSALS)('of %s', async (_, rule, act) => {
    const error = await rejectionOf(act)
    expect(error).toHaveProperty('code')
    if (rule !== undefined) expect(error).toMatchObject({ rule })
    holdsNoSecret(logged(error))
  })
})

describe('what a trace sees', () => {
  it('is no code, no token, and neither state nor nonce', async () => {
    const seen: string[] = []
    const party: Client = { ...client, [trace]: (event) => seen.push(inspect(event)) }
    validateAuthResponse(as, party, new URLSearchParams({ code: CODE, state: STATE }), STATE)
    const response = new URLSearchParams({ response: jarmToken({}) })
    await validateJwtAuthResponse({ ...as }, party, response, STATE, options)
    const parameters = hybridParameters(key, { sub: SUBJECT, email: EMAIL })
    await validateDetachedSignatureResponse({ ...as }, party, parameters, NONCE, STATE, undefined, options)
    expect(seen.length).toBeGreaterThan(60)
    holdsNoSecret(seen.join('\n'))
  })
})
