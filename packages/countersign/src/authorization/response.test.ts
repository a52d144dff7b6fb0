import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AuthorizationResponseError } from '../errors/authorization-response-error.ts'
import { trace } from '../rules/trace.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import * as rules from './response.rules.ts'
import { assertValidated, codeOf, expectNoState, skipStateCheck, validateAuthResponse } from './response.ts'

const context = { trace: undefined }
const naming: AuthorizationServer = { ...as, authorization_response_iss_parameter_supported: true }

/** What says that a request had no state. */
type NoState = typeof expectNoState | undefined

function validate(query: string, expectedState: Parameters<typeof validateAuthResponse>[3] = 's', server = as) {
  return validateAuthResponse(server, client, new URLSearchParams(query), expectedState)
}

/** Asserts that a rule refuses a response alone. */
function refused(rule: Parameters<typeof refuses>[0], ...response: Parameters<typeof validate>) {
  return refuses(rule, () => validate(...response))
}

describe('validateAuthResponse', () => {
  it('gives the parameters, unknown ones too, and they can be exchanged (RFC 6749 4.1.2)', () => {
    const result = validate('code=c&state=s&extra=1&extra=2&access_token=t')
    expect(String(result)).toBe('code=c&state=s&extra=1&extra=2&access_token=t')
    expect(codeOf(result, context)).toBe('c')
  })

  it('takes a URL, and of it the query alone', () => {
    const url = new URL('https://shop.example.com/cb?code=c&state=s#code=other&error=other')
    expect(String(validateAuthResponse(as, client, url, 's'))).toBe('code=c&state=s')
    expect(String(validateAuthResponse(as, client, new URL('https://shop.example.com/cb#code=c')))).toBe('')
  })

  it('gives new parameters, and leaves those that it was given alone', () => {
    class Parameters extends URLSearchParams {}
    const given = new Parameters('code=c&state=s')
    const result = validateAuthResponse(as, client, given, 's')
    expect(result).not.toBe(given)
    expect(result.constructor).toBe(URLSearchParams)
    expect(String(given)).toBe('code=c&state=s')
  })

  it('takes parameters and URLs of another implementation', () => {
    const given = new URLSearchParams('code=c&state=s')
    const foreign = {
      [Symbol.toStringTag]: 'URLSearchParams',
      getAll: (name: string) => given.getAll(name),
      [Symbol.iterator]: () => given[Symbol.iterator](),
    }
    const url = { [Symbol.toStringTag]: 'URL', searchParams: given }
    for (const parameters of [foreign, url]) {
      // they have what is needed of one
      const result = validateAuthResponse(as, client, parameters as unknown as URLSearchParams, 's')
      expect(String(result)).toBe('code=c&state=s')
    }
  })

  it('throws at once, and returns no promise', () => {
    expect(() => validate('code=c&state=other')).toThrow()
    expect(validate('code=c&state=s')).toBeInstanceOf(URLSearchParams)
  })

  it('shows each check to a trace', () => {
    const seen: string[] = []
    const party = { ...client, [trace]: ({ rule }: { rule: string }) => seen.push(rule) }
    validateAuthResponse(as, party, new URLSearchParams('code=c&state=s'), 's')
    expect(new Set(seen)).toEqual(
      new Set([
        rules.PARAMETER_ONCE.id,
        rules.RESPONSE_PLAIN.id,
        rules.RESPONSE_ISSUER_PRESENT.id,
        rules.RESPONSE_ISSUER.id,
        rules.RESPONSE_STATE.id,
        rules.RESPONSE_CODE_ONLY.id,
      ]),
    )
  })
})

describe('state of an authorization response', () => {
  it('is the one of the request (RFC 6749 10.12)', () => {
    expect(validate('code=c&state=a+b%26c', 'a b&c').get('state')).toBe('a b&c')
  })

  it.each(['code=c', 'code=c&state=', 'code=c&state=S', 'code=c&state=s+', 'code=c&state=ss', 'code=c&State=s'])(
    'is refused where it is not: %s (RFC 6749 10.12)',
    async (query) => {
      const error = await refused(rules.RESPONSE_STATE, query)
      // neither value is repeated
      const actual = query.includes('&state=') ? 'another state' : 'missing'
      expect(error).toMatchObject({ expected: 'the state of the request', actual })
    },
  )

  it('is refused before anything that comes with it is believed, an error too (RFC 6749 10.12)', async () => {
    const error = await rejectionOf(() => validate('error=access_denied&state=other'))
    expect(error).toMatchObject({ rule: rules.RESPONSE_STATE.id, code: 'OAUTH_INVALID_RESPONSE' })
  })

  it.each<NoState>([undefined, expectNoState])('may be missing where the request had none: %s', (expected) => {
    expect(String(validateAuthResponse(as, client, new URLSearchParams('code=c'), expected))).toBe('code=c')
  })

  it.each<[string, NoState]>([
    ['undefined', undefined],
    ['expectNoState', expectNoState],
  ])('is refused where the request had none, an empty one too: %s (RFC 6749 4.1.2)', async (_, expected) => {
    for (const query of ['code=c&state=s', 'code=c&state=']) {
      const parameters = new URLSearchParams(query)
      await refuses(rules.RESPONSE_STATE, () => validateAuthResponse(as, client, parameters, expected))
    }
  })

  it('is anything under skipStateCheck, also the one that an attacker made (RFC 6749 10.12)', () => {
    for (const query of ['code=stolen&state=of-the-attacker', 'code=stolen', 'code=stolen&state=']) {
      expect(codeOf(validate(query, skipStateCheck), context)).toBe('stolen')
    }
  })

  it('is there once also under skipStateCheck (RFC 6749 3.1)', async () => {
    await refused(rules.PARAMETER_ONCE, 'code=c&state=s&state=s', skipStateCheck)
  })

  it('is not repeated by the error', async () => {
    const parameters = new URLSearchParams('code=hunter2&state=hunter2&id_token=hunter2')
    const error = await rejectionOf(() => validateAuthResponse(as, client, parameters, 'hunter3'))
    expect(error).toHaveProperty('cause.parameters', parameters)
    const { message, stack } = error as Error
    expect(`${inspect(error, { depth: 10 })}${JSON.stringify(error)}${message}${stack}`).not.toMatch(/hunter/)
  })
})

describe('iss of an authorization response', () => {
  it('is the issuer that was asked (RFC 9207 2.4)', () => {
    const query = 'code=c&state=s&iss=https%3A%2F%2Fop.example.com'
    expect(validate(query).get('iss')).toBe(as.issuer)
    expect(validate(query, 's', naming).get('iss')).toBe(as.issuer)
  })

  it.each([
    'https://evil.example',
    'https://op.example.com/',
    'https://OP.example.com',
    'https://op.example.com:443',
    'op.example.com',
    ' ',
  ])('is refused where it is %j: a mix-up (RFC 9207 2.4, RFC 3986 6.2.1)', async (iss) => {
    for (const server of [as, naming]) {
      const query = String(new URLSearchParams({ code: 'c', state: 's', iss }))
      const error = await refused(rules.RESPONSE_ISSUER, query, 's', server)
      expect(error).toMatchObject({ expected: as.issuer, actual: iss, cause: { parameter: 'iss' } })
    }
  })

  it('is refused with an error of another server, which nobody believes (RFC 9207 2.4)', async () => {
    const error = await rejectionOf(() => validate('error=access_denied&state=s&iss=https://evil.example'))
    expect(error).toMatchObject({ rule: rules.RESPONSE_ISSUER.id })
  })

  it.each(['', '&iss='])('may be missing, %j, where the server does not promise it (RFC 9207 2.4)', (iss) => {
    expect(validate(`code=c&state=s${iss}`).get('code')).toBe('c')
    const never = { ...as, authorization_response_iss_parameter_supported: false }
    expect(validate(`code=c&state=s${iss}`, 's', never).get('code')).toBe('c')
  })

  it.each(['', '&iss='])('is not missing, %j, where the server promises it (RFC 9207 2.4)', async (iss) => {
    await refused(rules.RESPONSE_ISSUER_PRESENT, `code=c&state=s${iss}`, 's', naming)
  })

  it('is not missing from an error where the server promises it (RFC 9207 2.4)', async () => {
    const error = await rejectionOf(() => validate('error=access_denied&state=s', 's', naming))
    expect(error).toMatchObject({ rule: rules.RESPONSE_ISSUER_PRESENT.id })
  })

  it('is promised by whatever is true, as metadata of other libraries have it', async () => {
    const server = { ...as, ['authorization_response_iss_parameter_supported' as string]: 'true' }
    await refused(rules.RESPONSE_ISSUER_PRESENT, 'code=c&state=s', 's', server)
  })
})

describe('an error in place of a code', () => {
  it.each([
    'invalid_request',
    'unauthorized_client',
    'access_denied',
    'unsupported_response_type',
    'invalid_scope',
    'server_error',
    'temporarily_unavailable',
    'login_required',
    'something_new',
  ])('%s comes with its members (RFC 6749 4.1.2.1)', async (code) => {
    const parameters = new URLSearchParams({ error: code, error_description: 'in words', state: 's' })
    const error = await rejectionOf(() => validateAuthResponse(as, client, parameters, 's'))
    expect(error).toBeInstanceOf(AuthorizationResponseError)
    expect(error).toMatchObject({
      code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: code,
      error_description: 'in words',
      spec: { document: 'RFC 6749', section: '4.1.2.1' },
    })
    expect(error).toHaveProperty('cause', parameters)
  })

  it('counts also beside a code or a token', async () => {
    const error = await rejectionOf(() => validate('error=access_denied&state=s&code=c&id_token=t'))
    expect(error).toBeInstanceOf(AuthorizationResponseError)
  })

  it('does not count where it is empty', () => {
    expect(validate('error=&state=s&code=c').get('code')).toBe('c')
  })

  it('writes nothing into a terminal or a second line of a log', async () => {
    const text = 'a\n\u001b[31m\u202e'
    const parameters = new URLSearchParams({ error: `${text}${'x'.repeat(1000)}`, state: 's' })
    const error = await rejectionOf(() => validateAuthResponse(as, client, parameters, 's'))
    expect(error).toBeInstanceOf(AuthorizationResponseError)
    const { message } = error as Error
    expect(message).not.toMatch(/\p{Cc}|\p{Cf}/u)
    expect(message.length).toBeLessThan(300)
  })
})

describe('an authorization response', () => {
  it.each(['response', 'iss', 'state', 'error', 'id_token', 'token'])(
    'is refused where %s stands there twice (RFC 6749 3.1)',
    async (name) => {
      const values: Record<string, string> = { state: 's', iss: 'https://op.example.com', response: '' }
      const { [name]: value = '' } = values
      const others = name === 'state' ? '' : '&state=s'
      // tokens are refused by another rule, that too
      const backstops = name.endsWith('token') ? [rules.RESPONSE_CODE_ONLY] : []
      const query = `code=c${others}&${name}=${value}&${name}=${value}`
      const error = await refuses(rules.PARAMETER_ONCE, () => validate(query), ...backstops)
      expect(error).toMatchObject({ expected: `${name} once`, actual: '2 times' })
    },
  )

  it.each([
    ['state=s&code=c&state=other', 'state'],
    ['iss=https%3A%2F%2Fop.example.com&iss=https%3A%2F%2Fevil.example&state=s&code=c', 'iss'],
  ])('is refused where an attacker adds another value: %s (RFC 6749 3.1)', async (query, name) => {
    const error = await refused(rules.PARAMETER_ONCE, query)
    expect(error).toMatchObject({ expected: `${name} once` })
  })

  it('is refused where it is a JWT (JARM 2.3)', async () => {
    await refused(rules.RESPONSE_PLAIN, 'code=c&state=s&response=a.b.c')
  })

  it('is none of a JWT where response is empty', () => {
    expect(validate('code=c&state=s&response=').get('code')).toBe('c')
  })

  it.each(['id_token=a.b.c', 'token=t', 'id_token=', 'token=', 'id_token=a.b.c&token=t'])(
    'is refused where it has %s (OAuth 2.0 Multiple Response Types 5)',
    async (tokens) => {
      await refused(rules.RESPONSE_CODE_ONLY, `code=c&state=s&${tokens}`)
    },
  )
})

describe('the code of an authorization response', () => {
  it.each(['', '&code='])('is missed where it is exchanged: %j (RFC 6749 4.1.2)', async (code) => {
    const result = validate(`state=s${code}`)
    await refuses(rules.RESPONSE_CODE, () => codeOf(result, context))
  })

  it('is there once (RFC 6749 3.1)', async () => {
    const result = validate('state=s&code=c&code=d')
    await refuses(rules.PARAMETER_ONCE, () => codeOf(result, context))
  })

  it.each<[string, unknown]>([
    ['parameters that nobody validated', new URLSearchParams('code=c&state=s')],
    ['a copy of validated ones', new URLSearchParams(validate('code=c&state=s'))],
    ['a URL', new URL('https://shop.example.com/cb?code=c')],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'code=c'],
  ])('is not taken of %s', async (_, parameters) => {
    // a caller without types can give what the type forbids
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => assertValidated(parameters as URLSearchParams))
  })
})

describe('a mistake of the caller of validateAuthResponse', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'code=c&state=s'],
    ['an object', { code: 'c', state: 's' }],
    ['a map', new Map([['code', 'c']])],
    ['a request', new Request('https://shop.example.com/cb?code=c&state=s')],
  ])('is %s for parameters', async (_, parameters) => {
    // a caller without types can give what the type forbids
    const given = parameters as URLSearchParams
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validateAuthResponse(as, client, given, 's'))
  })

  it.each(NO_TEXTS.filter(([, value]) => value !== undefined))('is %s for expectedState', async (_, value, code) => {
    // a caller without types can give what the type forbids
    await isCallersMistake(code, () => validate('code=c&state=s', value as string))
    await isCallersMistake(code, () => validate('code=c&state=', value as string))
    await isCallersMistake(code, () => validate('code=c', value as string))
  })

  it('is another symbol for expectedState', async () => {
    // a caller without types can give what the type forbids
    const other: typeof skipStateCheck = Symbol('skipStateCheck') as unknown as typeof skipStateCheck
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validate('code=c&state=s', other))
  })

  it.each(NO_TEXTS)('is %s for issuer or client_id', async (_, value, code) => {
    const given = new URLSearchParams('code=c')
    // a caller without types can give what the type forbids
    const text = value as string
    await isCallersMistake(code, () => validateAuthResponse({ ...as, issuer: text }, client, given))
    await isCallersMistake(code, () => validateAuthResponse(as, { client_id: text }, given))
  })

  it.each([undefined, null, 'https://op.example.com', 7])('is %s for as or client', async (value) => {
    const given = new URLSearchParams('code=c')
    // a caller without types can give what the type forbids
    const party = value as never
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validateAuthResponse(party, client, given))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => validateAuthResponse(as, party, given))
  })
})
