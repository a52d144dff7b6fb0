import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { DPoP } from '../dpop/dpop.ts'
import * as http from '../http/body.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import { VERSION } from '../http/headers.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_TLS } from '../metadata/endpoint.ts'
import { as, client, json } from '../testing/answers.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import * as device from './device-authorization.ts'
import { deviceAuthorizationRequest, processDeviceAuthorizationResponse } from './device-authorization.ts'

const ANSWER = {
  device_code: 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://op.example.com/device',
  expires_in: 1800,
}

function process(changes: Record<string, JsonValue | undefined>, status = 200) {
  return processAnswer(json({ ...ANSWER, ...changes }, status))
}

function processAnswer(answer: Response) {
  return processDeviceAuthorizationResponse(as, client, answer)
}

describe('deviceAuthorizationRequest', () => {
  it('sends the parameters and the client, and nothing else (RFC 8628 3.1)', async () => {
    const { options, requests } = recorder()
    await deviceAuthorizationRequest(as, client, ClientSecretBasic('secret'), { scope: 'openid tv' }, options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/device',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: 'scope=openid+tv&client_id=shop',
        redirect: 'manual',
      },
    ])
  })

  it('sends no DPoP proof, also where a caller without types gives a handle: no token is issued (RFC 9449 5)', async () => {
    const { options, requests } = recorder()
    const handle = { ...options, DPoP: DPoP(client, await generateKeyPair('ES256')) }
    await deviceAuthorizationRequest(as, client, None(), {}, handle)
    expect(requests[0]?.headers).not.toHaveProperty('dpop')
  })

  it('does not let parameters name another client, and leaves them as they are', async () => {
    const { options, requests } = recorder()
    const parameters = new URLSearchParams('client_id=bank&resource=a&resource=b')
    await deviceAuthorizationRequest(as, client, None(), parameters, options)
    expect(requests).toMatchObject([{ body: 'client_id=shop&resource=a&resource=b' }])
    expect(parameters.get('client_id')).toBe('bank')
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'invalid_scope' }, 400)
    const { options } = recorder(() => answer)
    expect(await deviceAuthorizationRequest(as, client, None(), {}, options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })

  it('needs the endpoint in the metadata, by TLS, or its mTLS alias (RFC 8628 4, RFC 8705 5)', async () => {
    const { options, requests } = recorder()
    const request = (device_authorization_endpoint: string | undefined) =>
      // absent metadata are written as undefined here
      deviceAuthorizationRequest({ ...as, device_authorization_endpoint } as typeof as, client, None(), {}, options)
    await refuses(ENDPOINT_PRESENT, () => request(undefined), ENDPOINT_URL)
    await refuses(ENDPOINT_URL, () => request('/device'))
    expect(requests).toEqual([])
    await refuses(REQUEST_TLS, () => request('http://op.example.com/device'))

    const mutual = recorder()
    const aliased = { ...as, mtls_endpoint_aliases: { device_authorization_endpoint: 'https://mtls.example.com/d' } }
    const client2 = { ...client, use_mtls_endpoint_aliases: true }
    await deviceAuthorizationRequest(aliased, client2, None(), {}, mutual.options)
    expect(mutual.requests).toMatchObject([{ url: 'https://mtls.example.com/d' }])
  })
})

describe('processDeviceAuthorizationResponse', () => {
  it('gives every member of a valid answer, unknown ones too (RFC 8628 3.2)', async () => {
    const body = { ...ANSWER, verification_uri_complete: 'https://op.example.com/d?c', interval: 5, extra: [null] }
    expect(await process(body)).toEqual(body)
  })

  it('leaves what is absent absent: interval then means 5 (RFC 8628 3.2)', async () => {
    expect(await process({})).toEqual(ANSWER)
  })

  it.each([
    ['device_code', device.DEVICE_CODE],
    ['user_code', device.USER_CODE],
    ['verification_uri', device.VERIFICATION_URI],
  ] as const)('refuses a %s that is no text (RFC 8628 3.2)', async (member, rule) => {
    for (const [, value] of everyTypeBut('a text')) {
      const error = await refuses(rule, () => process({ [member]: value }))
      expect(error).toMatchObject({ cause: { attribute: member } })
    }
  })

  it.each(everyTypeBut('missing', 'a text'))(
    'refuses a verification_uri_complete that is no text: %s (RFC 8628 3.2)',
    async (_, verification_uri_complete) => {
      await refuses(device.VERIFICATION_URI_COMPLETE, () => process({ verification_uri_complete }))
    },
  )

  it.each<NamedValue>([
    ...everyTypeBut('zero', 'a number'),
    ['negative', -1],
    ['digits of a negative number', '-1'],
    ['the word Infinity', 'Infinity'],
  ])('refuses an expires_in that is %s (RFC 8628 3.2)', async (_, expires_in) => {
    await refuses(device.DEVICE_EXPIRES_IN, () => process({ expires_in }))
  })

  it.each([
    [0, 0],
    [0.5, 0.5],
    ['300', 300],
    ['12 minutes', 12],
  ])('gives the expires_in %j as the number %s', async (expires_in, seconds) => {
    expect(await process({ expires_in })).toMatchObject({ expires_in: seconds })
  })

  it.each<NamedValue>([...everyTypeBut('missing', 'a number'), ['negative', -5], ['digits', '5']])(
    'refuses an interval that is %s (RFC 8628 3.2)',
    async (_, interval) => {
      await refuses(device.DEVICE_INTERVAL, () => process({ interval }))
    },
  )

  it.each(['expires_in', 'interval'])('refuses an %s of 1e400, more than a number holds', async (member) => {
    const rule = member === 'interval' ? device.DEVICE_INTERVAL : device.DEVICE_EXPIRES_IN
    const text = JSON.stringify({ ...ANSWER, [member]: '#' }).replace('"#"', '1e400')
    await refuses(rule, () => processAnswer(new Response(text)))
  })

  it.each([201, 302, 400, 404, 500, 503])('refuses the status %s (RFC 8628 3.2)', async (status) => {
    const error = await refuses(device.DEVICE_STATUS, () => process({}, status))
    expect(error).toMatchObject({ status, expected: 200, actual: status })
  })

  it('refuses what is no JSON object (RFC 8628 3.2)', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    await refuses(http.BODY_CONTENT_TYPE, () => processAnswer(html()), http.BODY_JSON)
    await refuses(http.BODY_OBJECT, () => processAnswer(json([ANSWER])), device.DEVICE_CODE)
  })

  it('tells the error of the server (RFC 6749 5.2)', async () => {
    const error = await rejectionOf(() => processAnswer(json({ error: 'unauthorized_client' }, 400)))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'unauthorized_client', status: 400 })
    const html = () => json({ error: 'invalid_request' }, 400, { 'content-type': 'text/html' })
    await refuses(ERROR_CONTENT_TYPE, () => processAnswer(html()))
  })

  it('tells a challenge (RFC 9110 11.6.1)', async () => {
    const answer = json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="op"' })
    const error = await rejectionOf(() => processAnswer(answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })
})
