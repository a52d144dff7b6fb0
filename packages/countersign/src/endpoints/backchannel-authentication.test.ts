import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { DPoP } from '../dpop/dpop.ts'
import * as http from '../http/body.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import { VERSION } from '../http/headers.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { allowInsecureRequests } from '../http/options.ts'
import * as metadata from '../metadata/endpoint.ts'
import { as, client, json } from '../testing/answers.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import * as endpoint from './backchannel-authentication.ts'
import {
  backchannelAuthenticationRequest,
  processBackchannelAuthenticationResponse,
} from './backchannel-authentication.ts'

describe('backchannelAuthenticationRequest', () => {
  it('sends the form of the request, and nothing else (CIBA Core 7.1)', async () => {
    const { options, requests } = recorder()
    const parameters = { scope: 'openid email', login_hint: 'anna@example.com', binding_message: 'W4-K7' }
    await backchannelAuthenticationRequest(as, client, ClientSecretBasic('secret'), parameters, options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/backchannel',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'scope=openid+email&login_hint=anna%40example.com&binding_message=W4-K7&client_id=shop',
        redirect: 'manual',
      },
    ])
  })

  it('sends no DPoP proof, also where a caller without types gives a handle: no token is issued (RFC 9449 5)', async () => {
    const { options, requests } = recorder()
    const handle = { ...options, DPoP: DPoP(client, await generateKeyPair('ES256')) }
    await backchannelAuthenticationRequest(as, client, None(), {}, handle)
    expect(requests[0]?.headers).not.toHaveProperty('dpop')
  })

  async function bodyOf(parameters: Parameters<typeof backchannelAuthenticationRequest>[3], auth = None()) {
    const { options, requests } = recorder()
    await backchannelAuthenticationRequest(as, client, auth, parameters, options)
    return requests.map(({ body }) => body).join()
  }

  it.each([
    ['an object', { scope: 'openid', login_hint: 'anna' }],
    [
      'pairs',
      [
        ['scope', 'openid'],
        ['login_hint', 'anna'],
      ],
    ],
    ['URLSearchParams', new URLSearchParams('scope=openid&login_hint=anna')],
  ])('takes the parameters as %s', async (_, parameters) => {
    expect(await bodyOf(parameters)).toBe('scope=openid&login_hint=anna&client_id=shop')
  })

  it('sends several values of one name (RFC 8707 2)', async () => {
    const parameters = [
      ['resource', 'a'],
      ['resource', 'b'],
    ]
    expect(await bodyOf(parameters)).toBe('resource=a&resource=b&client_id=shop')
  })

  it.each([
    ['an object', { client_id: 'bank', scope: 'openid' }],
    [
      'pairs',
      [
        ['client_id', 'bank'],
        ['scope', 'openid'],
        ['client_id', 'post'],
      ],
    ],
  ])('replaces a client_id among the parameters, given as %s', async (_, parameters) => {
    expect(await bodyOf(parameters)).toBe('client_id=shop&scope=openid')
  })

  it('replaces what authenticates the client among the parameters', async () => {
    const parameters = { scope: 'openid', client_secret: 'other' }
    expect(await bodyOf(parameters, ClientSecretPost('secret'))).toBe(
      'scope=openid&client_secret=secret&client_id=shop',
    )
  })

  it('leaves URLSearchParams that it was given alone', async () => {
    const parameters = new URLSearchParams('scope=openid')
    await bodyOf(parameters)
    expect(parameters.toString()).toBe('scope=openid')
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'invalid_request' }, 400)
    const { options } = recorder(() => answer)
    expect(await backchannelAuthenticationRequest(as, client, None(), {}, options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it('needs the endpoint in the metadata (CIBA Core 4)', async () => {
    const { backchannel_authentication_endpoint: _, ...server } = as
    const { options, requests } = recorder()
    const act = () => backchannelAuthenticationRequest(server, client, None(), {}, options)
    await refuses(metadata.ENDPOINT_PRESENT, act, metadata.ENDPOINT_URL)
    expect(requests).toEqual([])
  })

  it('needs it as a URL (CIBA Core 4)', async () => {
    const server = { ...as, backchannel_authentication_endpoint: '/backchannel' }
    await refuses(metadata.ENDPOINT_URL, () => backchannelAuthenticationRequest(server, client, None(), {}))
  })

  it('sends nothing without TLS, but by allowInsecureRequests (CIBA Core 7)', async () => {
    const server = { ...as, backchannel_authentication_endpoint: 'http://127.0.0.1:3000/b' }
    const { options, requests } = recorder()
    const error = await rejectionOf(() => backchannelAuthenticationRequest(server, client, None(), {}, options))
    expect(error).toMatchObject({ code: 'OAUTH_HTTP_REQUEST_FORBIDDEN', rule: metadata.REQUEST_TLS.id })
    expect(requests).toEqual([])
    await backchannelAuthenticationRequest(server, client, None(), {}, { ...options, [allowInsecureRequests]: true })
    expect(requests).toMatchObject([{ url: 'http://127.0.0.1:3000/b', body: 'client_id=shop' }])
  })

  it('goes to the mTLS alias where the client wants it (RFC 8705 5)', async () => {
    const alias = 'https://mtls.op.example.com/b'
    const server = { ...as, mtls_endpoint_aliases: { backchannel_authentication_endpoint: alias } }
    const { options, requests } = recorder()
    const mutual = { ...client, use_mtls_endpoint_aliases: true }
    await backchannelAuthenticationRequest(server, mutual, None(), {}, options)
    expect(requests).toMatchObject([{ url: alias }])
  })
})

const ACKNOWLEDGEMENT = { auth_req_id: '1c266114', expires_in: 120, interval: 2 }

function process(changes: Record<string, JsonValue | undefined>, status = 200) {
  return processAnswer(json({ ...ACKNOWLEDGEMENT, ...changes }, status))
}

function processAnswer(answer: Response) {
  return processBackchannelAuthenticationResponse(as, client, answer)
}

describe('processBackchannelAuthenticationResponse', () => {
  it('gives every member of a valid acknowledgement, unknown ones too (CIBA Core 7.3)', async () => {
    expect(await process({ extra: [null] })).toEqual({ ...ACKNOWLEDGEMENT, extra: [null] })
  })

  it.each(everyTypeBut('a text'))(
    'refuses an auth_req_id that is no text: %s (CIBA Core 7.3)',
    async (_, auth_req_id) => {
      await refuses(endpoint.AUTH_REQ_ID, () => process({ auth_req_id }))
    },
  )

  it.each<NamedValue>([
    ...everyTypeBut('zero', 'a number'),
    ['negative', -1],
    ['digits of a negative number', '-1'],
    ['the word Infinity', 'Infinity'],
    ['digits of more than a number holds', '1e400'],
  ])('refuses an expires_in that is %s (CIBA Core 7.3)', async (_, expires_in) => {
    await refuses(endpoint.ACKNOWLEDGEMENT_EXPIRES_IN, () => process({ expires_in }))
  })

  it.each([
    [120, 120],
    [0.5, 0.5],
    ['300', 300],
    ['1.5', 1.5],
  ])('gives the expires_in %j as the number %s', async (expires_in, seconds) => {
    expect(await process({ expires_in })).toMatchObject({ expires_in: seconds })
  })

  it.each<NamedValue>([...everyTypeBut('missing', 'a number'), ['negative', -5], ['digits', '5']])(
    'refuses an interval that is %s (CIBA Core 7.3)',
    async (_, interval) => {
      await refuses(endpoint.INTERVAL, () => process({ interval }))
    },
  )

  it.each(['1e400', '-1e400'])('refuses an interval of %s, more than a number holds', async (digits) => {
    const text = JSON.stringify({ ...ACKNOWLEDGEMENT, interval: '#' }).replace('"#"', digits)
    await refuses(endpoint.INTERVAL, () => processAnswer(new Response(text)))
  })

  it('leaves an absent interval absent, which means 5 (CIBA Core 7.3)', async () => {
    expect(await process({ interval: undefined })).not.toHaveProperty('interval')
  })

  it.each([0.5, 5, 86_400])('gives the interval %s', async (interval) => {
    expect(await process({ interval })).toMatchObject({ interval })
  })

  it.each([201, 202, 302, 400, 404, 500, 503])('refuses the status %s (CIBA Core 7.3)', async (status) => {
    // the body is one of success: without the rule it would be taken for it
    const error = await refuses(endpoint.ACKNOWLEDGEMENT_STATUS, () => process({}, status))
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('refuses what is no JSON object (CIBA Core 7.3)', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    await refuses(http.BODY_CONTENT_TYPE, () => processAnswer(html()), http.BODY_JSON)
    const broken = () => new Response('{', { headers: { 'content-type': 'application/json' } })
    await refuses(http.BODY_JSON, () => processAnswer(broken()), http.BODY_OBJECT)
    await refuses(http.BODY_OBJECT, () => processAnswer(json([ACKNOWLEDGEMENT])), endpoint.AUTH_REQ_ID)
  })

  it('takes nothing from a member __proto__', async () => {
    const text = '{"__proto__":{"auth_req_id":"1c266114"},"expires_in":120}'
    await refuses(endpoint.AUTH_REQ_ID, () => processAnswer(new Response(text)))
  })
})

describe('an error answer of the backchannel authentication endpoint', () => {
  it.each([
    [400, 'invalid_request'],
    [400, 'invalid_scope'],
    [400, 'expired_login_hint_token'],
    [400, 'unknown_user_id'],
    [400, 'unauthorized_client'],
    [400, 'missing_user_code'],
    [400, 'invalid_user_code'],
    [400, 'invalid_binding_message'],
    [401, 'invalid_client'],
    [403, 'access_denied'],
  ])('%s %s comes with its members (CIBA Core 13)', async (status, code) => {
    const body = { error: code, error_description: 'in words', error_uri: 'https://op.example.com/e' }
    const answer = json(body, status)
    const error = await rejectionOf(() => processAnswer(answer))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({
      code: 'OAUTH_RESPONSE_BODY_ERROR',
      error: code,
      error_description: 'in words',
      status,
      cause: body,
    })
    expect(error).toHaveProperty('response', answer)
  })

  it('is none when it is no JSON (RFC 6749 5.2)', async () => {
    const answer = () => json({ error: 'invalid_request' }, 400, { 'content-type': 'text/html' })
    await refuses(ERROR_CONTENT_TYPE, () => processAnswer(answer()))
  })

  it('is told by its challenge where it has one (RFC 9110 11.6.1)', async () => {
    const answer = json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="op"' })
    const error = await rejectionOf(() => processAnswer(answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'op' } }],
    })
  })
})
