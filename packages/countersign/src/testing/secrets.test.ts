import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as countersign from '../index.ts'
import { as, client, encodePart, idTokenClaims, json, tokenBody, unsignedJwt } from './answers.ts'
import { keyServer } from './key-server.ts'
import { rejectionOf } from './refuses.ts'
import { signedJwt, signingKey } from './signed.ts'
import { bodyOf } from './streams.ts'

/*
 * No error holds a token, a secret or what tells of a person in what logs see of it: whatever is refused, at every stage.
 */

const ACCESS_TOKEN = 'access-AxGQ2hXc7'
const REFRESH_TOKEN = 'refresh-9vJd2LkQm'
const SUBJECT = 'sub-248289761001'
const EMAIL = 'anna.schmidt@example.com'
const NAME = 'Anna Schmidt'
const CLIENT_SECRET = 'secret-7Fjfp0ZBr1'

const EVE = 'sub-of-eve-55501'
const SECRETS = [ACCESS_TOKEN, REFRESH_TOKEN, SUBJECT, EMAIL, NAME, CLIENT_SECRET, EVE]

function holdsNoSecret(text: string): void {
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
  // neither a JWT nor the beginning of one
  expect(text).not.toMatch(/eyJ[\w-]{8}/)
}

/** Every form in which an error comes into a log. */
function logged(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error('no error')
  return [inspect(error, { depth: 12, showHidden: false }), JSON.stringify(error), message, stack].join('\n')
}

type Members = Parameters<typeof tokenBody>[0]

const key = signingKey('ES256', 'k')
const signing = { ...client, id_token_signed_response_alg: 'ES256', userinfo_signed_response_alg: 'ES256' }

function claims(changes?: Members) {
  return idTokenClaims({ sub: SUBJECT, email: EMAIL, name: NAME, ...changes })
}

function tokens(changes?: Members) {
  const id_token = signedJwt(key, claims())
  return tokenBody({ access_token: ACCESS_TOKEN, refresh_token: REFRESH_TOKEN, id_token, ...changes })
}

function grant(
  body: Members | string,
  status = 200,
  headers: Record<string, string> = {},
  party: countersign.Client = signing,
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
  return countersign.processBackchannelAuthenticationGrantResponse(as, party, answer)
}

function idToken(changes: Members, header: object = { alg: 'ES256' }) {
  return grant(tokens({ id_token: unsignedJwt(claims(changes), header) }))
}

function userInfo(changes: Members, type = 'application/json', party: countersign.Client = client) {
  const members = { ...claims(), ...changes }
  const text = type === 'application/jwt' ? unsignedJwt(members, { alg: 'ES256' }) : JSON.stringify(members)
  const answer = new Response(text, { headers: { 'content-type': type } })
  return countersign.processUserInfoResponse(as, party, SUBJECT, answer)
}

async function signature(changes: object, token = signedJwt(key, claims())) {
  const server = { ...as }
  const answer = json(tokens({ id_token: token }))
  await countersign.processBackchannelAuthenticationGrantResponse(server, signing, answer)
  const { options } = keyServer({ ...key.jwk, ...changes })
  return await countersign.validateApplicationLevelSignature(server, answer, options)
}

/** Breaks off behind the tokens. */
function brokenOff() {
  const stream = bodyOf(JSON.stringify(tokens()).slice(0, -1), new Error('reset'))
  return countersign.processBackchannelAuthenticationGrantResponse(as, client, new Response(stream))
}

function codeAnswer(changes: Members, options: countersign.ProcessAuthorizationCodeResponseOptions) {
  const answer = json(tokens({ id_token: unsignedJwt(claims(changes), { alg: 'ES256' }) }))
  return countersign.processAuthorizationCodeResponse(as, signing, answer, options)
}

function introspection(changes: Members, members: Members = { active: true }, header: object = {}) {
  const answered = { ...claims(), token_introspection: { sub: SUBJECT, email: EMAIL, ...members }, ...changes }
  const token = unsignedJwt(answered, { alg: 'ES256', typ: 'token-introspection+jwt', ...header })
  const answer = new Response(token, { headers: { 'content-type': 'application/token-introspection+jwt' } })
  const party = { ...client, introspection_signed_response_alg: 'ES256' }
  return countersign.processIntrospectionResponse(as, party, answer)
}

function registered(changes: Members) {
  const members = { client_id: 'shop', client_secret: CLIENT_SECRET, client_secret_expires_at: 0 }
  const more = { registration_access_token: ACCESS_TOKEN, contacts: [EMAIL] }
  const answer = json({ ...members, ...more, ...changes }, 201)
  return countersign.processDynamicClientRegistrationResponse(answer)
}

function device(changes: Members) {
  const members = { device_code: ACCESS_TOKEN, user_code: REFRESH_TOKEN, verification_uri: 'https://op.example.com' }
  const answer = json({ ...members, expires_in: 300, ...changes })
  return countersign.processDeviceAuthorizationResponse(as, client, answer)
}

async function copied() {
  const answer = json(tokens())
  const response = await countersign.processBackchannelAuthenticationGrantResponse(as, signing, answer)
  return countersign.getValidatedIdTokenClaims({ ...response })
}

const past = 1_500_000_000
const future = 4_102_444_800
const jwe = { id_token: 'a.b.c.d.e' }

const REFUSALS: readonly (readonly [title: string, rule: string | undefined, act: () => unknown])[] = [
  // the answer of the token endpoint
  ['the status', 'token-response.status', () => grant(tokens(), 201)],
  ['the status of a failure', 'token-response.status', () => grant(tokens(), 500)],
  [
    'a content type of an error',
    'error-response.content-type',
    () => grant(tokens(), 400, { 'content-type': 'text/html' }),
  ],
  ['an error answer without error', 'token-response.status', () => grant(tokens(), 400)],
  ['a challenge', undefined, () => grant(tokens(), 401, { 'www-authenticate': 'DPoP error="invalid_token"' })],
  ['JSON that is broken', 'response.json', () => grant(`${JSON.stringify(tokens())}}`)],
  [
    'a body that is no JSON',
    'response.content-type',
    () => grant(`token ${JSON.stringify(tokens())}`, 200, { 'content-type': 'text/html' }),
  ],
  ['an array', 'response.object', () => grant(`[${JSON.stringify(tokens())}]`)],
  ['a text', 'response.object', () => grant(JSON.stringify(ACCESS_TOKEN))],
  ['a body that is too large', 'response.size', () => grant(tokens({ extra: 'x'.repeat(2 ** 21) }))],
  ['a body that breaks off', 'response.body', brokenOff],
  ['access_token', 'token-response.access_token', () => grant(tokens({ access_token: [ACCESS_TOKEN] }))],
  ['token_type', 'token-response.token_type', () => grant(tokens({ token_type: [ACCESS_TOKEN] }))],
  ['an unknown token_type', 'token-response.token_type-known', () => grant(tokens({ token_type: 'mac' }))],
  ['expires_in', 'token-response.expires_in', () => grant(tokens({ expires_in: ACCESS_TOKEN }))],
  ['refresh_token', 'token-response.refresh_token', () => grant(tokens({ refresh_token: { token: REFRESH_TOKEN } }))],
  ['scope', 'token-response.scope', () => grant(tokens({ scope: [EMAIL] }))],
  ['id_token', 'token-response.id_token', () => grant(tokens({ id_token: [signedJwt(key, claims())] }))],

  // the JWT
  ['parts', 'jwt.parts', () => grant(tokens({ id_token: `${signedJwt(key, claims())}.` }))],
  ['encryption', 'jwt.encryption', () => grant(tokens(jwe))],
  ['a header that is no JSON', 'jwt.header', () => grant(tokens({ id_token: `${ACCESS_TOKEN}.e30.` }))],
  ['a header that is a text', 'jwt.header-object', () => grant(tokens({ id_token: `${encodePart(EMAIL)}.e30.` }))],
  ['alg', 'id-token.alg', () => idToken({}, { alg: 'RS256', sub: SUBJECT, email: EMAIL })],
  ['alg none', 'id-token.alg', () => idToken({}, { alg: 'none', sub: SUBJECT, email: EMAIL })],
  ['crit', 'jwt.crit', () => idToken({}, { alg: 'ES256', crit: [EMAIL], sub: SUBJECT })],
  [
    'claims that are no JSON',
    'jwt.claims',
    () => grant(tokens({ id_token: `${encodePart({ alg: 'ES256' })}.${ACCESS_TOKEN}.` })),
  ],
  [
    'claims that are a text',
    'jwt.claims-object',
    () => grant(tokens({ id_token: `${encodePart({ alg: 'ES256' })}.${encodePart(EMAIL)}.` })),
  ],

  // the claims
  ['iss', 'id-token.iss', () => idToken({ iss: 'https://evil.example' })],
  ['no iss', 'id-token.iss-present', () => idToken({ iss: undefined })],
  ['iss that is no string', 'jwt.iss', () => idToken({ iss: [SUBJECT] })],
  ['aud', 'id-token.aud', () => idToken({ aud: 'bank' })],
  ['no aud', 'id-token.aud-present', () => idToken({ aud: undefined })],
  ['aud that is an object', 'jwt.aud', () => idToken({ aud: { sub: SUBJECT } })],
  ['no azp', 'id-token.azp-present', () => idToken({ aud: ['shop', 'bank'] })],
  ['azp', 'id-token.azp', () => idToken({ aud: ['shop', 'bank'], azp: 'bank' })],
  ['exp', 'jwt.exp-time', () => idToken({ exp: past })],
  ['no exp', 'id-token.exp', () => idToken({ exp: undefined })],
  ['exp that is no number', 'jwt.exp', () => idToken({ exp: EMAIL })],
  ['nbf', 'jwt.nbf-time', () => idToken({ nbf: future })],
  ['nbf that is no number', 'jwt.nbf', () => idToken({ nbf: EMAIL })],
  ['no iat', 'id-token.iat', () => idToken({ iat: undefined })],
  ['iat that is no number', 'jwt.iat', () => idToken({ iat: EMAIL })],
  ['no sub', 'id-token.sub-present', () => idToken({ sub: undefined })],
  ['sub that is no string', 'id-token.sub', () => idToken({ sub: [SUBJECT] })],
  ['auth_time', 'id-token.auth_time', () => idToken({ auth_time: EMAIL })],
  [
    'no auth_time',
    'id-token.auth_time-present',
    () => grant(tokens(), 200, {}, { ...signing, require_auth_time: true }),
  ],
  ['claims of a copy', undefined, copied],

  // the signature
  ['a signature', 'signature.value', () => signature(signingKey('ES256').jwk)],
  ['the encoding of a signature', 'signature.encoding', () => signature({}, `${signedJwt(key, claims())}=`)],
  ['no key', 'signature.kid', () => signature({ kid: 'other' })],
  ['a key that is malformed', 'signature.key', () => signature({ x: 'AA' })],

  // UserInfo
  ['UserInfo about another person', 'userinfo.sub', () => userInfo({ sub: EVE })],
  ['UserInfo without sub', 'userinfo.sub-present', () => userInfo({ sub: undefined })],
  ['UserInfo whose sub is no text', 'userinfo.sub-present', () => userInfo({ sub: [SUBJECT] })],
  ['UserInfo without signature', 'userinfo.signed', () => userInfo({}, 'application/json', signing)],
  ['signed UserInfo about another person', 'userinfo.sub', () => userInfo({ sub: EVE }, 'application/jwt', signing)],
  [
    'signed UserInfo by another issuer',
    'userinfo.iss',
    () => userInfo({ iss: 'https://evil.example' }, 'application/jwt', signing),
  ],
  ['signed UserInfo for another client', 'userinfo.aud', () => userInfo({ aud: 'bank' }, 'application/jwt', signing)],
  ['signed UserInfo without algorithm', 'userinfo.alg', () => userInfo({}, 'application/jwt')],

  // the authorization code
  ['a nonce', 'id-token.nonce', () => codeAnswer({ nonce: ACCESS_TOKEN }, { expectedNonce: REFRESH_TOKEN })],
  ['a nonce that nobody asked for', 'id-token.nonce', () => codeAnswer({ nonce: ACCESS_TOKEN }, {})],
  ['no nonce', 'id-token.nonce-present', () => codeAnswer({}, { expectedNonce: REFRESH_TOKEN })],
  ['an old authentication', 'id-token.auth_time-age', () => codeAnswer({ auth_time: past }, { maxAge: 0 })],
  [
    'no ID Token',
    'token-response.id_token-expected',
    () =>
      countersign.processAuthorizationCodeResponse(as, client, json(tokens({ id_token: undefined })), { maxAge: 0 }),
  ],

  // introspection, registration, device authorization
  ['an introspection without active', 'introspection.active', () => introspection({}, { active: EMAIL })],
  ['an introspection of another type', 'introspection.typ', () => introspection({}, {}, { typ: [EMAIL] })],
  ['an introspection for another client', 'introspection.aud', () => introspection({ aud: 'bank' })],
  ['an introspection by another server', 'introspection.iss', () => introspection({ iss: 'https://evil.example' })],
  [
    'an introspection that is no object',
    'introspection.token_introspection',
    () => introspection({ token_introspection: [EMAIL] }),
  ],
  ['a client without client_id', 'registration.client_id', () => registered({ client_id: [EMAIL] })],
  ['a client_secret', 'registration.client_secret', () => registered({ client_secret: [CLIENT_SECRET] })],
  [
    'the end of a client_secret',
    'registration.client_secret_expires_at',
    () => registered({ client_secret_expires_at: CLIENT_SECRET }),
  ],
  ['a device_code', 'device-authorization.device_code', () => device({ device_code: [ACCESS_TOKEN] })],
  ['the end of a device_code', 'device-authorization.expires_in', () => device({ expires_in: ACCESS_TOKEN })],
]

describe('what a log sees of the refusal', () => {
  it.each(REFUSALS)('of %s', async (_, rule, act) => {
    const error = await rejectionOf(act)
    expect(error).toHaveProperty('code')
    if (rule !== undefined) expect(error).toMatchObject({ rule })
    holdsNoSecret(logged(error))
  })

  it('of an OAuth error is what the server says in it, but in the message only its code', async () => {
    const error = await rejectionOf(() => grant({ error: 'unknown_user_id', error_description: EMAIL }, 400))
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error_description: EMAIL })
    // toMatchObject has looked at it
    const { message, stack = '' } = error as Error
    holdsNoSecret(message)
    holdsNoSecret(stack)
  })
})

describe('what a log sees of a request that cannot be made', () => {
  const options = { [countersign.customFetch]: () => Promise.reject(new Error('unreachable')) }
  const plain = {
    ...as,
    token_endpoint: 'http://op.example.com/token',
    userinfo_endpoint: 'http://op.example.com/me',
  }
  const auth = countersign.ClientSecretPost(CLIENT_SECRET)

  it.each<[string, () => unknown]>([
    ['without TLS, with an access token', () => countersign.userInfoRequest(plain, client, ACCESS_TOKEN, options)],
    [
      'without TLS, with a client secret',
      () => countersign.backchannelAuthenticationGrantRequest(plain, client, auth, ACCESS_TOKEN, options),
    ],
    [
      'with headers that have the access token already',
      () =>
        countersign.userInfoRequest(as, client, ACCESS_TOKEN, { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } }),
    ],
    [
      'without TLS, with a refresh token',
      () => countersign.refreshTokenGrantRequest(plain, client, auth, REFRESH_TOKEN, options),
    ],
    [
      'without an endpoint, with a token to revoke',
      () => countersign.revocationRequest({ issuer: as.issuer }, client, auth, REFRESH_TOKEN, options),
    ],
    [
      'without an endpoint, with a token to ask about',
      () => countersign.introspectionRequest({ issuer: as.issuer }, client, auth, ACCESS_TOKEN, options),
    ],
    [
      'without an endpoint, with an initial access token',
      () => {
        const given = { ...options, initialAccessToken: ACCESS_TOKEN }
        return countersign.dynamicClientRegistrationRequest({ issuer: as.issuer }, { client_id: EMAIL }, given)
      },
    ],
    [
      'for a person by e-mail, without an endpoint',
      () => countersign.backchannelAuthenticationRequest({ issuer: as.issuer }, client, auth, { login_hint: EMAIL }),
    ],
    [
      'with a signal in place of which a token was given',
      () => {
        const given: object = { ...options, signal: ACCESS_TOKEN }
        return countersign.userInfoRequest(as, client, ACCESS_TOKEN, given)
      },
    ],
    [
      'with a token in place of metadata',
      () => {
        // a caller without types can write what the type forbids
        const server = ACCESS_TOKEN as unknown as countersign.AuthorizationServer
        return countersign.userInfoRequest(server, client, ACCESS_TOKEN)
      },
    ],
  ])('%s', async (_, act) => {
    const error = await rejectionOf(act)
    expect(error).toHaveProperty('code')
    holdsNoSecret(logged(error))
  })
})

describe('what a trace sees', () => {
  it('is no token and nothing that tells of a person', async () => {
    const seen: string[] = []
    const party = { ...signing, [countersign.trace]: (event: countersign.CheckEvent) => seen.push(inspect(event)) }
    await grant(tokens(), 200, {}, party)
    await countersign.processUserInfoResponse(
      as,
      party,
      SUBJECT,
      new Response(signedJwt(key, claims()), {
        headers: { 'content-type': 'application/jwt' },
      }),
    )
    await rejectionOf(() => userInfo({ sub: EVE }, 'application/jwt', party))
    expect(seen.length).toBeGreaterThan(60)
    holdsNoSecret(seen.join('\n'))
  })
})
