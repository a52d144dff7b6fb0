import { describe, expect, it, vi } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import { VERSION } from '../http/headers.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_TLS } from '../metadata/endpoint.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { processRevocationResponse, REVOCATION_STATUS, revocationRequest } from './revocation.ts'

describe('revocationRequest', () => {
  it('sends the token, and nothing else; its answer is nothing to accept (RFC 7009 2.1)', async () => {
    const { options, requests } = recorder()
    await revocationRequest(as, client, ClientSecretBasic('secret'), '45ghi/+=', options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/revoke',
        method: 'POST',
        headers: {
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'token=45ghi%2F%2B%3D',
        redirect: 'manual',
      },
    ])
  })

  it('sends additional parameters, which do not replace the token (RFC 7009 2.1)', async () => {
    const { options, requests } = recorder()
    const additionalParameters = { token_type_hint: 'refresh_token', token: 'another' }
    await revocationRequest(as, client, None(), 'refresh', { ...options, additionalParameters })
    expect(requests).toMatchObject([{ body: 'token_type_hint=refresh_token&token=refresh&client_id=shop' }])
  })

  it('needs the endpoint in the metadata, by TLS (RFC 7009 2)', async () => {
    const { options, requests } = recorder()
    const request = (revocation_endpoint: string | undefined) =>
      // absent metadata are written as undefined here
      revocationRequest({ ...as, revocation_endpoint } as typeof as, client, None(), 'token', options)
    await refuses(ENDPOINT_PRESENT, () => request(undefined), ENDPOINT_URL)
    expect(requests).toEqual([])
    await refuses(REQUEST_TLS, () => request('http://op.example.com/revoke'))
  })
})

describe('processRevocationResponse', () => {
  it.each([
    ['nothing', () => new Response(null)],
    ['HTML', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['an error', () => json({ error: 'invalid_request' })],
    ['a challenge', () => new Response('', { headers: { 'www-authenticate': 'Basic realm="op"' } })],
  ])('takes an answer of 200 with %s, and leaves its body unread (RFC 7009 2.2)', async (_, answer) => {
    const response = answer()
    await expect(processRevocationResponse(response)).resolves.toBeUndefined()
    expect(response.bodyUsed).toBe(false)
  })

  it('takes an answer of 200 that was read already', async () => {
    const response = new Response('')
    await response.text()
    await expect(processRevocationResponse(response)).resolves.toBeUndefined()
  })

  it.each([201, 202, 204, 302, 400, 404, 500, 503])('refuses the status %s (RFC 7009 2.2)', async (status) => {
    const answer = () => new Response(null, { status, headers: { 'content-type': 'application/json' } })
    const error = await refuses(REVOCATION_STATUS, () => processRevocationResponse(answer()))
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('tells the error of the server (RFC 7009 2.2.1)', async () => {
    const answer = json({ error: 'unsupported_token_type' }, 400)
    const error = await rejectionOf(() => processRevocationResponse(answer))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'unsupported_token_type', status: 400 })
    const html = () => json({ error: 'invalid_request' }, 400, { 'content-type': 'text/html' })
    await refuses(ERROR_CONTENT_TYPE, () => processRevocationResponse(html()), REVOCATION_STATUS)
  })

  it('tells a challenge (RFC 9110 11.6.1)', async () => {
    const answer = json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="op"' })
    const error = await rejectionOf(() => processRevocationResponse(answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })

  it('tells a trace its one check', async () => {
    const events = vi.fn<(event: CheckEvent) => void>()
    await processRevocationResponse(new Response(''), { [trace]: events })
    expect(events.mock.calls).toMatchObject([[{ rule: REVOCATION_STATUS.id, passed: true }]])
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', { status: 200 }],
    ['a Request', new Request(as.issuer)],
  ])('refuses %s for response', async (_, value) => {
    // a caller without types can write what the type forbids
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => processRevocationResponse(value as Response))
  })

  it('refuses an error answer that was read already', async () => {
    const response = json({ error: 'invalid_request' }, 400)
    await response.text()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => processRevocationResponse(response))
  })
})
