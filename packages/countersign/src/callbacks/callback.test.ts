import { Request as UndiciRequest } from 'undici'
import { describe, expect, it } from 'vitest'
import { type CheckEvent, trace } from '../rules/trace.ts'
import * as endpoint from '../testing/callbacks.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { bodyOf, endlessBody } from '../testing/streams.ts'
import * as rules from './callback.rules.ts'
import { PING_MODE } from './ping.ts'
import { PUSH_MODE } from './push.rules.ts'

/* What ping and push have in common (CIBA Core 10.2, 10.3.1). */

const { AUTH_REQ_ID, callback, client, KINDS, TOKEN } = endpoint

/** What refuses a body in which nothing is right. */
const BEHIND_THE_BODY = [rules.CALLBACK_JSON, rules.CALLBACK_OBJECT, rules.CALLBACK_AUTH_REQ_ID]

describe.each(KINDS)('%s', (_mode, validate, members) => {
  const valid = JSON.stringify(members)
  const withToken = (authorization: string | undefined) => callback(valid, { authorization })

  describe('of the server', () => {
    it('is taken, with its auth_req_id', async () => {
      expect(await validate(callback(valid))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it('may have members that no specification names (10.2, 10.3.1)', async () => {
      const more = { ...members, iat: 1, toJSON: 'x', then: [null], constructor: {} }
      expect(await validate(callback(JSON.stringify(more)))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it('may be a Request of another implementation of fetch', async () => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
      const request: unknown = new UndiciRequest('https://shop.example.com/cb', {
        method: 'POST',
        headers,
        body: valid,
      })
      expect(request).not.toBeInstanceOf(Request)
      // undici's declarations differ from the DOM's in names only
      expect(await validate(request as Request)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it('may arrive in parts, cut inside characters', async () => {
      const bytes = new TextEncoder().encode(JSON.stringify({ ...members, name: 'Žofie €😀' }))
      const parts = Array.from(bytes, (byte) => Uint8Array.of(byte))
      expect(await validate(callback(bodyOf(...parts)))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it('may have a byte order mark before it (RFC 8259 8.1)', async () => {
      expect(await validate(callback(`\uFEFF${valid}`))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })
  })

  describe('the method (10.2)', () => {
    it.each(['PUT', 'PATCH', 'DELETE'])('is not %s', async (method) => {
      const error = await refuses(rules.CALLBACK_METHOD, () => validate(callback(valid, {}, method)))
      expect(error).toMatchObject({ code: 'OAUTH_INVALID_REQUEST', expected: 'POST', actual: method })
    })

    it.each(['GET', 'HEAD'])('is not %s, which has no body', async (method) => {
      const act = () => validate(callback(null, {}, method))
      await refuses(rules.CALLBACK_METHOD, act, ...BEHIND_THE_BODY)
    })
  })

  describe('the Authorization header (9; RFC 6750 2.1)', () => {
    it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('may have the scheme %s (RFC 9110 11.1)', async (scheme) => {
      expect(await validate(withToken(`${scheme} ${TOKEN}`))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it.each([`Bearer   ${TOKEN}`, `  Bearer ${TOKEN}  `, `\tBearer ${TOKEN}\t`])(
      'may have more blanks: %j (RFC 9110 5.6.3)',
      async (header) => {
        expect(await validate(withToken(header))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      },
    )

    it('is missed', async () => {
      const error = await refuses(rules.CALLBACK_AUTHORIZATION, () => validate(withToken(undefined)))
      expect(error.cause).toMatchObject({ header: 'authorization' })
    })

    it('is not replaced by a parameter of the query or a member of the body (9)', async () => {
      const act = () => {
        const { headers } = withToken(undefined)
        const body = JSON.stringify({ ...members, access_token: TOKEN, client_notification_token: TOKEN })
        const init = { method: 'POST', headers, body }
        return validate(new Request(`https://shop.example.com/cb?access_token=${TOKEN}`, init))
      }
      await refuses(rules.CALLBACK_AUTHORIZATION, act)
    })

    it.each(['Basic', 'DPoP', 'Bearer:', 'Bearer,', 'Bearer=', 'XBearer', '"Bearer"'])(
      'does not have the scheme %s',
      async (scheme) => {
        await refuses(rules.CALLBACK_SCHEME, () => validate(withToken(`${scheme} ${TOKEN}`)))
      },
    )

    it.each([TOKEN, `Bearer\t${TOKEN}`, `Bearer\u00a0${TOKEN}`, '', `=?utf-8?q?Bearer?= ${TOKEN}`])(
      'does not have a scheme that is no word before a blank: %j (RFC 9110 11.4)',
      async (header) => {
        const act = () => validate(withToken(header))
        await refuses(rules.CALLBACK_SCHEME, act, rules.CALLBACK_TOKEN_FORM)
      },
    )

    it.each([`Bearer ${TOKEN} ${TOKEN}`, `Bearer ${TOKEN} x`, `Bearer ${TOKEN} realm=x`])(
      'does not have more than one token: %j',
      async (header) => {
        await refuses(rules.CALLBACK_TOKEN_FORM, () => validate(withToken(header)))
      },
    )

    it.each(['Bearer', 'Bearer '])('does not lack the token: %j', async (header) => {
      // the proof is that of the other headers: without the rule, no text is there to be hashed
      expect(await rejectionOf(() => validate(withToken(header)))).toMatchObject({ rule: rules.CALLBACK_TOKEN_FORM.id })
    })

    it('is not there twice, as two fields or as one', async () => {
      const twice = () => {
        const request = callback(valid)
        request.headers.append('authorization', `Bearer ${TOKEN}`)
        return validate(request)
      }
      await refuses(rules.CALLBACK_TOKEN_FORM, twice, rules.NOTIFICATION_TOKEN)
      const joined = () => validate(withToken(`Bearer ${TOKEN},Bearer ${TOKEN}`))
      await refuses(rules.CALLBACK_TOKEN_FORM, joined, rules.NOTIFICATION_TOKEN)
    })

    it.each(['"', ',', ':', '%20', '(', '\\', '=x', '\u00e4', '\t', '\u007f'])(
      'does not have a token with %j in it',
      async (character) => {
        const token = `${TOKEN.slice(0, 8)}${character}${TOKEN.slice(8)}`
        const expectation = { auth_req_id: AUTH_REQ_ID, client_notification_token: token }
        // the store has the very same token: it is its form that is refused
        await refuses(rules.CALLBACK_TOKEN_FORM, () =>
          validate(withToken(`Bearer ${token}`), { findTransaction: () => expectation }),
        )
      },
    )

    it('has a token of 1024 characters, and not of 1025 (7.1)', async () => {
      const known = (token: string) => ({
        findTransaction: () => ({ auth_req_id: AUTH_REQ_ID, client_notification_token: token }),
      })
      const longest = 'a'.repeat(1024)
      expect(await validate(withToken(`Bearer ${longest}`), known(longest))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      const longer = 'a'.repeat(1025)
      const error = await refuses(rules.CALLBACK_TOKEN_LENGTH, () =>
        validate(withToken(`Bearer ${longer}`), known(longer)),
      )
      expect(error).toMatchObject({ expected: 'at most 1024 characters', actual: 1025 })
    })

    it.each(['a', `${TOKEN}==`, '-._~+/=', 'A'.repeat(43)])('may have the token %j (RFC 6750 2.1)', async (token) => {
      const expectation = { auth_req_id: AUTH_REQ_ID, client_notification_token: token }
      const options = { findTransaction: () => expectation }
      expect(await validate(withToken(`Bearer ${token}`), options)).toMatchObject({ auth_req_id: AUTH_REQ_ID })
    })

    it('is looked at before the body is read', async () => {
      const { stream, taken } = endlessBody()
      const request = callback(stream, { authorization: undefined })
      expect(await rejectionOf(() => validate(request))).toMatchObject({ rule: rules.CALLBACK_AUTHORIZATION.id })
      expect(request.bodyUsed).toBe(false)
      // what a stream keeps ready before anybody reads
      expect(taken()).toBeLessThan(2 * 65_536)
    })
  })

  describe('the media type (10.2, 10.3.1)', () => {
    it.each(['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'application/json ;x=y'])(
      'may be %s (RFC 9110 8.3.1)',
      async (type) => {
        expect(await validate(callback(valid, { 'content-type': type }))).toMatchObject({ auth_req_id: AUTH_REQ_ID })
      },
    )

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jwt',
      'application/json+x',
      'application/jsonp',
      'text/html; application/json',
      'application/problem+json',
      '',
    ])('is not %j', async (type) => {
      await refuses(rules.CALLBACK_MEDIA_TYPE, () => validate(callback(valid, { 'content-type': type })))
    })

    it('is not absent', async () => {
      const error = await refuses(rules.CALLBACK_MEDIA_TYPE, () =>
        validate(callback(valid, { 'content-type': undefined })),
      )
      expect(error).toMatchObject({ actual: 'none' })
    })
  })
})

describe('the trace', () => {
  it('has every check of a ping in the order of docs/callbacks.md', async () => {
    const events: CheckEvent[] = []
    await endpoint.validatePing(endpoint.ping(), { [trace]: (event) => void events.push(event) })
    const seen = events.map(({ rule }) => rule)
    expect(seen.filter((rule, index) => seen.indexOf(rule) === index)).toEqual([
      rules.CALLBACK_METHOD.id,
      rules.CALLBACK_AUTHORIZATION.id,
      rules.CALLBACK_SCHEME.id,
      rules.CALLBACK_TOKEN_FORM.id,
      rules.CALLBACK_TOKEN_LENGTH.id,
      rules.CALLBACK_MEDIA_TYPE.id,
      rules.CALLBACK_SIZE.id,
      rules.CALLBACK_BODY.id,
      rules.CALLBACK_JSON.id,
      rules.CALLBACK_OBJECT.id,
      rules.CALLBACK_AUTH_REQ_ID.id,
      rules.CALLBACK_TRANSACTION.id,
      rules.CALLBACK_SAME_TRANSACTION.id,
      rules.NOTIFICATION_TOKEN.id,
      PING_MODE.id,
    ])
    expect(events.every(({ passed }) => passed)).toBe(true)
  })

  it('of the client has those of a push', async () => {
    const events: CheckEvent[] = []
    await endpoint.validatePush(endpoint.push(), {}, { ...client, [trace]: (event) => void events.push(event) })
    expect(events.map(({ rule }) => rule)).toContain(PUSH_MODE.id)
    expect(events.every(({ passed }) => passed)).toBe(true)
  })
})
