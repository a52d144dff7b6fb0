import { describe, expect, it } from 'vitest'
import { changed, op, PARAMETERS, shop } from '../testing/backchannel-request.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses } from '../testing/refuses.ts'
import { checkBackchannelAuthenticationParameters } from './check-parameters.ts'
import { HINT } from './check-parameters.rules.ts'
import {
  type BackchannelAuthenticationParameters,
  type BackchannelAuthenticationParametersInit,
  formOf,
  readParameters,
} from './parameters.ts'
import * as rules from './parameters.rules.ts'

const UNTRACED = { trace: undefined }

function request(changes: Record<string, unknown>): void {
  checkBackchannelAuthenticationParameters(op, shop, changed<BackchannelAuthenticationParameters>(PARAMETERS, changes))
}

function read(given: BackchannelAuthenticationParametersInit): Record<string, unknown> {
  return Object.fromEntries(readParameters(UNTRACED, given))
}

describe('parameters', () => {
  const text = { scope: 'openid', login_hint: 'anna', request_context: '{"device":"till 4"}' }
  const value = { ...text, request_context: { device: 'till 4' } }

  it.each<[string, BackchannelAuthenticationParametersInit]>([
    ['members', value],
    ['members of text', text],
    ['URLSearchParams', new URLSearchParams(text)],
    ['a list of pairs', Object.entries(text)],
  ])('are the same when they are given as %s', (_, given) => {
    expect(read(given)).toEqual(value)
  })

  it('are absent where they are undefined', () => {
    expect(read(changed<BackchannelAuthenticationParameters>(PARAMETERS, { payment: undefined }))).toEqual(PARAMETERS)
  })

  it.each([
    [{ acr_values: ['silver', 'bronze'] }, { acr_values: 'silver bronze' }],
    [{ requested_expiry: 30 }, { requested_expiry: 30 }],
    [{ requested_expiry: '30' }, { requested_expiry: '30' }],
    [
      { resource: ['https://a.example', 'https://b.example'] },
      { resource: ['https://a.example', 'https://b.example'] },
    ],
    [{ payment: { amount: 7, by: null } }, { payment: { amount: 7, by: null } }],
    [{ __proto__: null, extension: '{"text": "of JSON"}' }, { extension: '{"text": "of JSON"}' }],
  ])('have the values of a JWT: %j', (given, expected) => {
    expect(read({ ...PARAMETERS, ...given })).toEqual({ ...PARAMETERS, ...expected })
  })

  it.each([
    'client_id',
    'client_secret',
    'client_assertion',
    'client_assertion_type',
    'request',
    'request_uri',
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
  ])('do not include %s, which is set here or by nobody (CIBA Core 7.1.1, RFC 9101 10.8)', async (name) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => read({ ...PARAMETERS, [name]: 'x' }))
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => read(new URLSearchParams({ ...PARAMETERS, [name]: 'x' })))
  })

  it('come once each (RFC 6749 3.2)', async () => {
    const twice: string[][] = [...Object.entries(PARAMETERS), ['payment', '7'], ['payment', '8']]
    await refuses(rules.REQUEST_PARAMETER_ONCE, () => read(twice))
    await refuses(rules.REQUEST_PARAMETER_ONCE, () => read(new URLSearchParams(twice)))
  })

  it('come once each, resource excepted (RFC 8707 2)', () => {
    const twice: string[][] = [...Object.entries(PARAMETERS), ['resource', 'urn:a:1'], ['resource', 'urn:a:2']]
    expect(read(twice)).toEqual({ ...PARAMETERS, resource: ['urn:a:1', 'urn:a:2'] })
    expect(read(new URLSearchParams(twice))).toMatchObject({ resource: ['urn:a:1', 'urn:a:2'] })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'scope=openid'],
    ['a function', () => undefined],
  ])('are not %s', async (_, given) => {
    // a caller without types
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => read(given as unknown as URLSearchParams))
  })

  it.each([
    ['a function', () => undefined],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('have no value that JSON has not: %s', async (_, value) => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => request({ extension: value }))
  })

  it.each([
    'scope',
    'login_hint',
    'login_hint_token',
    'id_token_hint',
    'binding_message',
    'user_code',
    'client_notification_token',
    'acr_values',
  ])('have text where the standard has text: %s (CIBA Core 7.1, 7.1.1)', async (name) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => request({ [name]: '' }))
    for (const value of [null, 7, true, {}, [7]]) {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => request({ [name]: value }))
    }
  })

  it('are checked in each form alike', async () => {
    const two = { ...PARAMETERS, id_token_hint: 'a.b.c' }
    for (const given of [two, new URLSearchParams(two), Object.entries(two)]) {
      await refuses(HINT, () => checkBackchannelAuthenticationParameters(op, shop, given))
    }
  })
})

describe('requested_expiry (CIBA Core 7.1)', () => {
  it.each([1, 120, '1', '120', Number.MAX_SAFE_INTEGER])('may be %j', (requested_expiry) => {
    expect(() => request({ requested_expiry })).not.toThrow()
  })

  it.each([
    0,
    -1,
    1.5,
    2 ** 53,
    '0',
    '-1',
    '1.5',
    '+1',
    '01',
    '1e3',
    ' 1',
    '',
    'soon',
    '9007199254740992',
    null,
    true,
    [1],
    {},
  ])('is a positive integer: refused as %j', async (requested_expiry) => {
    await refuses(rules.REQUESTED_EXPIRY, () => request({ requested_expiry }))
  })

  it.each([
    [-1, -1],
    ['soon', 'a string'],
    [[1], 'an array'],
  ])('is told in the refusal where it is a number, and described where it is none: %j', async (value, actual) => {
    const error = await refuses(rules.REQUESTED_EXPIRY, () => request({ requested_expiry: value }))
    expect(error).toMatchObject({ actual })
  })
})

describe('acr_values (CIBA Core 7.1)', () => {
  it.each(['silver', 'silver bronze', 'urn:example:é'])('may be %j', (acr_values) => {
    expect(() => request({ acr_values })).not.toThrow()
  })

  it.each(['silver  bronze', ' silver', 'silver ', 'silver\tbronze', 'silver\nbronze', 'silver\u0000'])(
    'are separated by single spaces: refused as %j',
    async (acr_values) => {
      await refuses(rules.ACR_VALUES, () => request({ acr_values }))
    },
  )

  it('are no empty list', async () => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => request({ acr_values: {} }))
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => request({ acr_values: [] }))
  })
})

describe('request_context (FAPI-CIBA 5.3)', () => {
  it.each([{}, { device: 'till 4' }, '{}', '{"device":"till 4"}'])('may be %j', (request_context) => {
    expect(() => request({ request_context })).not.toThrow()
  })

  it.each(['[]', '7', 'null', '"text"', [], 7, null, true])(
    'is a JSON object: refused as %j',
    async (request_context) => {
      await refuses(rules.REQUEST_CONTEXT, () => request({ request_context }))
    },
  )

  it.each(['', '{', 'till 4'])('is JSON where it is text: not %j', async (request_context) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => request({ request_context }))
  })
})

describe('authorization_details (RFC 9396 2)', () => {
  const details = [{ type: 'payment', amount: '7' }]

  it.each([[details], [JSON.stringify(details)], [[]]])('may be %j', (authorization_details) => {
    expect(() => request({ authorization_details })).not.toThrow()
  })

  it.each([
    [{}],
    [[{ amount: '7' }]],
    [[{ type: '' }]],
    [[{ type: 7 }]],
    [['payment']],
    [[null]],
    [{ type: 'payment' }],
    ['{"type":"payment"}'],
    [7],
  ])('are an array of objects with a type: refused as %j', async (authorization_details) => {
    await refuses(rules.AUTHORIZATION_DETAILS, () => request({ authorization_details }))
  })
})

describe('resource (RFC 8707 2)', () => {
  it.each([
    'https://api.example.com',
    'https://api.example.com/a?b=c',
    'urn:example:api',
    'x2:api',
    ['urn:a:1', 'urn:a:2'],
  ])('may be %j', (resource) => {
    expect(() => request({ resource })).not.toThrow()
  })

  it.each([
    'api',
    '/api',
    '7up:api',
    [['urn:a:1']],
    '//api.example.com',
    'https:',
    '',
    'https://api.example.com/#a',
    'https://api.example.com/a b',
    ['urn:a:1', 'api'],
    7,
    {},
    null,
  ])('is an absolute URI without fragment: refused as %j', async (resource) => {
    await refuses(rules.RESOURCE_INDICATOR, () => request({ resource }))
  })
})

describe('the form of an unsigned request', () => {
  it('has the text of each value, and JSON as its text (CIBA Core 7.1, RFC 9396 2, RFC 8707 2)', () => {
    const parameters = readParameters(UNTRACED, {
      ...PARAMETERS,
      requested_expiry: 120,
      acr_values: ['silver', 'bronze'],
      request_context: { device: 'till 4' },
      resource: ['urn:a:1', 'urn:a:2'],
      authorization_details: [{ type: 'payment' }],
      flag: true,
      nothing: null,
      list: ['a', 'b'],
    })
    expect([...formOf(parameters)]).toEqual([
      ['scope', 'openid profile'],
      ['login_hint', 'anna@example.com'],
      ['requested_expiry', '120'],
      ['acr_values', 'silver bronze'],
      ['request_context', '{"device":"till 4"}'],
      ['resource', 'urn:a:1'],
      ['resource', 'urn:a:2'],
      ['authorization_details', '[{"type":"payment"}]'],
      ['flag', 'true'],
      ['nothing', 'null'],
      ['list', '["a","b"]'],
    ])
  })
})
