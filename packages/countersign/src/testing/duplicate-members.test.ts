import { describe, expect, it } from 'vitest'
import { processDiscoveryResponse } from '../endpoints/discovery.ts'
import { skipSubjectCheck, processUserInfoResponse } from '../endpoints/userinfo.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { ID_TOKEN_AUDIENCE, ID_TOKEN_ISSUER } from '../tokens/id-token.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import { as, client, encodePart, idTokenClaims, tokenBody } from './answers.ts'
import { refuses, rejectionOf } from './refuses.ts'

/*
 * RFC 8259 §4: what a reader makes of a member that stands twice is open. ECMA-262, JSON.parse: the last one counts. So
 * one value is validated, and the same one is what the caller gets: none of the two can be checked and the other used.
 */

const headers = { 'content-type': 'application/json' }

/** JSON of an object, with members that stand before and behind its own. */
function text(members: object, before: string, behind: string): string {
  return `{${[before, JSON.stringify(members).slice(1, -1), behind].filter(Boolean).join(',')}}`
}

function answer(body: string, status = 200): Response {
  return new Response(body, { status, headers })
}

function idToken(before: string, behind: string): string {
  const claims = encodeBase64url(encodeText(text(idTokenClaims(), before, behind)))
  return `${encodePart({ alg: 'RS256' })}.${claims}.${encodePart('no signature')}`
}

async function claimsOf(id_token: string): Promise<unknown> {
  const response = answer(JSON.stringify(tokenBody({ id_token })))
  return getValidatedIdTokenClaims(await processBackchannelAuthenticationGrantResponse(as, client, response))
}

describe('a member that stands twice', () => {
  it.each([
    ['iss', '"https://evil.example"', ID_TOKEN_ISSUER],
    ['aud', '"another"', ID_TOKEN_AUDIENCE],
    ['aud', '["another"]', ID_TOKEN_AUDIENCE],
  ])('is %s by its last value, in what is checked and in what is given (%s)', async (claim, value, rule) => {
    await refuses(rule, () => claimsOf(idToken('', `"${claim}":${value}`)))
    expect(await claimsOf(idToken(`"${claim}":${value}`, ''))).toMatchObject(idTokenClaims())
  })

  it('is exp by its last value: an expired token stays expired (RFC 7519 4.1.4)', async () => {
    expect(await rejectionOf(() => claimsOf(idToken('', '"exp":1')))).toMatchObject({ rule: 'jwt.exp-time' })
    expect(await claimsOf(idToken('"exp":99999999999', ''))).toMatchObject(idTokenClaims())
  })

  it('is alg by its last value: none of the two can be checked and the other used (RFC 7515 4)', async () => {
    const [, claims = '', signature = ''] = idToken('', '').split('.')
    const headerOf = (json: string): string => `${encodeBase64url(encodeText(json))}.${claims}.${signature}`
    expect(await rejectionOf(() => claimsOf(headerOf('{"alg":"RS256","alg":"none"}')))).toMatchObject({
      rule: 'id-token.alg',
      actual: 'none',
    })
    expect(await claimsOf(headerOf('{"alg":"none","alg":"RS256"}'))).toMatchObject(idTokenClaims())
  })

  it('is error by its last value (RFC 6749 5.2)', async () => {
    const body = '{"error":"slow_down","error":"authorization_pending"}'
    const error = await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, answer(body, 400)))
    expect(error).toMatchObject({ error: 'authorization_pending', cause: { error: 'authorization_pending' } })
  })

  it('is issuer by its last value, also where it is escaped (RFC 8414 3.3)', async () => {
    const discovered = (behind: string) => processDiscoveryResponse(new URL(as.issuer), answer(text(as, '', behind)))
    expect(await rejectionOf(() => discovered('"issuer":"https://evil.example"'))).toMatchObject({
      rule: 'discovery.issuer',
    })
    expect(await rejectionOf(() => discovered('"\\u0069ssuer":"https://evil.example"'))).toMatchObject({
      rule: 'discovery.issuer',
    })
  })

  it('is sub by its last value (OpenID Connect Core 5.3.2)', async () => {
    const process = (body: string) => processUserInfoResponse(as, client, 'anna', answer(body))
    expect(await process('{"sub":"bob","sub":"anna"}')).toEqual({ sub: 'anna' })
    expect(await rejectionOf(() => process('{"sub":"anna","sub":"bob"}'))).toMatchObject({ rule: 'userinfo.sub' })
  })
})

describe('a member called __proto__', () => {
  const inherited = '"__proto__":{"iss":"https://op.example.com","aud":"shop","sub":"anna","exp":99999999999}'

  it('gives an ID Token no claims by inheritance', async () => {
    const claims = encodeBase64url(encodeText(`{${inherited}}`))
    const token = `${encodePart({ alg: 'RS256' })}.${claims}.${encodePart('no signature')}`
    expect(await rejectionOf(() => claimsOf(token))).toMatchObject({ rule: 'id-token.aud-present' })
  })

  it('gives an answer no members by inheritance', async () => {
    const token = answer('{"__proto__":{"access_token":"a","token_type":"bearer"}}')
    expect(await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, token))).toMatchObject({
      rule: 'token-response.access_token',
    })
    const sub = answer('{"__proto__":{"sub":"anna"}}')
    expect(await rejectionOf(() => processUserInfoResponse(as, client, skipSubjectCheck, sub))).toMatchObject({
      rule: 'userinfo.sub-present',
    })
    const error = answer('{"__proto__":{"error":"access_denied"}}', 400)
    expect(await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, error))).toMatchObject({
      rule: 'token-response.status',
    })
  })

  it('is kept as a member, and changes no other object', async () => {
    const body = text(tokenBody(), '', '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}')
    const tokens = await processBackchannelAuthenticationGrantResponse(as, client, answer(body))
    expect(Object.getPrototypeOf(tokens)).toBe(Object.prototype)
    expect(Object.hasOwn(tokens, '__proto__')).toBe(true)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})
