import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { unsignedJwt } from '../testing/answers.ts'
import { changed, NOTIFICATION_TOKEN, op, PARAMETERS, pinged, shop } from '../testing/backchannel-request.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { BINDING_MESSAGE } from './binding-message.ts'
import { checkBackchannelAuthenticationParameters } from './check-parameters.ts'
import * as rules from './check-parameters.rules.ts'
import type { BackchannelAuthenticationParameters } from './parameters.ts'

function request(changes: Record<string, unknown>, client: Client = shop, as: AuthorizationServer = op): void {
  checkBackchannelAuthenticationParameters(
    as,
    client,
    changed<BackchannelAuthenticationParameters>(PARAMETERS, changes),
  )
}

describe('checkBackchannelAuthenticationParameters', () => {
  it('accepts a request with everything that it may have (CIBA Core 7.1)', () => {
    const everything = {
      binding_message: 'W4SCT',
      user_code: '6365',
      requested_expiry: 120,
      acr_values: 'urn:mace:incommon:iap:silver urn:mace:incommon:iap:bronze',
      client_notification_token: NOTIFICATION_TOKEN,
      request_context: { location: { lat: 51.17397, lng: -1.82238 } },
      resource: ['https://api.example.com/', 'urn:example:api'],
      authorization_details: [{ type: 'payment', amount: '165.88' }],
      'x-of-the-server': { any: ['JSON', 1, true, null] },
    }
    expect(() => request(everything, { ...pinged, backchannel_user_code_parameter: true })).not.toThrow()
  })

  it('tells a trace every check in its order, and that all passed', () => {
    const events: CheckEvent[] = []
    const client = {
      ...pinged,
      backchannel_user_code_parameter: true,
      [trace]: (event: CheckEvent) => events.push(event),
    }
    const more = { binding_message: 'W4SCT', user_code: '6365', client_notification_token: NOTIFICATION_TOKEN }
    request(more, client)
    expect(events.filter(({ passed }) => !passed)).toEqual([])
    expect(events.map(({ rule }) => rule)).toMatchInlineSnapshot(`
      [
        "client-metadata.backchannel_token_delivery_mode",
        "server-metadata.backchannel_token_delivery_modes_supported",
        "client-metadata.grant_types",
        "client-metadata.backchannel_client_notification_endpoint",
        "backchannel-request.scope-syntax",
        "backchannel-request.scope",
        "backchannel-request.hint",
        "backchannel-request.client_notification_token-present",
        "backchannel-request.client_notification_token-length",
        "backchannel-request.client_notification_token",
        "backchannel-request.client_notification_token-entropy",
        "backchannel-request.user_code",
        "server-metadata.backchannel_user_code_parameter_supported",
        "backchannel-request.binding_message-length",
        "backchannel-request.binding_message",
      ]
    `)
  })

  it.each(NO_TEXTS)('wants the metadata of both parties, not %s', async (_, value, code) => {
    await isCallersMistake(code, () => request({}, changed(shop, { client_id: value })))
    await isCallersMistake(code, () => request({}, shop, changed(op, { issuer: value })))
  })
})

describe('scope', () => {
  it.each(['openid', 'openid profile', 'profile openid', 'payment:7 openid'])('may be %j (CIBA Core 7.1)', (scope) => {
    expect(() => request({ scope })).not.toThrow()
  })

  it.each(['profile', 'OPENID', 'openid2', 'openid-profile'])(
    'has openid: refused as %j (CIBA Core 7.1)',
    async (scope) => {
      await refuses(rules.SCOPE_OPENID, () => request({ scope }))
    },
  )

  it.each([
    'openid  profile',
    ' openid',
    'openid ',
    'openid\tprofile openid',
    'openid "quoted"',
    'openid back\\slash',
    'openid é',
  ])('is values with one space between two: refused as %j (RFC 6749 3.3)', async (scope) => {
    await refuses(rules.SCOPE_SYNTAX, () => request({ scope }))
  })

  it.each(NO_TEXTS)('is there, not %s', async (_, scope, code) => {
    await isCallersMistake(code, () => request({ scope }))
  })
})

describe('the hint (CIBA Core 7.1)', () => {
  const HINTS = { login_hint: 'anna', login_hint_token: 'token', id_token_hint: unsignedJwt({ sub: 'anna' }) }
  const none = { login_hint: undefined }

  it.each(Object.entries(HINTS))('may be %s', (name, value) => {
    expect(() => request({ ...none, [name]: value })).not.toThrow()
  })

  it('is there', async () => {
    const error = await refuses(rules.HINT, () => request(none))
    expect(error).toMatchObject({ actual: [] })
  })

  it.each([
    ['login_hint', 'login_hint_token'],
    ['login_hint', 'id_token_hint'],
    ['login_hint_token', 'id_token_hint'],
    ['login_hint', 'login_hint_token', 'id_token_hint'],
  ] as const)('is one only, not %s and %s', async (...names) => {
    const hints = Object.fromEntries(names.map((name) => [name, HINTS[name]]))
    const error = await refuses(rules.HINT, () => request({ ...none, ...hints }))
    expect(error).toHaveProperty('actual', expect.arrayContaining([...names]))
  })

  it.each([
    ['encrypted', 'a.b.c.d.e', '5 parts: it is still encrypted'],
    ['no JWT', 'anna', '1 parts'],
    ['too short', 'a.b', '2 parts'],
    ['too long', 'a.b.c.d.e.f', '6 parts'],
  ])('is a signed ID Token where it is one, not one that is %s', async (_, id_token_hint, actual) => {
    const error = await refuses(rules.ID_TOKEN_HINT, () => request({ ...none, id_token_hint }))
    expect(error).toMatchObject({ actual })
  })

  it.each(Object.keys(HINTS))('is no empty %s', async (name) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => request({ ...none, [name]: '' }))
  })
})

describe('client_notification_token', () => {
  it.each(['ping', 'push'])('is there in %s mode (CIBA Core 7.1)', async (mode) => {
    const client = { ...shop, backchannel_token_delivery_mode: mode }
    expect(() => request({ client_notification_token: NOTIFICATION_TOKEN }, client)).not.toThrow()
    await refuses(rules.NOTIFICATION_TOKEN_PRESENT, () => request({}, client))
  })

  it('is not there in poll mode, in which nobody calls back', async () => {
    const more = { client_notification_token: NOTIFICATION_TOKEN }
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => request(more))
  })
})

describe('user_code', () => {
  const allowed: Client = { ...shop, backchannel_user_code_parameter: true }

  it('is sent by a client that registered for it, to a server that has them (CIBA Core 4, 7.1)', () => {
    expect(() => request({ user_code: '1234' }, allowed)).not.toThrow()
    expect(() => request({}, allowed)).not.toThrow()
  })

  /** What is not `true`, and how a refusal names it. */
  const OTHERS = [
    [undefined, 'missing'],
    [false, false],
    ['true', 'true'],
    [1, 1],
  ] as const

  it.each(OTHERS)(
    'is not sent by a client whose backchannel_user_code_parameter is %j (CIBA Core 7.1)',
    async (value, actual) => {
      const client = changed(shop, { backchannel_user_code_parameter: value })
      const error = await refuses(rules.USER_CODE_REGISTERED, () => request({ user_code: '1234' }, client))
      expect(error).toMatchObject({ actual })
    },
  )

  it.each(OTHERS)(
    'is not sent to a server whose backchannel_user_code_parameter_supported is %j (CIBA Core 4)',
    async (value, actual) => {
      const as = changed(op, { backchannel_user_code_parameter_supported: value })
      const error = await refuses(rules.USER_CODE_SUPPORTED, () => request({ user_code: '1234' }, allowed, as))
      expect(error).toMatchObject({ expected: true, actual })
    },
  )
})

describe('what stands in errors', () => {
  const SECRET = 'hunter2'
  const everybody: Client = { ...shop, backchannel_user_code_parameter: true }

  it.each<[string, Record<string, unknown>, Client]>([
    ['a hint', { login_hint: SECRET, login_hint_token: SECRET }, shop],
    ['an ID Token', { login_hint: undefined, id_token_hint: `${SECRET}.${SECRET}` }, shop],
    ['a user code', { user_code: SECRET }, shop],
    ['a user code that is no text', { user_code: [SECRET] }, everybody],
    ['a token', { client_notification_token: SECRET }, pinged],
    ['a token in poll mode', { client_notification_token: SECRET }, shop],
    ['a message', { binding_message: `${SECRET}\n` }, shop],
    ['a scope', { scope: SECRET }, shop],
    ['an acr', { acr_values: `${SECRET}  ${SECRET}` }, shop],
    ['an expiry', { requested_expiry: SECRET }, shop],
    ['a context', { request_context: `{${SECRET}` }, shop],
  ])('is never %s', async (_, changes, client) => {
    const error = await rejectionOf(() => request(changes, client))
    expect(error).toBeInstanceOf(Error)
    expect([inspect(error, { depth: 12 }), JSON.stringify(error)].join()).not.toContain(SECRET)
  })

  it('tells the rule, its paragraph and what to do', async () => {
    const error = await refuses(BINDING_MESSAGE, () => request({ binding_message: 'two\nlines' }))
    expect(error).toMatchObject({
      code: 'OAUTH_REQUEST_FORBIDDEN',
      rule: 'backchannel-request.binding_message',
      spec: { document: 'CIBA Core 1.0', section: '7.1' },
    })
  })
})
