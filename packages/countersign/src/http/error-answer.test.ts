import { Response as UndiciResponse } from 'undici'
import { describe, expect, it } from 'vitest'
import { ACKNOWLEDGEMENT_STATUS } from '../endpoints/backchannel-authentication.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { json } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { bodyOf, endlessBody } from '../testing/streams.ts'
import { assertResponse, BODY_READ, BODY_SIZE } from './body.ts'
import { assertStatus, ERROR_CONTENT_TYPE, refuseChallenges } from './error-answer.ts'

const STATUS = ACKNOWLEDGEMENT_STATUS

const headers = { 'content-type': 'application/json' }

/** Asserts that an answer has status 200. */
async function expect200(response: Response): Promise<void> {
  await assertStatus({ trace: undefined, response }, response, 200, STATUS)
}

/** What answers for a response, and is none of this realm: it shows nothing of what is defined on itself. */
function standIn(response: Response): Response {
  const face = Object.defineProperty({}, Symbol.toStringTag, { value: 'Response' })
  return new Proxy(face, {
    get(target, name) {
      const value: unknown = name in response ? Reflect.get(response, name) : Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(response) as unknown) : value
    },
  }) as Response
}

describe('an answer with the status of success', () => {
  it('is accepted, and its body left unread', async () => {
    const response = json({ error: 'invalid_request' })
    await expect200(response)
    expect(response.bodyUsed).toBe(false)
  })

  it('is accepted with a challenge', async () => {
    await expect200(json({}, 200, { 'www-authenticate': 'Bearer error="invalid_token"' }))
  })
})

describe('an answer with challenges', () => {
  const challenge = { 'www-authenticate': 'Bearer, DPoP error="use_dpop_nonce", algs="ES256"' }

  it.each([201, 302, 400, 401, 403, 407, 500, 503])(
    'is the error of these at status %d, and its body left unread (RFC 9110 11.6.1)',
    async (status) => {
      const response = json({ error: 'invalid_client' }, status, challenge)
      const error = await rejectionOf(() => expect200(response))
      expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
      expect(error).toMatchObject({
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
        status,
        contentType: 'application/json',
        spec: { document: 'RFC 9110', section: '11.6.1' },
        message: expect.stringMatching(/bearer "no error code", dpop "use_dpop_nonce"$/),
        cause: [
          { scheme: 'bearer', parameters: {} },
          { scheme: 'dpop', parameters: { error: 'use_dpop_nonce', algs: 'ES256' } },
        ],
      })
      expect(Object(error).response).toBe(response)
      expect(response.bodyUsed).toBe(false)
      expect(await response.json()).toEqual({ error: 'invalid_client' })
    },
  )

  it('is the error of all of them where they stand in several header fields (RFC 9110 5.3)', async () => {
    const response = json({ error: 'invalid_client' }, 401)
    response.headers.append('www-authenticate', 'Basic realm="a, b"')
    response.headers.append('www-authenticate', 'DPoP')
    expect(await rejectionOf(() => expect200(response))).toMatchObject({
      cause: [
        { scheme: 'basic', parameters: { realm: 'a, b' } },
        { scheme: 'dpop', parameters: {} },
      ],
    })
  })

  it.each(['', ' , ', 'realm="no scheme"', 'Bearer error="cut off'])(
    'is the error of its body where the header is %j, which holds none',
    async (header) => {
      const error = await rejectionOf(() => expect200(json({ error: 'a' }, 401, { 'www-authenticate': header })))
      expect(error).toBeInstanceOf(ResponseBodyError)
    },
  )

  it('keeps its headers out of logs', async () => {
    const response = json({}, 401, { ...challenge, 'set-cookie': 'secret' })
    const error = await rejectionOf(() => expect200(response))
    expect(Object.keys(error as object)).not.toContain('response')
  })

  it.each([200, 401])('at status %d is refused where every status may have them (OIDC Core 5.3.3)', async (status) => {
    const response = json({ sub: 'anna' }, status, challenge)
    const error = await rejectionOf(() => {
      refuseChallenges(response)
    })
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({ status })
    refuseChallenges(json({ sub: 'anna' }, status))
  })
})

describe('what a server writes into an error', () => {
  // C1 controls such as U+009B begin commands to a terminal, U+2028 a line of a log
  it.each([
    ['long', 'a'.repeat(10_000)],
    ['with control characters', '\x9b31m\x7f'],
  ])('neither floods nor steers the message: %s', async (_title, text) => {
    const answers = [
      json({ error: `${text}\u2028` }, 400),
      json({}, 401, { 'www-authenticate': `Bearer error="${text}"` }),
    ]
    for (const response of answers) {
      const error = await rejectionOf(() => expect200(response))
      expect(error).toMatchObject({ message: expect.stringMatching(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,1000}$/u) })
    }
  })
})

describe('an OAuth error answer', () => {
  it.each([400, 401, 403, 404, 429, 499])('is its error at status %d (RFC 6749 5.2)', async (status) => {
    const body = { error: 'slow_down', error_description: 'too fast', error_uri: 'https://op.example.com/e', more: [1] }
    const response = json(body, status)
    const error = await rejectionOf(() => expect200(response))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({
      code: 'OAUTH_RESPONSE_BODY_ERROR',
      error: 'slow_down',
      error_description: 'too fast',
      status,
      contentType: 'application/json',
      spec: { document: 'RFC 6749', section: '5.2' },
      cause: body,
    })
    expect(Object(error).response).toBe(response)
    expect(response.bodyUsed).toBe(true)
    expect(Object.keys(error as object)).not.toContain('response')
  })

  it('is its error where another implementation of fetch received it', async () => {
    const response: unknown = new UndiciResponse('{"error":"expired_token"}', { status: 400, headers })
    assertResponse(response)
    const error = await rejectionOf(() => expect200(response))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ error: 'expired_token', error_description: undefined, status: 400 })
  })

  it('is read from a type with parameters, in any case (RFC 9110 8.3.1)', async () => {
    const contentType = 'Application/JSON;charset=UTF-8'
    expect(
      await rejectionOf(() => expect200(json({ error: 'a' }, 400, { 'content-type': contentType }))),
    ).toBeInstanceOf(ResponseBodyError)
  })

  it.each(['text/html', 'application/problem+json', 'application/json, text/html', ''])(
    'is not one of type %j, and its body is left unread (RFC 6749 5.2)',
    async (contentType) => {
      const answer = () => json({ error: 'a' }, 400, { 'content-type': contentType })
      const error = await refuses(ERROR_CONTENT_TYPE, () => expect200(answer()))
      expect(error).toMatchObject({ status: 400, contentType, expected: 'application/json', actual: contentType })

      const response = answer()
      expect(Object(await rejectionOf(() => expect200(response))).cause).toBe(response)
      expect(await response.json()).toEqual({ error: 'a' })
    },
  )

  it('that was read already is the mistake of the caller, before its type is looked at', async () => {
    const response = json({ error: 'a' }, 400, { 'content-type': 'text/html' })
    await response.text()
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => expect200(response))
  })

  it('is not one without a type (RFC 6749 5.2)', async () => {
    const answer = () => new Response(new TextEncoder().encode('{"error":"a"}'), { status: 400 })
    expect(await refuses(ERROR_CONTENT_TYPE, () => expect200(answer()))).toMatchObject({ contentType: null })
  })

  it.each([
    ['no error', '{"error_description":"a"}'],
    ['an empty error', '{"error":""}'],
    ['an error that is no text', '{"error":{"code":1}}'],
    ['an error that is null', '{"error":null}'],
    ['an array', '[{"error":"a"}]'],
    ['null', 'null'],
    ['a text', '"error"'],
    ['no JSON', '{"error":"a"'],
    ['nothing', ''],
  ])('with %s is an unexpected status, and its body is left for the caller (RFC 6749 5.2)', async (_title, body) => {
    await refuses(STATUS, () => expect200(new Response(body, { status: 400, headers })))
    const response = new Response(body, { status: 400, headers })
    const error = await rejectionOf(() => expect200(response))
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', rule: STATUS.id })
    expect(Object(error).cause).toBe(response)
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).toBe(body)
  })

  it.each<[string, (response: Response) => Response]>([
    ['is frozen', (response) => Object.freeze(response)],
    ['stands for another one', standIn],
  ])('is left unread also where it %s, and cannot be given its body back', async (_, changed) => {
    const body = '{"no":"error"}'
    const response = changed(new Response(body, { status: 400, headers }))
    const error = await rejectionOf(() => expect200(response))
    expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', rule: STATUS.id })
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).toBe(body)
    const oauthError = changed(json({ error: 'a' }, 400))
    expect(await rejectionOf(() => expect200(oauthError))).toMatchObject({ error: 'a' })
    expect(oauthError.bodyUsed).toBe(true)
  })

  it.each([201, 204, 301, 304, 500, 502, 503])(
    'at status %d is an unexpected status, and its body is left unread (RFC 6749 5.2)',
    async (status) => {
      const body = [204, 304].includes(status) ? null : '{"error":"a"}'
      await refuses(STATUS, () => expect200(new Response(body, { status, headers })))
      const response = new Response(body, { status, headers })
      const error = await rejectionOf(() => expect200(response))
      expect(error).toMatchObject({ expected: 200, actual: status, status })
      expect(Object(error).cause).toBe(response)
      expect(response.bodyUsed).toBe(false)
    },
  )

  it('is no success where another status is expected', async () => {
    const response = json({})
    const act = async () => await assertStatus({ trace: undefined, response }, response, 201, STATUS)
    expect(await refuses(STATUS, act)).toMatchObject({ expected: 201, actual: 200 })
  })

  it('whose body breaks off is refused, with the failure as cause (RFC 9110 6.1)', async () => {
    const failure = new Error('connection reset')
    const answer = () => new Response(bodyOf('{"error":"a"}', failure), { status: 400, headers })
    expect((await refuses(BODY_READ, () => expect200(answer()))).cause).toBe(failure)
  })

  it('whose body does not end is refused, and its sender told to stop', async () => {
    const { stream, cancelled } = endlessBody()
    const error = await rejectionOf(() => expect200(new Response(stream, { status: 400, headers })))
    expect(error).toMatchObject({ code: 'OAUTH_INVALID_RESPONSE', rule: BODY_SIZE.id, status: 400 })
    expect(cancelled()).toBe(true)
  })

  it('whose body has been used already is the mistake of the caller', async () => {
    const response = json({ error: 'a' }, 400)
    await response.text()
    const error = await rejectionOf(() => expect200(response))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' })
  })

  it('whose body somebody else reads already is refused', async () => {
    const response = json({ error: 'a' }, 400)
    response.body?.getReader()
    expect(await rejectionOf(() => expect200(response))).toMatchObject({
      code: 'OAUTH_PARSE_ERROR',
      rule: BODY_READ.id,
    })
  })
})
