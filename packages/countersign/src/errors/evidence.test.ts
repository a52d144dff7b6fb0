import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  backchannelAuthenticationGrantRequest,
  customFetch,
  None,
  processBackchannelAuthenticationGrantResponse,
  processBackchannelAuthenticationResponse,
  processUserInfoResponse,
  validateApplicationLevelSignature,
} from '../index.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import { EvidencedError } from './evidence.ts'

/* What errors carry, and what of it a log shows: `console.log` shows what `util.inspect` does. */

type Members = Record<string, JsonValue | undefined>

// every secret of an answer has this in it
const SECRET = 'hunter2'
const PERSON = { sub: `anna-${SECRET}`, email: `anna@${SECRET}.example`, name: `Anna ${SECRET}` }

function idToken(changes: Members = {}, header: Members = { alg: 'RS256' }): string {
  return unsignedJwt(idTokenClaims({ ...PERSON, ...changes }), header)
}

/** A token response in which everything that is secret says so. */
function tokens(changes: Members = {}): Members {
  const secrets = { access_token: `access-${SECRET}`, refresh_token: `refresh-${SECRET}`, id_token: idToken() }
  return tokenBody({ ...secrets, ...changes })
}

const SECRET_HEADERS = { 'set-cookie': `session=${SECRET}` }

function processTokens(changes: Members, status = 200, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = json(tokens(changes), status, { ...SECRET_HEADERS, ...headers })
  return processBackchannelAuthenticationGrantResponse(as, client, answer)
}

async function verifyIdToken(token: string, ...keys: unknown[]): Promise<void> {
  const server = { ...as }
  const answer = json(tokens({ id_token: token }), 200, SECRET_HEADERS)
  await processBackchannelAuthenticationGrantResponse(server, client, answer)
  await validateApplicationLevelSignature(server, answer, keyServer(...keys).options)
}

function userInfo(body: unknown, status = 200, headers: Record<string, string> = {}): Promise<unknown> {
  return processUserInfoResponse(as, client, 'bert', json(body, status, { ...SECRET_HEADERS, ...headers }))
}

const key = signingKey('RS256', 'key-1')
const other = signingKey('RS256', 'key-2')

const REFUSALS: [string, () => Promise<unknown>][] = [
  ['an ID Token of another server', () => processTokens({ id_token: idToken({ iss: 'https://evil.example' }) })],
  ['an ID Token for another client', () => processTokens({ id_token: idToken({ aud: 'bank' }) })],
  [
    'an ID Token for several clients without azp',
    () => processTokens({ id_token: idToken({ aud: ['shop', 'bank'] }) }),
  ],
  ['an ID Token that has expired', () => processTokens({ id_token: idToken({ exp: 1 }) })],
  ['an ID Token whose sub is no text', () => processTokens({ id_token: idToken({ sub: [PERSON.sub] }) })],
  ['an ID Token whose auth_time is no number', () => processTokens({ id_token: idToken({ auth_time: PERSON.sub }) })],
  ['an ID Token whose nbf is no number', () => processTokens({ id_token: idToken({ nbf: PERSON.sub }) })],
  ['an ID Token of another algorithm', () => processTokens({ id_token: idToken({}, { alg: 'HS256' }) })],
  [
    'an ID Token with critical extensions',
    () => processTokens({ id_token: idToken({}, { alg: 'RS256', crit: ['x'] }) }),
  ],
  ['an ID Token in two parts', () => processTokens({ id_token: idToken().replace(/\.[^.]*$/, '') })],
  ['an ID Token in four parts', () => processTokens({ id_token: `${idToken()}.${SECRET}` })],
  ['an ID Token in no base64url', () => processTokens({ id_token: idToken().replaceAll('.', '=.') })],
  ['an encrypted ID Token', () => processTokens({ id_token: `${idToken()}.${SECRET}.${SECRET}` })],
  ['an ID Token that is no text', () => processTokens({ id_token: [idToken()] })],
  ['an access token that is no text', () => processTokens({ access_token: [SECRET] })],
  ['a refresh token that is no text', () => processTokens({ refresh_token: [SECRET] })],
  ['a scope that is no text', () => processTokens({ scope: [SECRET] })],
  ['a lifetime that is no number', () => processTokens({ expires_in: SECRET })],
  ['an unknown type of token', () => processTokens({ token_type: 'mac' })],
  ['tokens with status 201', () => processTokens({}, 201)],
  ['a redirect', () => processTokens({}, 302, { location: `https://app.example/?code=${SECRET}` })],
  ['a server error', () => processTokens({}, 500)],
  ['a client error that is no OAuth error', () => processTokens({}, 400)],
  [
    'an OAuth error',
    () =>
      processTokens(
        { error: 'access_denied', access_token: undefined, refresh_token: undefined, id_token: undefined },
        400,
      ),
  ],
  ['a challenge', () => processTokens({}, 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' })],
  ['a body that is an array', () => processBackchannelAuthenticationGrantResponse(as, client, json([tokens()]))],
  [
    'a body that is no JSON',
    () =>
      processBackchannelAuthenticationGrantResponse(
        as,
        client,
        new Response(`{"access_token":"${SECRET}"`, {
          headers: { 'content-type': 'application/json', ...SECRET_HEADERS },
        }),
      ),
  ],
  [
    'a body of HTML',
    () =>
      processBackchannelAuthenticationGrantResponse(
        as,
        client,
        new Response(`<p>${SECRET}`, { headers: { 'content-type': 'text/html', ...SECRET_HEADERS } }),
      ),
  ],
  [
    'an acknowledgement without lifetime',
    () => processBackchannelAuthenticationResponse(as, client, json({ auth_req_id: SECRET }, 200, SECRET_HEADERS)),
  ],
  ['UserInfo about another person', () => userInfo(PERSON)],
  ['UserInfo about nobody', () => userInfo({ ...PERSON, sub: undefined })],
  ['UserInfo with status 206', () => userInfo(PERSON, 206)],
  [
    'a signature by another key',
    () => verifyIdToken(signedJwt(other, idTokenClaims(PERSON), { kid: 'key-1' }), key.jwk),
  ],
  ['a signature by an unknown key', () => verifyIdToken(signedJwt(other, idTokenClaims(PERSON)), key.jwk)],
  ['a signature by one of two keys', () => verifyIdToken(signedJwt(key, idTokenClaims(PERSON)), key.jwk, key.jwk)],
  ['a key that is malformed', () => verifyIdToken(signedJwt(key, idTokenClaims(PERSON)), { ...key.jwk, e: undefined })],
]

describe('the error about', () => {
  it.each(REFUSALS)('%s shows a log neither token nor cookie nor person', async (_, act) => {
    const error = await rejectionOf(act)
    expect(error).toBeInstanceOf(EvidencedError)
    const logs = [inspect(error, { depth: 10 }), JSON.stringify(error), String(error)]
    for (const log of logs) {
      expect(log).not.toContain(SECRET)
      // the claims as a JWT has them: the first letters of every payload here
      expect(log).not.toContain('eyJpc3MiOi')
    }
  })

  it('an ID Token lets its reader at the claims, which only a log does not see', async () => {
    const error = await rejectionOf(() => processTokens({ id_token: idToken({ iss: 'https://evil.example' }) }))
    expect(error).toHaveProperty('cause.claims', expect.objectContaining({ ...PERSON, iss: 'https://evil.example' }))
  })

  it('a token response lets its reader at the body', async () => {
    const error = await rejectionOf(() => processTokens({ scope: [SECRET] }))
    expect(error).toHaveProperty('cause.body', expect.objectContaining({ access_token: `access-${SECRET}` }))
  })

  it('a header lets its reader at the header', async () => {
    const error = await rejectionOf(() => processTokens({ id_token: idToken({}, { alg: 'HS256', kid: 'a' }) }))
    expect(error).toHaveProperty('cause.header', { alg: 'HS256', kid: 'a' })
  })

  it('an answer carries the endpoint, status, content type, rule, paragraph, and what was compared', async () => {
    const answer = json(tokens({ id_token: idToken({ iss: 'https://evil.example' }) }))
    Object.defineProperty(answer, 'url', { value: as.token_endpoint })
    expect(await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, answer))).toMatchObject({
      endpoint: 'https://op.example.com/token',
      status: 200,
      contentType: 'application/json',
      rule: 'id-token.iss',
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      expected: 'https://op.example.com',
      actual: 'https://evil.example',
    })
  })

  it.each([
    ['an OAuth error', 400, {}, 'RFC 6749'],
    ['a challenge', 401, { 'www-authenticate': 'Bearer error="invalid_client"' }, 'RFC 9110'],
  ])('%s carries the endpoint, status, content type and paragraph', async (_, status, headers, document) => {
    const answer = json({ error: 'access_denied' }, status, headers)
    Object.defineProperty(answer, 'url', { value: as.token_endpoint })
    expect(await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, answer))).toMatchObject({
      endpoint: 'https://op.example.com/token',
      status,
      contentType: 'application/json',
      spec: { document },
    })
  })
})

describe('the message of an error', () => {
  const NASTY = 'a\r\nb\u001b[31mc\u007fd\u0085e\u009b31mf\u0000'

  it.each<[string, () => Promise<unknown>]>([
    ['an ID Token’s iss', () => processTokens({ id_token: idToken({ iss: NASTY }) })],
    ['an ID Token’s aud', () => processTokens({ id_token: idToken({ aud: [NASTY] }) })],
    ['an ID Token’s alg', () => processTokens({ id_token: idToken({}, { alg: NASTY }) })],
    ['a token_type', () => processTokens({ token_type: NASTY })],
    ['a kid', () => verifyIdToken(signedJwt(key, idTokenClaims(), { kid: NASTY }), key.jwk)],
    ['an OAuth error', () => processTokens({ error: NASTY }, 400)],
    ['a challenge', () => processTokens({}, 401, { 'www-authenticate': 'Bearer error="a\u009b31mb\u0085c"' })],
    ['a content type', () => processTokens({}, 400, { 'content-type': 'text/a\u009b31mb\u0085' })],
  ])('has no control character of %s', async (_, act) => {
    const error = await rejectionOf(act)
    expect(error).toBeInstanceOf(EvidencedError)
    expect(String(error)).not.toMatch(/\p{Cc}/u)
  })
})

it('repeats no secret of the client where the network fails', async () => {
  const failure = new TypeError('fetch failed')
  const options = { [customFetch]: () => Promise.reject(failure) }
  const act = () => backchannelAuthenticationGrantRequest(as, client, None(), SECRET, options)
  expect(await rejectionOf(act)).toBe(failure)
})
