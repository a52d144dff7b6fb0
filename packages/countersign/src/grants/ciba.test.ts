import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { VERSION } from '../http/headers.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import type { CheckEvent } from '../rules/trace.ts'
import { trace } from '../rules/trace.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { TOKEN_RESPONSE_STATUS } from '../tokens/token-response.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import { backchannelAuthenticationGrantRequest, processBackchannelAuthenticationGrantResponse } from './ciba.ts'

function process(response: Response) {
  return processBackchannelAuthenticationGrantResponse(as, client, response)
}

describe('backchannelAuthenticationGrantRequest', () => {
  it('sends the form of the grant, and nothing else (CIBA Core 10.1)', async () => {
    const { options, requests } = recorder()
    await backchannelAuthenticationGrantRequest(as, client, ClientSecretBasic('secret'), '1c266114', options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/token',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'auth_req_id=1c266114&grant_type=urn%3Aopenid%3Aparams%3Agrant-type%3Aciba',
        redirect: 'manual',
      },
    ])
  })

  it('sends an auth_req_id as it is, form-encoded (CIBA Core 7.3: opaque)', async () => {
    const { options, requests } = recorder()
    const authReqId = ' a&b=c+d%20é\u0000/😀'
    await backchannelAuthenticationGrantRequest(as, client, None(), authReqId, options)
    expect(new URLSearchParams(requests[0]?.body).get('auth_req_id')).toBe(authReqId)
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'authorization_pending' }, 400)
    const { options } = recorder(() => answer)
    expect(await backchannelAuthenticationGrantRequest(as, client, None(), 'id', options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })
})

describe('processBackchannelAuthenticationGrantResponse', () => {
  it('gives the tokens and the claims of a valid answer (CIBA Core 10.1.1)', async () => {
    const claims = idTokenClaims()
    const tokens = await process(json(tokenBody({ id_token: unsignedJwt(claims) })))
    expect(tokens).toMatchObject({ access_token: 'access', token_type: 'bearer' })
    expect(getValidatedIdTokenClaims(tokens)).toEqual(claims)
  })

  it('tells a trace every check in its order, and that all passed', async () => {
    const events: CheckEvent[] = []
    const traced = { ...client, [trace]: (event: CheckEvent) => void events.push(event) }
    await processBackchannelAuthenticationGrantResponse(as, traced, json(tokenBody()))
    expect(events.filter(({ passed }) => !passed)).toEqual([])
    expect(events.map(({ rule }) => rule)).toMatchInlineSnapshot(`
      [
        "token-response.status",
        "response.body",
        "response.size",
        "response.content-type",
        "response.json",
        "response.object",
        "token-response.access_token",
        "token-response.token_type",
        "token-response.refresh_token",
        "token-response.scope",
        "token-response.id_token",
        "jwt.encryption",
        "jwt.parts",
        "jwt.header",
        "jwt.header-object",
        "id-token.alg",
        "jwt.crit",
        "jwt.claims",
        "jwt.claims-object",
        "id-token.alg-none",
        "jwt.exp",
        "jwt.exp-time",
        "jwt.iat",
        "jwt.iss",
        "jwt.nbf",
        "jwt.nbf-time",
        "jwt.aud",
        "id-token.aud-present",
        "id-token.exp",
        "id-token.iat",
        "id-token.iss-present",
        "id-token.sub-present",
        "id-token.nonce-present",
        "id-token.auth_time-present",
        "id-token.iss",
        "id-token.aud",
        "id-token.sub",
        "id-token.auth_time",
        "token-response.token_type-known",
      ]
    `)
  })

  it('tells a trace the check that refused, and none behind it', async () => {
    const events: CheckEvent[] = []
    const traced = { ...client, [trace]: (event: CheckEvent) => void events.push(event) }
    const answer = json(tokenBody({ id_token: unsignedJwt(idTokenClaims({ iss: 'https://evil.example' })) }))
    const error = await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, traced, answer))
    expect(error).toMatchObject({ rule: 'id-token.iss' })
    expect(events.at(-1)).toEqual({
      rule: 'id-token.iss',
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      passed: false,
      expected: as.issuer,
      actual: 'https://evil.example',
    })
  })
})

describe('an error answer of the token endpoint', () => {
  // CIBA Core 11 adds to RFC 6749 5.2
  const CODES = [
    'authorization_pending',
    'slow_down',
    'expired_token',
    'access_denied',
    'invalid_grant',
    'invalid_request',
    'invalid_client',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
    'use_dpop_nonce',
    'x-of-the-server',
  ]

  it.each(CODES)('%s comes with its members (CIBA Core 11)', async (code) => {
    const body = { error: code, error_description: 'in words', error_uri: 'https://op.example.com/e', interval: 10 }
    const answer = json(body, 400)
    const error = await rejectionOf(() => process(answer))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({
      code: 'OAUTH_RESPONSE_BODY_ERROR',
      error: code,
      error_description: 'in words',
      status: 400,
      cause: body,
      contentType: 'application/json',
    })
    expect(error).toHaveProperty('response', answer)
  })

  it.each([400, 401, 403, 404, 429, 499])('is recognized by the status %s (RFC 6749 5.2)', async (status) => {
    const error = await rejectionOf(() => process(json({ error: 'invalid_client' }, status)))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_client', status })
  })

  it.each<NamedValue>([...everyTypeBut('missing')])(
    'is recognized whatever its error_description is, here: %s',
    async (_, error_description) => {
      const error = await rejectionOf(() => process(json({ error: 'access_denied', error_description }, 400)))
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'access_denied', error_description })
    },
  )

  it.each(everyTypeBut('a text'))('is none when its member error is no text: %s (RFC 6749 5.2)', async (_, error) => {
    // the rest of the body is one of success: without the rule it would be taken for it
    const answer = () => json(tokenBody({ error }), 400)
    await refuses(TOKEN_RESPONSE_STATUS, () => process(answer()))
  })

  it.each(['null', '5', '"access_denied"', '["access_denied"]', '[{"error":"access_denied"}]', '{', ''])(
    'is none when its body is %s (RFC 6749 5.2)',
    async (text) => {
      const answer = new Response(text, { status: 400, headers: { 'content-type': 'application/json' } })
      const error = await rejectionOf(() => process(answer))
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', rule: TOKEN_RESPONSE_STATUS.id })
      // the caller can still look at it
      expect(await answer.text()).toBe(text)
    },
  )

  it.each([undefined, 'text/html', 'text/plain', 'application/problem+json'])(
    'is none when its content type is %s (RFC 6749 5.2)',
    async (type) => {
      const answer = () => {
        const response = json({ error: 'access_denied' }, 400)
        if (type === undefined) response.headers.delete('content-type')
        else response.headers.set('content-type', type)
        return response
      }
      await refuses(ERROR_CONTENT_TYPE, () => process(answer()))
    },
  )

  it.each(['application/json;charset=utf-8', 'APPLICATION/JSON', 'application/json ; charset=utf-8'])(
    'is one when its content type is %s (RFC 9110 8.3.1)',
    async (type) => {
      const error = await rejectionOf(() => process(json({ error: 'slow_down' }, 400, { 'content-type': type })))
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'slow_down' })
    },
  )
})

describe('a challenge of the token endpoint', () => {
  const challenge = { 'www-authenticate': 'Basic realm="op", DPoP error="use_dpop_nonce", algs="ES256"' }

  it.each([201, 302, 400, 401, 407, 500])('is told before the body is read, with the status %s', async (status) => {
    const answer = json({ error: 'invalid_client' }, status, challenge)
    const error = await rejectionOf(() => process(answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status,
      cause: [
        { scheme: 'basic', parameters: { realm: 'op' } },
        { scheme: 'dpop', parameters: { error: 'use_dpop_nonce', algs: 'ES256' } },
      ],
    })
    expect(error).toHaveProperty('response', answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it('is not looked at in an answer of success', async () => {
    expect(await process(json(tokenBody(), 200, challenge))).toMatchObject({ access_token: 'access' })
  })

  it.each(['@@@', 'Bearer =', 'Basic realm="open'])('is none when it is %j, and the body counts', async (header) => {
    const answer = json({ error: 'invalid_client' }, 401, { 'www-authenticate': header })
    const error = await rejectionOf(() => process(answer))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_client' })
  })
})
