import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ArgumentErrorCode } from '../errors/codes.ts'
import * as countersign from '../index.ts'
import { as, client, json, tokenBody } from './answers.ts'
import { isCallersMistake, NO_TEXTS } from './callers-mistake.ts'
import { rejectionOf } from './refuses.ts'

/*
 * Every argument of every function, with what a caller without types may give in its place. A mistake is told by a
 * TypeError with a code, before anything is sent or read.
 */

type Mistake = readonly [name: string, value: unknown, code: ArgumentErrorCode]

/** An argument of a function: a good value, made anew for each call, and bad ones. */
interface Parameter {
  readonly name: string
  readonly good: () => unknown
  readonly mistakes: readonly Mistake[]
}

const fetched = vi.fn(() => Promise.resolve(json({})))
let answers: Response[] = []

beforeEach(() => {
  fetched.mockClear()
  answers = []
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A fresh answer that a process function would accept; whether it was read is looked at afterwards. */
function answer(body: unknown, status = 200): Response {
  const response = json(body, status)
  answers.push(response)
  return response
}

const NO_OBJECTS: readonly Mistake[] = [
  ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
  ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ['a number', 7, 'ERR_INVALID_ARG_TYPE'],
  ['a text', 'https://op.example.com', 'ERR_INVALID_ARG_TYPE'],
  ['a function', () => ({}), 'ERR_INVALID_ARG_TYPE'],
  ['an array', [], 'ERR_INVALID_ARG_TYPE'],
]

function objectWith(member: string): Mistake[] {
  return NO_TEXTS.map(([name, value, code]) => [`an object whose ${member} is ${name}`, { [member]: value }, code])
}

const SERVER: Parameter = { name: 'as', good: () => as, mistakes: [...NO_OBJECTS, ...objectWith('issuer')] }
const CLIENT: Parameter = { name: 'client', good: () => client, mistakes: [...NO_OBJECTS, ...objectWith('client_id')] }
const CLIENT_AUTH: Parameter = { name: 'clientAuthentication', good: () => countersign.None(), mistakes: [] }

function text(name: string, good: unknown): Parameter {
  return { name, good: () => good, mistakes: NO_TEXTS }
}

const NO_URLS: readonly Mistake[] = [
  ...NO_OBJECTS,
  ['an object like a URL', { href: as.issuer, protocol: 'https:' }, 'ERR_INVALID_ARG_TYPE'],
]

function issuer(name: string): Parameter {
  return { name, good: () => new URL(as.issuer), mistakes: NO_URLS }
}

class FakeResponse {
  status = 200
  headers = new Headers()
}

async function used(status: number): Promise<Response> {
  const response = json({ error: 'access_denied' }, status)
  await response.text()
  return response
}

const USED = await used(200)
const USED_400 = await used(400)

function response(body: unknown, ...more: Mistake[]): Parameter {
  const mistakes: Mistake[] = [
    ...NO_OBJECTS,
    ['an object like a Response', { status: 200, headers: new Headers(), body: null }, 'ERR_INVALID_ARG_TYPE'],
    ['another class', new FakeResponse(), 'ERR_INVALID_ARG_TYPE'],
    ['a Request', new Request(as.issuer), 'ERR_INVALID_ARG_TYPE'],
    ['a Response that was read already', USED, 'ERR_INVALID_ARG_VALUE'],
    ...more,
  ]
  return { name: 'response', good: () => answer(body), mistakes }
}

/** A client reads the errors of these endpoints in the body. */
const READ_ERROR: Mistake = ['an error answer that was read already', USED_400, 'ERR_INVALID_ARG_VALUE']

function options(...more: Mistake[]): Parameter {
  const with_ = (given: object) => ({ [countersign.customFetch]: fetched, ...given })
  const mistakes: Mistake[] = [
    ['headers with Authorization', with_({ headers: { Authorization: 'Bearer x' } }), 'ERR_INVALID_ARG_VALUE'],
    ['pairs of headers with it', with_({ headers: [['AUTHORIZATION', '']] }), 'ERR_INVALID_ARG_VALUE'],
    ['Headers with it', with_({ headers: new Headers({ authorization: 'x' }) }), 'ERR_INVALID_ARG_VALUE'],
    ['a signal that is null', with_({ signal: null }), 'ERR_INVALID_ARG_TYPE'],
    ['a signal that is an object', with_({ signal: { aborted: false } }), 'ERR_INVALID_ARG_TYPE'],
    ['a signal that is a controller', with_({ signal: new AbortController() }), 'ERR_INVALID_ARG_TYPE'],
    ['a function for a signal that gives none', with_({ signal: () => undefined }), 'ERR_INVALID_ARG_TYPE'],
    ...more.map(([name, value, code]): Mistake => [name, with_(Object(value)), code]),
  ]
  return { name: 'options', good: () => with_({}), mistakes }
}

const NO_HANDLE: readonly Mistake[] = [
  ['an object for DPoP', { DPoP: {} }, 'ERR_INVALID_ARG_VALUE'],
  ['keys for DPoP', { DPoP: await countersign.generateKeyPair('ES256') }, 'ERR_INVALID_ARG_VALUE'],
  ['a proof for DPoP', { DPoP: 'header.claims.signature' }, 'ERR_INVALID_ARG_VALUE'],
]

const ACKNOWLEDGEMENT = { auth_req_id: '1c266114', expires_in: 120 }

const NO_VALIDATED_PARAMETERS: readonly Mistake[] = [
  ...NO_OBJECTS.map(([name, value]): Mistake => [name, value, 'ERR_INVALID_ARG_VALUE']),
  ['parameters that were not validated', new URLSearchParams('code=c'), 'ERR_INVALID_ARG_VALUE'],
  ['a copy', new URLSearchParams(validatedParameters()), 'ERR_INVALID_ARG_VALUE'],
]

function validatedParameters(): URLSearchParams {
  return countersign.validateAuthResponse(as, client, new URLSearchParams('code=c'))
}

const CALLBACK: Parameter = {
  name: 'callbackParameters',
  good: validatedParameters,
  mistakes: NO_VALIDATED_PARAMETERS,
}

const NO_NUMBERS: readonly (readonly [name: string, value: unknown, code: ArgumentErrorCode])[] = [
  ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ['digits', '100', 'ERR_INVALID_ARG_TYPE'],
  ['no number', Number.NaN, 'ERR_INVALID_ARG_TYPE'],
  ['endless', Number.POSITIVE_INFINITY, 'ERR_INVALID_ARG_TYPE'],
  ['another symbol', Symbol('skipAuthTimeCheck'), 'ERR_INVALID_ARG_TYPE'],
  ['negative', -1, 'ERR_INVALID_ARG_VALUE'],
]

const EXPECTATIONS: Parameter = {
  name: 'expectations',
  good: () => ({}),
  mistakes: [
    ...NO_TEXTS.filter(([, value]) => value !== undefined).map(([name, expectedNonce, code]): Mistake => [
      `an expectedNonce that is ${name}`,
      { expectedNonce },
      code,
    ]),
    [
      'an expectedNonce that is another symbol',
      { expectedNonce: countersign.skipAuthTimeCheck },
      'ERR_INVALID_ARG_TYPE',
    ],
    ...NO_NUMBERS.map(([name, maxAge, code]): Mistake => [`a maxAge that is ${name}`, { maxAge }, code]),
  ],
}

const PARAMETERS: Parameter = { name: 'parameters', good: () => ({ scope: 'openid' }), mistakes: [] }

const METADATA: Parameter = {
  name: 'metadata',
  good: () => ({ redirect_uris: ['https://shop.example.com/back'] }),
  mistakes: NO_OBJECTS.filter(([, value]) => value === undefined || value === null),
}

const REGISTERED: Parameter = {
  name: 'response',
  good: () => answer({ client_id: 'shop' }, 201),
  mistakes: [...NO_OBJECTS, ['a Response that was read already', await used(201), 'ERR_INVALID_ARG_VALUE'], READ_ERROR],
}

/** Looked at before the arguments in front of them, or when the answer has been read. */
const OUT_OF_ORDER = ['expectations', 'expectedSubject']

const DEVICE = { device_code: 'd', user_code: 'u', verification_uri: 'https://op.example.com/device', expires_in: 300 }
const TOKENS = response(tokenBody(), READ_ERROR)

const FUNCTIONS: readonly (readonly [keyof typeof countersign, readonly Parameter[]])[] = [
  ['discoveryRequest', [issuer('issuerIdentifier'), options()]],
  ['processDiscoveryResponse', [issuer('expectedIssuerIdentifier'), response(as)]],
  [
    'backchannelAuthenticationRequest',
    [SERVER, CLIENT, CLIENT_AUTH, { name: 'parameters', good: () => ({ scope: 'openid' }), mistakes: [] }, options()],
  ],
  ['processBackchannelAuthenticationResponse', [SERVER, CLIENT, response(ACKNOWLEDGEMENT, READ_ERROR)]],
  [
    'backchannelAuthenticationGrantRequest',
    [SERVER, CLIENT, CLIENT_AUTH, text('authReqId', '1c266114'), options(...NO_HANDLE)],
  ],
  ['processBackchannelAuthenticationGrantResponse', [SERVER, CLIENT, response(tokenBody(), READ_ERROR)]],
  ['userInfoRequest', [SERVER, CLIENT, text('accessToken', 'access'), options(...NO_HANDLE)]],
  ['processUserInfoResponse', [SERVER, CLIENT, text('expectedSubject', 'anna'), response({ sub: 'anna' })]],
  [
    'authorizationCodeGrantRequest',
    [
      SERVER,
      CLIENT,
      CLIENT_AUTH,
      CALLBACK,
      text('redirectUri', 'https://shop.example.com/back'),
      text('codeVerifier', 'verifier'),
      options(...NO_HANDLE),
    ],
  ],
  ['processAuthorizationCodeResponse', [SERVER, CLIENT, TOKENS, EXPECTATIONS]],
  ['refreshTokenGrantRequest', [SERVER, CLIENT, CLIENT_AUTH, text('refreshToken', 'refresh'), options(...NO_HANDLE)]],
  ['processRefreshTokenResponse', [SERVER, CLIENT, TOKENS]],
  ['clientCredentialsGrantRequest', [SERVER, CLIENT, CLIENT_AUTH, PARAMETERS, options(...NO_HANDLE)]],
  ['processClientCredentialsResponse', [SERVER, CLIENT, TOKENS]],
  ['deviceCodeGrantRequest', [SERVER, CLIENT, CLIENT_AUTH, text('deviceCode', 'd'), options(...NO_HANDLE)]],
  ['processDeviceCodeResponse', [SERVER, CLIENT, TOKENS]],
  [
    'genericTokenEndpointRequest',
    [SERVER, CLIENT, CLIENT_AUTH, text('grantType', 'urn:example'), PARAMETERS, options(...NO_HANDLE)],
  ],
  ['processGenericTokenEndpointResponse', [SERVER, CLIENT, TOKENS]],
  ['deviceAuthorizationRequest', [SERVER, CLIENT, CLIENT_AUTH, PARAMETERS, options()]],
  ['processDeviceAuthorizationResponse', [SERVER, CLIENT, response(DEVICE, READ_ERROR)]],
  ['revocationRequest', [SERVER, CLIENT, CLIENT_AUTH, text('token', 'access'), options()]],
  ['introspectionRequest', [SERVER, CLIENT, CLIENT_AUTH, text('token', 'access'), options()]],
  ['processIntrospectionResponse', [SERVER, CLIENT, response({ active: true }, READ_ERROR)]],
  ['dynamicClientRegistrationRequest', [SERVER, METADATA, options(...NO_HANDLE)]],
  ['processDynamicClientRegistrationResponse', [REGISTERED]],
  ['resourceDiscoveryRequest', [issuer('resourceIdentifier'), options()]],
  ['processResourceDiscoveryResponse', [issuer('expectedResourceIdentifier'), response({ resource: as.issuer })]],
]

describe.each(FUNCTIONS)('%s', (name, parameters) => {
  // each of these exports is a function; its arguments are the point of the test
  const call = countersign[name] as (...parameters: unknown[]) => Promise<unknown>
  const good = () => parameters.map((parameter) => parameter.good())

  it('takes the good arguments', async () => {
    await expect(call(...good())).resolves.toBeDefined()
  })

  it('takes them without options, and sends by the global fetch then', async () => {
    vi.stubGlobal('fetch', fetched)
    const required = parameters.filter((parameter) => parameter.name !== 'options')
    await expect(call(...required.map((parameter) => parameter.good()))).resolves.toBeDefined()
    expect(fetched).toHaveBeenCalledTimes(parameters.length - required.length)
  })

  const rows = parameters.flatMap((parameter, index) =>
    parameter.mistakes.map(([title, value, code]) => ({ parameter: parameter.name, title, index, value, code })),
  )

  it.each(rows)('refuses $title for $parameter', async ({ parameter, index, value, code }) => {
    await isCallersMistake(code, () => call(...good().map((given, place) => (place === index ? value : given))))
    expect(fetched).not.toHaveBeenCalled()
    // whom the claims must be about is compared when they have been read, as in oauth4webapi
    if (parameter !== 'expectedSubject') expect(answers.map(({ bodyUsed }) => bodyUsed)).not.toContain(true)
  })

  const ordered = parameters.filter(({ name, mistakes }) => mistakes.length > 0 && !OUT_OF_ORDER.includes(name))
  const pairs = ordered.flatMap((first, index) => ordered.slice(index + 1).map((second) => ({ first, second })))

  it.each(pairs)('names $first.name before $second.name where both are wrong', async ({ first, second }) => {
    const both = new Map([
      [first, first.mistakes[0]?.[1]],
      [second, second.mistakes.at(-1)?.[1]],
    ])
    const told = (wrong: readonly Parameter[]) =>
      rejectionOf(() => call(...parameters.map((one) => (wrong.includes(one) ? both.get(one) : one.good()))))
    const alone = await told([first])
    expect(alone).toBeInstanceOf(TypeError)
    expect(await told([first, second])).toEqual(alone)
  })

  it('rejects, and does not throw', async () => {
    const promise = call()
    expect(promise).toBeInstanceOf(Promise)
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => promise)
  })
})

describe('a Response that was read already', () => {
  it.each([500, 302])('is refused for its status %s, which does not ask for the body', async (status) => {
    const response = await used(status)
    const refused = countersign.processBackchannelAuthenticationResponse(as, client, response)
    await expect(refused).rejects.toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' })
  })
})

describe('validateApplicationLevelSignature', () => {
  it.each(SERVER.mistakes)('refuses %s for as', async (_, value, code) => {
    // a caller without types can write what the type forbids
    await isCallersMistake(code, () =>
      countersign.validateApplicationLevelSignature(value as countersign.AuthorizationServer, json({})),
    )
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'header.claims.signature'],
    ['an object', {}],
    ['an answer that was not processed', json(tokenBody())],
  ])('refuses %s for ref', async (_, value) => {
    // a caller without types can write what the type forbids
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () =>
      countersign.validateApplicationLevelSignature(as, value as Response),
    )
  })

  it('takes good arguments without options, and sends by the global fetch then', async () => {
    vi.stubGlobal('fetch', fetched)
    const processed = json(tokenBody())
    await countersign.processBackchannelAuthenticationGrantResponse(as, client, processed)
    const verified = countersign.validateApplicationLevelSignature({ ...as }, processed)
    await expect(verified).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE', rule: 'jwks.keys' })
    expect(fetched).toHaveBeenCalledOnce()
  })

  it('refuses the copy of an answer that was processed', async () => {
    const processed = json(tokenBody())
    const copy = processed.clone()
    await countersign.processBackchannelAuthenticationGrantResponse(as, client, processed)
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => countersign.validateApplicationLevelSignature(as, copy))
  })

  it.each(options().mistakes)('refuses %s among the options', async (_, value, code) => {
    const processed = json(tokenBody())
    await countersign.processBackchannelAuthenticationGrantResponse(as, client, processed)
    // keys that another test fetched would serve, with options unseen
    const server = { ...as }
    await isCallersMistake(code, () => countersign.validateApplicationLevelSignature(server, processed, Object(value)))
    expect(fetched).not.toHaveBeenCalled()
  })
})
