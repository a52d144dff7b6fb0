import { describe, expect, it } from 'vitest'
import { DPoP } from '../dpop/dpop.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import * as http from '../http/body.ts'
import { ERROR_CONTENT_TYPE } from '../http/error-answer.ts'
import { VERSION } from '../http/headers.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { clockSkew } from '../metadata/clock.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_HTTP, REQUEST_TLS } from '../metadata/endpoint.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { JsonValue } from '../values/json.ts'
import * as registration from './registration.ts'
import {
  dynamicClientRegistrationRequest,
  type DynamicClientRegistrationRequestOptions,
  processDynamicClientRegistrationResponse,
} from './registration.ts'

const METADATA = { redirect_uris: ['https://shop.example.com/back'], client_name: 'Läden' }

async function sent(options: DynamicClientRegistrationRequestOptions = {}, metadata: object = METADATA) {
  const { options: recording, requests } = recorder()
  await dynamicClientRegistrationRequest(as, metadata, { ...recording, ...options })
  const [request] = requests
  if (request === undefined || requests.length > 1) throw new Error('not exactly one request was sent')
  return request
}

describe('dynamicClientRegistrationRequest', () => {
  it('sends the metadata as JSON, and nothing else (RFC 7591 3.1)', async () => {
    expect(await sent()).toEqual({
      url: 'https://op.example.com/register',
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': `countersign/${VERSION}`,
      },
      body: JSON.stringify(METADATA),
      redirect: 'manual',
    })
  })

  it('sends no member that a symbol names, nor one that is undefined', async () => {
    const { body } = await sent({}, { ...METADATA, [clockSkew]: 5, scope: undefined })
    expect(body).toBe(JSON.stringify(METADATA))
  })

  it('has the headers of the caller, but for its own', async () => {
    const headers = { 'x-request-id': '7', accept: 'text/html', 'content-type': 'text/plain' }
    expect((await sent({ headers })).headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      'x-request-id': '7',
    })
  })

  it('sends an initial access token by the scheme Bearer (RFC 7591 3)', async () => {
    const { headers } = await sent({ initialAccessToken: 'initial' })
    expect(headers).toMatchObject({ authorization: 'Bearer initial' })
    expect(headers).not.toHaveProperty('dpop')
  })

  it.each(['', null, 0, false])(
    'sends no initial access token where it is %j, as from a setting not set',
    async (none) => {
      // a caller without types can write what the type forbids
      const options = { initialAccessToken: none } as unknown as DynamicClientRegistrationRequestOptions
      expect((await sent(options)).headers).not.toHaveProperty('authorization')
    },
  )

  it.each(['text', 5, true, []])(
    'sends metadata that are %j as they are: the server says what they may be',
    async (metadata) => {
      const { options, requests } = recorder()
      await Reflect.apply(dynamicClientRegistrationRequest, undefined, [as, metadata, options])
      expect(requests[0]?.body).toBe(JSON.stringify(metadata))
    },
  )

  it('sends an initial access token by the scheme DPoP with the proof of a key (RFC 9449 7.1)', async () => {
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const { headers } = await sent({ initialAccessToken: 'initial', DPoP: handle })
    expect(headers).toMatchObject({ authorization: 'DPoP initial' })
    const hash = await crypto.subtle.digest('SHA-256', encodeText('initial'))
    expect(takeApart(headers.dpop ?? '').claims).toMatchObject({
      htm: 'POST',
      htu: as.registration_endpoint,
      ath: encodeBase64url(new Uint8Array(hash)),
    })
  })

  it('proves a key also without a token (RFC 9449 4.2)', async () => {
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const { headers } = await sent({ DPoP: handle })
    expect(headers).not.toHaveProperty('authorization')
    expect(takeApart(headers.dpop ?? '').claims).not.toHaveProperty('ath')
  })

  it('has the nonce that the answer before brought (RFC 9449 8.2)', async () => {
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const { options, requests } = recorder(() => json({}, 401, { 'dpop-nonce': 'n1' }))
    await dynamicClientRegistrationRequest(as, METADATA, { ...options, DPoP: handle })
    await dynamicClientRegistrationRequest(as, METADATA, { ...options, DPoP: handle })
    expect(takeApart(requests[1]?.headers.dpop ?? '').claims).toMatchObject({ nonce: 'n1' })
  })

  it.each([
    ['a number', 5],
    ['an object', {}],
  ])('refuses %s for initialAccessToken', async (_, value) => {
    // a caller without types can write what the type forbids
    const options = { initialAccessToken: value } as unknown as DynamicClientRegistrationRequestOptions
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => sent(options))
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'invalid_redirect_uri' }, 400)
    const { options } = recorder(() => answer)
    expect(await dynamicClientRegistrationRequest(as, METADATA, options)).toBe(answer)
    expect(answer.bodyUsed).toBe(false)
  })
})

describe('the registration endpoint', () => {
  function request(registration_endpoint: string | undefined, options: DynamicClientRegistrationRequestOptions = {}) {
    const { options: recording, requests } = recorder()
    // absent metadata are written as undefined here
    const server = { ...as, registration_endpoint } as typeof as
    return { requests, act: () => dynamicClientRegistrationRequest(server, METADATA, { ...recording, ...options }) }
  }

  it('must be in the metadata, a URL of TLS (RFC 7591 3)', async () => {
    const { act, requests } = request(undefined)
    await refuses(ENDPOINT_PRESENT, act, ENDPOINT_URL)
    expect(requests).toEqual([])
    await refuses(ENDPOINT_URL, request('/register').act)
    await refuses(REQUEST_TLS, request('http://op.example.com/register').act)
  })

  it('is asked without TLS by allowInsecureRequests, and by nothing but HTTP even then', async () => {
    const insecure = { [allowInsecureRequests]: true }
    const { act, requests } = request('http://127.0.0.1:3000/register', insecure)
    await act()
    expect(requests).toMatchObject([{ url: 'http://127.0.0.1:3000/register' }])
    await refuses(REQUEST_HTTP, request('ftp://op.example.com', insecure).act)
  })

  it('is the mTLS alias where the metadata want it (RFC 8705 5)', async () => {
    const server = { ...as, mtls_endpoint_aliases: { registration_endpoint: 'https://mtls.example.com/r' } }
    const { options, requests } = recorder()
    await dynamicClientRegistrationRequest(server, { ...METADATA, use_mtls_endpoint_aliases: true }, options)
    await dynamicClientRegistrationRequest(server, METADATA, options)
    expect(requests.map(({ url }) => url)).toEqual(['https://mtls.example.com/r', as.registration_endpoint])
  })

  it('is checked before the eyes of the trace', async () => {
    const events: CheckEvent[] = []
    await request(as.registration_endpoint, { [trace]: (event) => void events.push(event) }).act()
    expect(events.map(({ rule }) => rule)).toEqual(expect.arrayContaining([ENDPOINT_URL.id, REQUEST_TLS.id]))
  })
})

const ANSWER = { client_id: 's6BhdRkqt3', client_secret: 'cf136dc3c1fc93f31185e5885805d', client_secret_expires_at: 0 }

function process(changes: Record<string, JsonValue | undefined>, status = 201) {
  return processDynamicClientRegistrationResponse(json({ ...ANSWER, ...changes }, status))
}

describe('processDynamicClientRegistrationResponse', () => {
  it('gives every member of a valid answer, unknown ones too (RFC 7591 3.2.1)', async () => {
    const more = { registration_access_token: 5, client_id_issued_at: 'x', ...METADATA, extra: { nested: [null] } }
    expect(await process(more)).toEqual({ ...ANSWER, ...more })
  })

  it('takes a client without secret, whatever is said of its end', async () => {
    const answer = json({ client_id: 'spa', client_secret_expires_at: 'never' }, 201)
    expect(await processDynamicClientRegistrationResponse(answer)).toMatchObject({ client_id: 'spa' })
  })

  it.each(everyTypeBut('a text'))('refuses a client_id that is no text: %s (RFC 7591 3.2.1)', async (_, client_id) => {
    const error = await refuses(registration.CLIENT_ID, () => process({ client_id }))
    expect(error).toMatchObject({ cause: { attribute: 'client_id' } })
  })

  it.each(everyTypeBut('missing', 'a text'))(
    'refuses a client_secret that is no text: %s (RFC 7591 3.2.1)',
    async (_, client_secret) => {
      await refuses(registration.CLIENT_SECRET, () => process({ client_secret }))
    },
  )

  it.each<NamedValue>([...everyTypeBut('zero', 'a number'), ['negative', -1], ['digits', '1577858400']])(
    'refuses a client_secret_expires_at that is %s beside a secret (RFC 7591 3.2.1)',
    async (_, client_secret_expires_at) => {
      await refuses(registration.CLIENT_SECRET_EXPIRES_AT, () => process({ client_secret_expires_at }))
    },
  )

  it('refuses a client_secret_expires_at of 1e400, more than a number holds', async () => {
    const text = JSON.stringify({ ...ANSWER, client_secret_expires_at: '#' }).replace('"#"', '1e400')
    const act = () => processDynamicClientRegistrationResponse(new Response(text, { status: 201 }))
    await refuses(registration.CLIENT_SECRET_EXPIRES_AT, act)
  })

  it.each([0, 0.5, 1_577_858_400])('takes the client_secret_expires_at %s', async (client_secret_expires_at) => {
    expect(await process({ client_secret_expires_at })).toMatchObject({ client_secret_expires_at })
  })

  it.each([200, 202, 302, 400, 404, 500, 503])(
    'refuses the status %s: a registration is 201 (RFC 7591 3.2.1)',
    async (status) => {
      const error = await refuses(registration.REGISTRATION_STATUS, () => process({}, status))
      expect(error).toMatchObject({ status, expected: 201, actual: status })
    },
  )

  it('does not look at a challenge in an answer of success', async () => {
    const answer = json(ANSWER, 201, { 'www-authenticate': 'Bearer' })
    expect(await processDynamicClientRegistrationResponse(answer)).toEqual(ANSWER)
  })

  it('refuses what is no JSON object (RFC 7591 3.2.1)', async () => {
    const html = () => new Response('<html>', { status: 201, headers: { 'content-type': 'text/html' } })
    await refuses(http.BODY_CONTENT_TYPE, () => processDynamicClientRegistrationResponse(html()), http.BODY_JSON)
    const array = () => processDynamicClientRegistrationResponse(json([ANSWER], 201))
    await refuses(http.BODY_OBJECT, array, registration.CLIENT_ID)
  })

  it('takes nothing from a member __proto__', async () => {
    const text = '{"__proto__":{"client_id":"shop"}}'
    const act = () => processDynamicClientRegistrationResponse(new Response(text, { status: 201 }))
    await refuses(registration.CLIENT_ID, act)
  })

  it.each(['invalid_redirect_uri', 'invalid_client_metadata', 'invalid_software_statement'])(
    'tells the error %s (RFC 7591 3.2.2)',
    async (code) => {
      const error = await rejectionOf(() => processDynamicClientRegistrationResponse(json({ error: code }, 400)))
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: code, status: 400 })
    },
  )

  it('takes an error only from JSON (RFC 7591 3.2.2)', async () => {
    const html = () => json({ error: 'invalid_client_metadata' }, 400, { 'content-type': 'text/html' })
    await refuses(ERROR_CONTENT_TYPE, () => processDynamicClientRegistrationResponse(html()))
  })

  it('tells that the initial access token is not accepted (RFC 6750 3.1)', async () => {
    const answer = json({}, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })
    const error = await rejectionOf(() => processDynamicClientRegistrationResponse(answer))
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      cause: [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }],
    })
  })

  it('tells a trace its checks', async () => {
    const events: CheckEvent[] = []
    const options = { [trace]: (event: CheckEvent) => void events.push(event) }
    await processDynamicClientRegistrationResponse(json(ANSWER, 201), options)
    expect(events.map(({ rule, passed }) => [rule, passed])).toEqual(
      [
        registration.REGISTRATION_STATUS,
        http.BODY_READ,
        http.BODY_SIZE,
        http.BODY_CONTENT_TYPE,
        http.BODY_JSON,
        http.BODY_OBJECT,
        registration.CLIENT_ID,
        registration.CLIENT_SECRET,
        registration.CLIENT_SECRET_EXPIRES_AT,
      ].map(({ id }) => [id, true]),
    )
  })
})
