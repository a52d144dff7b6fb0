import { afterEach, describe, expect, it, vi } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { None } from '../client-authentication/none.ts'
import { PrivateKeyJwt } from '../client-authentication/private-key-jwt.ts'
import { DPoP } from '../dpop/dpop.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import * as http from '../http/body.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import * as metadata from '../metadata/endpoint.ts'
import { as as published, client, json } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import * as pushed from './pushed-request.ts'
import { processPushedAuthorizationResponse, pushedAuthorizationRequest } from './pushed-request.ts'

const as = { ...published, pushed_authorization_request_endpoint: 'https://op.example.com/par' }
const PARAMETERS = {
  response_type: 'code',
  redirect_uri: 'https://shop.example.com/cb?a=b&c',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('pushedAuthorizationRequest', () => {
  it('sends the form of the request, and nothing else (RFC 9126 2.1)', async () => {
    const { options, requests } = recorder()
    await pushedAuthorizationRequest(as, client, ClientSecretBasic('secret'), PARAMETERS, options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/par',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body:
          'response_type=code&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcb%3Fa%3Db%26c' +
          '&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&client_id=shop',
        redirect: 'manual',
      },
    ])
  })

  async function bodyOf(parameters: Parameters<typeof pushedAuthorizationRequest>[3], auth = None()) {
    const { options, requests } = recorder()
    await pushedAuthorizationRequest(as, client, auth, parameters, options)
    return requests.map(({ body }) => body).join()
  }

  it.each([
    ['an object', { scope: 'openid', prompt: 'login' }],
    [
      'pairs',
      [
        ['scope', 'openid'],
        ['prompt', 'login'],
      ],
    ],
    ['URLSearchParams', new URLSearchParams('scope=openid&prompt=login')],
  ])('takes the parameters as %s', async (_, parameters) => {
    expect(await bodyOf(parameters)).toBe('scope=openid&prompt=login&client_id=shop')
  })

  it('sends a request object with client_id beside it (RFC 9126 3)', async () => {
    expect(await bodyOf({ request: 'a.b.c' })).toBe('request=a.b.c&client_id=shop')
  })

  it('sends several values of one name, and details as they are (RFC 8707 2, RFC 9396 2)', async () => {
    const parameters = [
      ['resource', 'a'],
      ['resource', 'b'],
      ['authorization_details', '[{"type":"x"}]'],
    ]
    const details = '%5B%7B%22type%22%3A%22x%22%7D%5D'
    expect(await bodyOf(parameters)).toBe(`resource=a&resource=b&authorization_details=${details}&client_id=shop`)
  })

  it('replaces a client_id among the parameters', async () => {
    const parameters = [
      ['client_id', 'bank'],
      ['scope', 'openid'],
      ['client_id', 'post'],
    ]
    expect(await bodyOf(parameters)).toBe('client_id=shop&scope=openid')
  })

  it('replaces what authenticates the client among the parameters', async () => {
    const parameters = { scope: 'openid', client_secret: 'other' }
    expect(await bodyOf(parameters, ClientSecretPost('secret'))).toBe(
      'scope=openid&client_secret=secret&client_id=shop',
    )
  })

  it('authenticates the client by an assertion (RFC 9126 2, RFC 7523 2.2)', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const body = new URLSearchParams(await bodyOf({ scope: 'openid' }, PrivateKeyJwt(privateKey)))
    expect([...body.keys()].sort()).toEqual(['client_assertion', 'client_assertion_type', 'client_id', 'scope'])
    expect(takeApart(body.get('client_assertion') ?? '').claims).toMatchObject({ iss: 'shop', sub: 'shop' })
  })

  it('leaves URLSearchParams that it was given alone', async () => {
    const parameters = new URLSearchParams('scope=openid')
    await bodyOf(parameters)
    expect(parameters.toString()).toBe('scope=openid')
  })

  it('sends a proof, which binds the code, where DPoP is asked for (RFC 9449 10.1)', async () => {
    const { options, requests } = recorder()
    const handle = DPoP(client, await generateKeyPair('ES256'))
    await pushedAuthorizationRequest(as, client, None(), {}, { ...options, DPoP: handle })
    expect(requests).toMatchObject([{ body: 'client_id=shop' }])
    const { claims, header } = takeApart(requests[0]?.headers.dpop ?? '')
    expect(header).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' })
    expect(claims).toMatchObject({ htm: 'POST', htu: 'https://op.example.com/par' })
    expect(claims).not.toHaveProperty('ath')
  })

  it('takes the nonce of an answer into the next proof (RFC 9449 8.2)', async () => {
    const { options, requests } = recorder(() => json({}, 400, { 'dpop-nonce': 'n-1' }))
    const handle = DPoP(client, await generateKeyPair('ES256'))
    await pushedAuthorizationRequest(as, client, None(), {}, { ...options, DPoP: handle })
    await pushedAuthorizationRequest(as, client, None(), {}, { ...options, DPoP: handle })
    const nonces = requests.map(({ headers }) => takeApart(headers.dpop ?? '').claims.nonce)
    expect(nonces).toEqual([undefined, 'n-1'])
  })

  it('sends the caller’s headers', async () => {
    const { options, requests } = recorder()
    await pushedAuthorizationRequest(as, client, None(), {}, { ...options, headers: { 'x-trace': '1' } })
    expect(requests).toMatchObject([{ headers: { 'x-trace': '1', accept: 'application/json' } }])
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'invalid_request' }, 400)
    const { options } = recorder(() => answer)
    expect(await pushedAuthorizationRequest(as, client, None(), {}, options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it('sends by the global fetch where there are no options', async () => {
    const fetched = vi.fn(() => Promise.resolve(json({})))
    vi.stubGlobal('fetch', fetched)
    await pushedAuthorizationRequest(as, client, None(), {})
    expect(fetched).toHaveBeenCalledExactlyOnceWith('https://op.example.com/par', expect.anything())
  })

  it('needs the endpoint in the metadata (RFC 9126 5)', async () => {
    const { options, requests } = recorder()
    const act = () => pushedAuthorizationRequest(published, client, None(), {}, options)
    await refuses(metadata.ENDPOINT_PRESENT, act, metadata.ENDPOINT_URL)
    expect(requests).toEqual([])
  })

  it('needs it as a URL (RFC 9126 5)', async () => {
    const server = { ...as, pushed_authorization_request_endpoint: '/par' }
    await refuses(metadata.ENDPOINT_URL, () => pushedAuthorizationRequest(server, client, None(), {}))
  })

  it('sends nothing without TLS, but by allowInsecureRequests (RFC 9126 2)', async () => {
    const server = { ...as, pushed_authorization_request_endpoint: 'http://127.0.0.1:3000/par' }
    const { options, requests } = recorder()
    const error = await rejectionOf(() => pushedAuthorizationRequest(server, client, None(), {}, options))
    expect(error).toMatchObject({ code: 'OAUTH_HTTP_REQUEST_FORBIDDEN', rule: metadata.REQUEST_TLS.id })
    expect(requests).toEqual([])
    await pushedAuthorizationRequest(server, client, None(), {}, { ...options, [allowInsecureRequests]: true })
    expect(requests).toMatchObject([{ url: 'http://127.0.0.1:3000/par', body: 'client_id=shop' }])
  })

  it('goes to the mTLS alias where the client wants it (RFC 8705 5)', async () => {
    const alias = 'https://mtls.op.example.com/par'
    const server = { ...as, mtls_endpoint_aliases: { pushed_authorization_request_endpoint: alias } }
    const { options, requests } = recorder()
    const mutual = { ...client, use_mtls_endpoint_aliases: true }
    await pushedAuthorizationRequest(server, mutual, None(), {}, options)
    expect(requests).toMatchObject([{ url: alias }])
  })

  it.each(NO_TEXTS)('is a mistake of the caller with %s for issuer or client_id', async (_, value, code) => {
    const { options, requests } = recorder()
    // a caller without types can give what the type forbids
    const text = value as string
    const server = { ...as, issuer: text }
    await isCallersMistake(code, () => pushedAuthorizationRequest(server, client, None(), {}, options))
    await isCallersMistake(code, () => pushedAuthorizationRequest(as, { client_id: text }, None(), {}, options))
    expect(requests).toEqual([])
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'proof'],
    ['an object', {}],
  ])('is a mistake of the caller with %s for DPoP', async (_, value) => {
    const { options, requests } = recorder()
    const given: object = { ...options, DPoP: value }
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => pushedAuthorizationRequest(as, client, None(), {}, given))
    expect(requests).toEqual([])
  })
})

const ANSWER = { request_uri: 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c', expires_in: 60 }

function process(changes: Record<string, JsonValue | undefined>, status = 201) {
  return processAnswer(json({ ...ANSWER, ...changes }, status))
}

function processAnswer(answer: Response) {
  return processPushedAuthorizationResponse(as, client, answer)
}

function created(body: string, type = 'application/json') {
  return new Response(body, { status: 201, headers: { 'content-type': type } })
}

describe('processPushedAuthorizationResponse', () => {
  it('gives every member of a valid answer, unknown ones too (RFC 9126 2.2)', async () => {
    expect(await process({ extra: [null] })).toEqual({ ...ANSWER, extra: [null] })
  })

  it.each(everyTypeBut('a text'))('refuses a request_uri that is no text: %s (RFC 9126 2.2)', async (_, value) => {
    await refuses(pushed.REQUEST_URI, () => process({ request_uri: value }))
  })

  it.each<NamedValue>([
    ...everyTypeBut('zero', 'a number'),
    ['negative', -1],
    ['digits of a negative number', '-1'],
    ['the word Infinity', 'Infinity'],
    ['digits of more than a number holds', '1e400'],
  ])('refuses an expires_in that is %s (RFC 9126 2.2)', async (_, expires_in) => {
    await refuses(pushed.PUSHED_EXPIRES_IN, () => process({ expires_in }))
  })

  it.each([
    [60, 60],
    [0, 0],
    [0.5, 0.5],
    ['300', 300],
    ['1.5', 1.5],
  ])('gives the expires_in %j as the number %s', async (expires_in, seconds) => {
    expect(await process({ expires_in })).toMatchObject({ expires_in: seconds })
  })

  it.each([200, 202, 302, 400, 404, 500, 503])('refuses the status %s (RFC 9126 2.2)', async (status) => {
    // the body is one of success: without the rule it would be taken for it
    const error = await refuses(pushed.PUSHED_STATUS, () => process({}, status))
    expect(error).toMatchObject({ status, expected: 201, actual: status })
  })

  it('refuses what is no JSON object (RFC 9126 2.2)', async () => {
    await refuses(http.BODY_CONTENT_TYPE, () => processAnswer(created('<html>', 'text/html')), http.BODY_JSON)
    await refuses(http.BODY_JSON, () => processAnswer(created('{')), http.BODY_OBJECT)
    await refuses(http.BODY_OBJECT, () => processAnswer(created(JSON.stringify([ANSWER]))), pushed.REQUEST_URI)
  })

  it('takes nothing from a member __proto__', async () => {
    const text = `{"__proto__":${JSON.stringify(ANSWER)},"expires_in":60}`
    await refuses(pushed.REQUEST_URI, () => processAnswer(created(text)))
  })

  it.each([
    [400, 'invalid_request'],
    [400, 'use_dpop_nonce'],
    [401, 'invalid_client'],
    [403, 'access_denied'],
    [413, 'invalid_request'],
    [429, 'slow_down'],
  ])('gives the error %s %s with its members (RFC 9126 2.3)', async (status, code) => {
    const body = { error: code, error_description: 'in words' }
    const error = await rejectionOf(() => processAnswer(json(body, status)))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: code, status, cause: body })
  })

  it('gives no error that is no JSON (RFC 6749 5.2)', async () => {
    const answer = () => json({ error: 'invalid_request' }, 400, { 'content-type': 'text/html' })
    await refuses(ERROR_CONTENT_TYPE, () => processAnswer(answer()))
  })

  it('gives the challenge of an answer that has one (RFC 9110 11.6.1)', async () => {
    const headers = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n' }
    const error = await rejectionOf(() => processAnswer(json({}, 401, headers)))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })

  it('does not mind a challenge beside success', async () => {
    expect(await processAnswer(json(ANSWER, 201, { 'www-authenticate': 'Basic realm="op"' }))).toEqual(ANSWER)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a body', ANSWER],
  ])('is a mistake of the caller with %s for response', async (_, value) => {
    // a caller without types can give what the type forbids
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => processAnswer(value as Response))
  })

  it('is a mistake of the caller with an answer that was read', async () => {
    const answer = json(ANSWER, 201)
    await answer.text()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => processAnswer(answer))
  })

  it.each(NO_TEXTS)('is a mistake of the caller with %s for issuer or client_id', async (_, value, code) => {
    // a caller without types can give what the type forbids
    const text = value as string
    const server = { ...as, issuer: text }
    await isCallersMistake(code, () => processPushedAuthorizationResponse(server, client, json(ANSWER, 201)))
    const party = { client_id: text }
    await isCallersMistake(code, () => processPushedAuthorizationResponse(as, party, json(ANSWER, 201)))
  })
})
