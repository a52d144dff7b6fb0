import { describe, expect, it } from 'vitest'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import { customFetch } from '../http/options.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import { maxBodySize } from '../metadata/body-size.ts'
import { as, json } from '../testing/answers.ts'
import * as endpoint from '../testing/callbacks.ts'
import { keyServer } from '../testing/key-server.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { bodyOf } from '../testing/streams.ts'
import { validatePushCallback } from './push.ts'
import { callbackResponse } from './response.ts'

const { AUTH_REQ_ID, callback, client, findTransaction, ping, push, pushedError, TOKEN, validatePing, validatePush } =
  endpoint

/** Everything that an answer says. */
async function wholeOf(response: Response): Promise<{ status: number; headers: object; body: string }> {
  const { status, headers } = response
  return { status, headers: Object.fromEntries(headers), body: await response.text() }
}

/** The answer to what something rejects with. */
async function answerTo(act: () => unknown) {
  const error = await rejectionOf(act)
  expect(error).toBeDefined()
  return await wholeOf(callbackResponse(error))
}

const NO_STORE = { 'cache-control': 'no-store' }
const REALM = 'Bearer realm="client notification endpoint"'
const UNTRIED = { status: 401, headers: { ...NO_STORE, 'www-authenticate': REALM }, body: '' }
const INVALID = {
  status: 401,
  headers: { ...NO_STORE, 'www-authenticate': `${REALM}, error="invalid_token"` },
  body: '',
}
const NOT_ALLOWED = { status: 405, headers: { ...NO_STORE, allow: 'POST' }, body: '' }
const BAD = { status: 400, headers: NO_STORE, body: '' }
const FAULT = { status: 500, headers: NO_STORE, body: '' }

describe('the answer to a callback that was taken (CIBA Core 10.2, 10.3.1)', () => {
  it('is 204, with nothing in it', async () => {
    expect(await wholeOf(callbackResponse())).toEqual({ status: 204, headers: NO_STORE, body: '' })
    expect(await wholeOf(callbackResponse(undefined))).toEqual({ status: 204, headers: NO_STORE, body: '' })
  })
})

const withHeader = (authorization: string | undefined) => validatePing(ping({}, { authorization }))

describe('the answer to another method (RFC 9110 15.5.6)', () => {
  it.each(['GET', 'PUT', 'DELETE'])('%s is 405 with Allow', async (method) => {
    expect(await answerTo(() => validatePing(callback(null, {}, method)))).toEqual(NOT_ALLOWED)
  })
})

describe('the answer to a wrong token (CIBA Core 10.2, 10.3.1; RFC 6750 3)', () => {
  it.each([undefined, `Basic ${TOKEN}`, TOKEN, ''])(
    'has no error where no bearer token was tried: %j (RFC 6750 3.1)',
    async (header) => {
      expect(await answerTo(() => withHeader(header))).toEqual(UNTRIED)
    },
  )

  it.each([
    ['malformed', () => withHeader('Bearer a,b')],
    ['missing behind the scheme', () => withHeader('Bearer')],
    ['there twice', () => withHeader(`Bearer ${TOKEN}, Bearer ${TOKEN}`)],
    ['too long', () => withHeader(`Bearer ${'a'.repeat(1025)}`)],
    ['another', () => withHeader('Bearer another')],
    [
      'of another transaction',
      () => validatePing(ping({ auth_req_id: 'x' }), { findTransaction: () => endpoint.transaction }),
    ],
    ['for a transaction that nobody knows', () => validatePing(ping({ auth_req_id: 'unknown' }))],
    ['for a push', () => validatePush(push({ auth_req_id: 'unknown' }))],
  ])('is the same where it is %s', async (_title, act) => {
    expect(await answerTo(act)).toEqual(INVALID)
  })
})

describe('the answer to any other callback that was refused', () => {
  const decrypting = { [jweDecrypt]: () => Promise.resolve('no JWT') }

  it.each([
    ['another media type', () => validatePing(ping({}, { 'content-type': 'text/plain' }))],
    ['a body that is too large', () => validatePing(ping(), { [maxBodySize]: 5 })],
    ['a body that broke off', () => validatePing(callback(bodyOf('{', new Error('reset'))))],
    ['no JSON', () => validatePing(callback('{'))],
    ['an array', () => validatePing(callback('[]'))],
    ['no auth_req_id', () => validatePing(callback('{}'))],
    ['a push at an endpoint for pings', () => validatePing(push())],
    ['a ping at an endpoint for pushes', () => validatePush(ping())],
    ['an unknown error', () => validatePush(pushedError({ error: 'slow_down' }))],
    ['no ID Token', () => validatePush(push({ id_token: undefined }))],
    ['an ID Token for another client', () => validatePush(push({}, { aud: 'bank' }))],
    ['an ID Token that has expired', () => validatePush(push({}, { exp: 1 }))],
    ['another access token', () => validatePush(push({ access_token: 'another' }))],
    ['an unknown type of token', () => validatePush(push({ token_type: 'mac' }))],
    ['what is inside an encrypted ID Token', () => validatePush(push({ id_token: 'a.b.c.d.e' }), decrypting)],
    [
      'an unknown key',
      () => validatePush(push({ id_token: signedJwt(signingKey('ES256', 'x'), endpoint.pushClaims()) })),
    ],
    [
      'a forged signature',
      () => validatePush(push({ id_token: signedJwt(signingKey('ES256', 'server-1'), endpoint.pushClaims()) })),
    ],
  ])('is 400 for %s', async (_title, act) => {
    expect(await answerTo(act)).toEqual(BAD)
  })

  it('is 400 for what a function for a type of tokens refuses', async () => {
    const recognizedTokenTypes = {
      mac() {
        throw new UnsupportedOperationError('no key')
      },
    }
    expect(await answerTo(() => validatePush(push({ token_type: 'mac' }), { recognizedTokenTypes }))).toEqual(BAD)
  })
})

describe('the answer where something else went wrong is 500', () => {
  const failing = () => Promise.reject(new Error(`no connection for ${AUTH_REQ_ID}`))

  it.each([
    ['the lookup failed', () => validatePing(ping(), { findTransaction: failing })],
    ['it gave something else', () => validatePing(ping(), { findTransaction: () => ({}) })],
    [
      'the body was read',
      async () => {
        const request = ping()
        await request.text()
        return await validatePing(request)
      },
    ],
    ['decryption failed', () => validatePush(push({ id_token: 'a.b.c.d.e' }), { [jweDecrypt]: failing })],
    ['the keys could not be fetched', () => validatePush(push(), { [customFetch]: failing })],
    [
      'the keys are answered with 503',
      () => validatePush(push(), { [customFetch]: () => Promise.resolve(json({}, 503)) }),
    ],
    ['the keys are no JSON', () => validatePush(push(), { [customFetch]: () => Promise.resolve(new Response('x')) })],
    ['the keys are none', () => validatePush(push(), { [customFetch]: () => Promise.resolve(json({ keys: 5 })) })],
  ])('%s', async (_title, act) => {
    expect(await answerTo(act)).toEqual(FAULT)
  })

  it.each([
    ['lack jwks_uri', { issuer: as.issuer }],
    ['have a jwks_uri that is no URL', { ...as, jwks_uri: 'no URL' }],
    ['have a jwks_uri without TLS', { ...as, jwks_uri: 'http://op.example.com/jwks' }],
    ['have a jwks_uri of another protocol', { ...as, jwks_uri: 'ftp://op.example.com/jwks' }],
  ])('the server’s metadata %s', async (_title, server) => {
    const options = { findTransaction, ...keyServer(endpoint.serverKey.jwk).options }
    expect(await answerTo(() => validatePushCallback(server, client, push(), options))).toEqual(FAULT)
  })

  it.each([[null], [false], [0], [''], ['text'], [{}], [new Error()], [{ rule: 'callback.method' }]])(
    'something else was thrown: %j',
    async (thrown) => {
      expect(await wholeOf(callbackResponse(thrown))).toEqual(FAULT)
    },
  )
})

describe('an answer', () => {
  it('is never a redirect, whatever is told to it (10.2)', () => {
    for (const status of [301, 302, 303, 307, 308, 204]) {
      const error = Object.assign(new OperationProcessingError('moved', { evidence: { status } }), { status })
      expect(callbackResponse(error)).toMatchObject({ status: 500, redirected: false })
      expect(callbackResponse(error).headers.has('location')).toBe(false)
    }
  })

  it('is made anew each time', () => {
    expect(callbackResponse()).not.toBe(callbackResponse())
  })
})
