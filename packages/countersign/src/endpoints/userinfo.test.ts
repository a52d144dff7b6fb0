import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DPoP } from '../dpop/dpop.ts'
import { isDPoPNonceError } from '../dpop/nonce-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import * as http from '../http/body.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import * as metadata from '../metadata/endpoint.ts'
import { as, client, json } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import { processUserInfoResponse, skipSubjectCheck, userInfoRequest } from './userinfo.ts'
import * as userinfo from './userinfo.ts'

/* Signed and encrypted UserInfo has tests of its own beside this file. */

describe('userInfoRequest', () => {
  it('sends the access token by GET, and nothing else (OIDC Core 5.3.1)', async () => {
    const { options, requests } = recorder()
    await userInfoRequest(as, client, 'access', options)
    expect(requests).toMatchObject([
      {
        url: 'https://op.example.com/me',
        method: 'GET',
        headers: {
          accept: 'application/json, application/jwt',
          authorization: 'Bearer access',
          'user-agent': `countersign/${VERSION}`,
        },
        redirect: 'manual',
      },
    ])
    expect(Object.keys(requests[0]?.headers ?? {})).toEqual(['accept', 'authorization', 'user-agent'])
  })

  it('asks for a JWT alone where answers are to be signed (OIDC Core 5.3.2)', async () => {
    const { options, requests } = recorder()
    await userInfoRequest(as, { ...client, userinfo_signed_response_alg: 'ES256' }, 'access', options)
    expect(requests).toMatchObject([{ headers: { accept: 'application/jwt' } }])
  })

  it('sends a DPoP proof with the hash of the token, and the scheme DPoP (RFC 9449 7.1)', async () => {
    const { options, requests } = recorder()
    const handle = DPoP(client, await generateKeyPair('ES256'))
    await userInfoRequest(as, client, 'access', { ...options, DPoP: handle })
    expect(requests[0]?.headers.authorization).toBe('DPoP access')
    expect(takeApart(requests[0]?.headers.dpop ?? '').claims).toMatchObject({
      htm: 'GET',
      htu: 'https://op.example.com/me',
      ath: createHash('sha256').update('access').digest('base64url'),
    })
  })

  it('learns the nonce that a challenge brings, for the next proof (RFC 9449 9)', async () => {
    const headers = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n1' }
    const { options, requests } = recorder(() => json({}, 401, headers))
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const answer = await userInfoRequest(as, client, 'access', { ...options, DPoP: handle })
    const error = await rejectionOf(() => processUserInfoResponse(as, client, 'anna', answer))
    expect(isDPoPNonceError(error)).toBe(true)
    await userInfoRequest(as, client, 'access', { ...options, DPoP: handle })
    expect(takeApart(requests[1]?.headers.dpop ?? '').claims).toMatchObject({ nonce: 'n1' })
  })

  it('has the scheme DPoP also for a proof of the caller (RFC 9449 7.1)', async () => {
    const { options, requests } = recorder()
    await userInfoRequest(as, client, 'access', { ...options, headers: { DPoP: 'proof' } })
    expect(requests[0]?.headers).toMatchObject({ authorization: 'DPoP access', dpop: 'proof' })
  })

  it.each(NO_TEXTS)('sends nothing where the access token is %s', async (_title, token, code) => {
    const { options, requests } = recorder()
    // what callers without types do
    await isCallersMistake(code, () => userInfoRequest(as, client, token as string, options))
    expect(requests).toEqual([])
  })

  it('needs the endpoint in the metadata (OIDC Core 5.3)', async () => {
    const { userinfo_endpoint: _, ...server } = as
    const { options, requests } = recorder()
    const act = () => userInfoRequest(server, client, 'access', options)
    await refuses(metadata.ENDPOINT_PRESENT, act, metadata.ENDPOINT_URL)
    expect(requests).toEqual([])
  })

  it('sends no token without TLS, but by allowInsecureRequests (OIDC Core 5.3)', async () => {
    const server = { ...as, userinfo_endpoint: 'http://127.0.0.1:3000/me' }
    const { options, requests } = recorder()
    const error = await rejectionOf(() => userInfoRequest(server, client, 'access', options))
    expect(error).toMatchObject({ code: 'OAUTH_HTTP_REQUEST_FORBIDDEN', rule: metadata.REQUEST_TLS.id })
    expect(requests).toEqual([])
    await userInfoRequest(server, client, 'access', { ...options, [allowInsecureRequests]: true })
    expect(requests).toMatchObject([{ headers: { authorization: 'Bearer access' } }])
  })

  it('goes to the mTLS alias where the client wants it (RFC 8705 5)', async () => {
    const server = { ...as, mtls_endpoint_aliases: { userinfo_endpoint: 'https://mtls.op.example.com/me' } }
    const { options, requests } = recorder()
    await userInfoRequest(server, { ...client, use_mtls_endpoint_aliases: true }, 'access', options)
    expect(requests).toMatchObject([{ url: 'https://mtls.op.example.com/me' }])
  })
})

const CLAIMS = { sub: 'anna', name: 'Anna', email: 'anna@example.com', email_verified: true }

function process(body: JsonValue, status = 200, headers?: Record<string, string>) {
  return processUserInfoResponse(as, client, 'anna', json(body, status, headers))
}

describe('processUserInfoResponse', () => {
  it('gives every claim of a valid answer, unknown ones too (OIDC Core 5.3.2)', async () => {
    const claims = { ...CLAIMS, address: { country: 'DE' }, extra: [null] }
    expect(await process(claims)).toEqual(claims)
  })

  it.each(everyTypeBut('a text'))('refuses a sub that is no text: %s (OIDC Core 5.3.2)', async (_, sub) => {
    const act = () => processUserInfoResponse(as, client, skipSubjectCheck, json({ ...CLAIMS, sub }))
    await refuses(userinfo.USERINFO_SUBJECT_PRESENT, act)
  })

  it.each(['eve', 'Anna', 'anna ', 'ann', 'anna\u0000', 'ａnna'])(
    'refuses the claims of %j in place of those of anna (OIDC Core 5.3.2)',
    async (sub) => {
      const error = await refuses(userinfo.USERINFO_SUBJECT, () => process({ ...CLAIMS, sub }))
      expect(error.cause).toMatchObject({ attribute: 'sub' })
    },
  )

  it('with skipSubjectCheck lets any other person through: a token of eve signs in as eve', async () => {
    const answer = json({ ...CLAIMS, sub: 'eve' })
    expect(await processUserInfoResponse(as, client, skipSubjectCheck, answer)).toMatchObject({ sub: 'eve' })
  })

  it('with skipSubjectCheck lets nothing else through', async () => {
    const act = () => processUserInfoResponse(as, client, skipSubjectCheck, json({ ...CLAIMS, sub: undefined }))
    await refuses(userinfo.USERINFO_SUBJECT_PRESENT, act)
  })

  it.each([201, 204, 302, 400, 401, 403, 404, 500])('refuses the status %s (OIDC Core 5.3.3)', async (status) => {
    const answer = () => {
      const text = status === 204 ? null : JSON.stringify(CLAIMS)
      return new Response(text, { status, headers: { 'content-type': 'application/json' } })
    }
    const act = () => processUserInfoResponse(as, client, 'anna', answer())
    // 204 has no body
    const error = await refuses(userinfo.USERINFO_STATUS, act, http.BODY_JSON)
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('takes no OAuth error of a body for one, since RFC 6750 has them in challenges (OIDC Core 5.3.3)', async () => {
    const act = () => process({ error: 'invalid_token' }, 401)
    await refuses(userinfo.USERINFO_STATUS, act, userinfo.USERINFO_SUBJECT_PRESENT)
  })

  it.each([200, 400, 401, 403, 500])('tells a challenge, also with the status %s (RFC 6750 3)', async (status) => {
    const headers = { 'www-authenticate': 'Bearer error="invalid_token", error_description="spent"' }
    const answer = json(CLAIMS, status, headers)
    const error = await rejectionOf(() => processUserInfoResponse(as, client, 'anna', answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status,
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token', error_description: 'spent' } }],
    })
    expect(error).toHaveProperty('response', answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it('refuses what is no JSON (OIDC Core 5.3.2)', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    const processAnswer = (answer: Response) => processUserInfoResponse(as, client, 'anna', answer)
    await refuses(http.BODY_CONTENT_TYPE, () => processAnswer(html()), http.BODY_JSON)
    const broken = () => new Response('{', { headers: { 'content-type': 'application/json' } })
    await refuses(http.BODY_JSON, () => processAnswer(broken()), http.BODY_OBJECT)
  })

  it.each<JsonValue>([null, [CLAIMS], 'anna', 5])(
    'refuses %j in place of an object (OIDC Core 5.3.2)',
    async (body) => {
      // what is no object has no sub
      await refuses(http.BODY_OBJECT, () => process(body), userinfo.USERINFO_SUBJECT_PRESENT)
    },
  )

  it('takes nothing from a member __proto__', async () => {
    const answer = () => new Response('{"__proto__":{"sub":"anna"}}')
    const act = () => processUserInfoResponse(as, client, 'anna', answer())
    await refuses(userinfo.USERINFO_SUBJECT_PRESENT, act, userinfo.USERINFO_SUBJECT)
  })
})
