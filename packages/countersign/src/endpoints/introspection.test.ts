import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import * as http from '../http/body.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import { VERSION } from '../http/headers.ts'
import type { Client } from '../metadata/client.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_TLS } from '../metadata/endpoint.ts'
import { as, client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import * as introspection from './introspection.ts'
import {
  introspectionRequest,
  type IntrospectionRequestOptions,
  processIntrospectionResponse,
} from './introspection.ts'

const JWT_TYPE = 'application/token-introspection+jwt'

describe('introspectionRequest', () => {
  it('sends the token, and nothing else (RFC 7662 2.1)', async () => {
    const { options, requests } = recorder()
    await introspectionRequest(as, client, ClientSecretBasic('secret'), 'mF_9.B5f-4.1JqM/+=', options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/introspect',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'token=mF_9.B5f-4.1JqM%2F%2B%3D',
        redirect: 'manual',
      },
    ])
  })

  it('sends additional parameters, which do not replace the token (RFC 7662 2.1)', async () => {
    const { options, requests } = recorder()
    const additionalParameters = { token_type_hint: 'access_token', token: 'another' }
    await introspectionRequest(as, client, None(), 'access', { ...options, additionalParameters })
    expect(requests).toMatchObject([{ body: 'token_type_hint=access_token&token=access&client_id=shop' }])
  })

  it.each<[string, string, Partial<Client>, IntrospectionRequestOptions]>([
    ['plain JSON', 'application/json', {}, {}],
    ['a JWT where one is registered', JWT_TYPE, { introspection_signed_response_alg: 'ES256' }, {}],
    ['a JWT where the caller wants one', JWT_TYPE, {}, { requestJwtResponse: true }],
    [
      'plain JSON where the caller wants it',
      'application/json',
      { introspection_signed_response_alg: 'ES256' },
      { requestJwtResponse: false },
    ],
  ])('asks for %s by %s (RFC 9701 4)', async (_, accept, metadata, wanted) => {
    const { options, requests } = recorder()
    const headers = { accept: 'text/html' }
    await introspectionRequest(as, { ...client, ...metadata }, None(), 'access', { ...options, headers, ...wanted })
    expect(requests).toMatchObject([{ headers: { accept } }])
  })

  it('needs the endpoint in the metadata, by TLS (RFC 7662 2)', async () => {
    const { options, requests } = recorder()
    const request = (introspection_endpoint: string | undefined) =>
      // absent metadata are written as undefined here
      introspectionRequest({ ...as, introspection_endpoint } as typeof as, client, None(), 'token', options)
    await refuses(ENDPOINT_PRESENT, () => request(undefined), ENDPOINT_URL)
    expect(requests).toEqual([])
    await refuses(REQUEST_TLS, () => request('http://op.example.com/introspect'))
  })
})

function process(body: Record<string, JsonValue | undefined>, status = 200) {
  return processAnswer(json(body, status))
}

function processAnswer(answer: Response) {
  return processIntrospectionResponse(as, client, answer)
}

describe('a plain introspection', () => {
  it.each([true, false])('gives every member of a valid answer whose active is %s (RFC 7662 2.2)', async (active) => {
    const body = { active, scope: 5, cnf: null, exp: 'never', aud: [], extra: { nested: [null] } }
    expect(await process(body)).toEqual(body)
  })

  it.each(everyTypeBut('true', 'false'))(
    'refuses an active that is no boolean: %s (RFC 7662 2.2)',
    async (_, active) => {
      const error = await refuses(introspection.INTROSPECTION_ACTIVE, () => process({ active, sub: 'anna' }))
      expect(error).toMatchObject({ cause: { attribute: 'active' } })
    },
  )

  it.each([201, 302, 400, 404, 500, 503])('refuses the status %s (RFC 7662 2.2)', async (status) => {
    const error = await refuses(introspection.INTROSPECTION_STATUS, () => process({ active: true }, status))
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('refuses what is no JSON object (RFC 7662 2.2)', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    await refuses(http.BODY_CONTENT_TYPE, () => processAnswer(html()), http.BODY_JSON)
    await refuses(http.BODY_OBJECT, () => processAnswer(json([true])), introspection.INTROSPECTION_ACTIVE)
  })

  it('takes nothing from a member __proto__', async () => {
    const text = '{"__proto__":{"active":true}}'
    await refuses(introspection.INTROSPECTION_ACTIVE, () => processAnswer(new Response(text)))
  })

  it('is accepted where a signed one is registered, as oauth4webapi does; its signature can be asked for', async () => {
    const answer = json({ active: true })
    const registered = { ...client, introspection_signed_response_alg: 'ES256' }
    expect(await processIntrospectionResponse(as, registered, answer)).toEqual({ active: true })
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validateApplicationLevelSignature(as, answer))
  })

  it('tells the error of the server (RFC 7662 2.3)', async () => {
    const error = await rejectionOf(() => processAnswer(json({ error: 'invalid_request' }, 400)))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_request', status: 400 })
    const html = () => json({ error: 'invalid_request' }, 400, { 'content-type': 'text/html' })
    await refuses(ERROR_CONTENT_TYPE, () => processAnswer(html()))
  })

  it('tells a challenge (RFC 7662 2.3)', async () => {
    const answer = json({}, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })
    const error = await rejectionOf(() => processAnswer(answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })
})
