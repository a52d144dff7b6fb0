import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { None } from '../client-authentication/none.ts'
import { PrivateKeyJwt } from '../client-authentication/private-key-jwt.ts'
import { TlsClientAuth } from '../client-authentication/tls-client-auth.ts'
import { ACKNOWLEDGEMENT_STATUS, AUTH_REQ_ID } from '../endpoints/backchannel-authentication.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { VERSION } from '../http/headers.ts'
import { ENDPOINT_PRESENT, REQUEST_TLS } from '../metadata/endpoint.ts'
import type { Client } from '../metadata/client.ts'
import { CIBA_INTERVAL, CIBA_LIFETIME } from '../polling/transaction.rules.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { json, unsignedJwt } from '../testing/answers.ts'
import { changed, NOTIFICATION_TOKEN, op, PARAMETERS, pinged, shop, signing } from '../testing/backchannel-request.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { cryptoKeys, signingKey, takeApart } from '../testing/signed.ts'
import { HINT } from './check-parameters.rules.ts'
import { initiateBackchannelAuthentication, type InitiateBackchannelAuthenticationOptions } from './initiate.ts'
import { ACKNOWLEDGEMENT_EXPIRES_IN_NUMBER, CLIENT_AUTHENTICATION, SIGNED } from './initiate.rules.ts'
import type { BackchannelAuthenticationParametersInit } from './parameters.ts'

const ACKNOWLEDGEMENT = { auth_req_id: '1c266114-a1be-4252-8ad1-04986c5b9ac1', expires_in: 120, interval: 2 }
const { privateKey: es256 } = await cryptoKeys(signingKey('ES256', 'k'))
const basic = ClientSecretBasic('secret')

type Options = Partial<InitiateBackchannelAuthenticationOptions>

async function initiate(
  options: Options = {},
  client: Client = shop,
  clientAuth: ClientAuth = basic,
  answer: () => Response = () => json(ACKNOWLEDGEMENT),
) {
  const { requests, options: network } = recorder(answer)
  const all = { parameters: PARAMETERS, ...network, ...options }
  const result = await initiateBackchannelAuthentication(op, client, clientAuth, all)
  return { ...result, requests }
}

afterEach(() => void vi.useRealTimers())

describe('the unsigned request', () => {
  it('is this form, and nothing else (CIBA Core 7.1)', async () => {
    const parameters = {
      ...PARAMETERS,
      binding_message: 'Pay 42.00 € & go? W4',
      requested_expiry: 60,
      acr_values: ['silver', 'bronze'],
      request_context: { device: 'till 4' },
      resource: ['urn:a:1', 'urn:a:2'],
    }
    const { requests } = await initiate({ parameters })
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/backchannel',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: [
          'scope=openid+profile',
          'login_hint=anna%40example.com',
          'binding_message=Pay+42.00+%E2%82%AC+%26+go%3F+W4',
          'requested_expiry=60',
          'acr_values=silver+bronze',
          'request_context=%7B%22device%22%3A%22till+4%22%7D',
          'resource=urn%3Aa%3A1',
          'resource=urn%3Aa%3A2',
          'client_id=shop',
        ].join('&'),
        redirect: 'manual',
      },
    ])
  })

  it('is refused for a client that is registered to sign (CIBA Core 4)', async () => {
    await refuses(SIGNED, () => initiate({}, signing('ES256')))
  })
})

describe('the signed request (CIBA Core 7.1.1)', () => {
  const signingClient = signing('ES256')
  const signed = { signingKey: { key: es256, kid: 'k' } }

  /** The names of the form's parameters. */
  async function sent(clientAuth: ClientAuth): Promise<string[]> {
    const { requests } = await initiate(signed, signingClient, clientAuth)
    return [...new URLSearchParams(requests[0]?.body).keys()]
  }

  it('has every parameter inside, and beside it nothing but the client authentication', async () => {
    expect(await sent(basic)).toEqual(['request'])
    expect(await sent(ClientSecretPost('secret'))).toEqual(['request', 'client_id', 'client_secret'])
    expect(await sent(TlsClientAuth())).toEqual(['request', 'client_id'])
    expect(await sent(None())).toEqual(['request', 'client_id'])
    expect(await sent(PrivateKeyJwt(es256))).toEqual([
      'request',
      'client_id',
      'client_assertion_type',
      'client_assertion',
    ])
  })

  it('has the parameters in its claims, the token that was made for it too', async () => {
    const client = { ...signingClient, backchannel_token_delivery_mode: 'ping' }
    const { requests, client_notification_token } = await initiate(signed, client)
    const { claims } = takeApart(new URLSearchParams(requests[0]?.body).get('request') ?? '')
    expect(claims).toMatchObject({ ...PARAMETERS, client_notification_token, iss: 'shop', aud: op.issuer })
  })

  it('is good for the lifetime that the caller says', async () => {
    const { requests } = await initiate({ ...signed, lifetime: 30 }, signingClient)
    const { claims } = takeApart(new URLSearchParams(requests[0]?.body).get('request') ?? '')
    expect(Number(claims.exp) - Number(claims.iat)).toBe(30)
  })
})

describe('the client authentication (CIBA Core 7.1)', () => {
  it('is that of the registration, where it is known', async () => {
    await initiate({}, { ...shop, token_endpoint_auth_method: 'client_secret_basic' })
    await initiate({}, { ...shop, token_endpoint_auth_method: 'self_signed_tls_client_auth' }, TlsClientAuth())
    await initiate({}, { ...shop, token_endpoint_auth_method: 'x-of-the-server' }, () => undefined)
    const client = { ...shop, token_endpoint_auth_method: 'private_key_jwt' }
    const error = await refuses(CLIENT_AUTHENTICATION, () => initiate({}, client))
    expect(error).toMatchObject({ expected: 'private_key_jwt', actual: ['client_secret_basic'] })
  })
})

describe('the client assertion', () => {
  it('is for the issuer, at this endpoint too (CIBA Core 7.1)', async () => {
    const { requests } = await initiate({}, shop, PrivateKeyJwt(es256))
    const { claims } = takeApart(new URLSearchParams(requests[0]?.body).get('client_assertion') ?? '')
    expect(claims).toMatchObject({ aud: op.issuer, iss: 'shop', sub: 'shop' })
  })
})

describe('what it resolves with', () => {
  it('is the acknowledgement and the transaction, counted from the sending (CIBA Core 7.3, 7.4)', async () => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] })
    const slow = () => {
      vi.setSystemTime(1_007_000)
      return json(ACKNOWLEDGEMENT)
    }
    const { requests: _, ...result } = await initiate({}, shop, basic, slow)
    expect(result).toEqual({
      acknowledgement: ACKNOWLEDGEMENT,
      transaction: {
        grant_type: 'urn:openid:params:grant-type:ciba',
        auth_req_id: ACKNOWLEDGEMENT.auth_req_id,
        expiresAt: 1_120_000,
        interval: 2,
        nextPollAt: 1_002_000,
        failures: 0,
        unanswered: false,
      },
    })
  })

  it('is counted by the clock that the caller polls with', async () => {
    const { transaction } = await initiate({ clock: { now: () => 5_000_000 } })
    expect(transaction.expiresAt).toBe(5_120_000)
  })

  it('polls every 5 seconds where the server says nothing (CIBA Core 7.3)', async () => {
    const { transaction } = await initiate({}, shop, basic, () => json({ auth_req_id: 'x', expires_in: 120 }))
    expect(transaction.interval).toBe(5)
  })

  it('ignores members that it does not know (CIBA Core 7.3)', async () => {
    const { acknowledgement } = await initiate({}, shop, basic, () => json({ ...ACKNOWLEDGEMENT, extra: { a: 1 } }))
    expect(acknowledgement).toEqual({ ...ACKNOWLEDGEMENT, extra: { a: 1 } })
  })

  it.each(['ping', 'push'])('has the token of the callbacks in %s mode, made where none is given', async (mode) => {
    const client = { ...shop, backchannel_token_delivery_mode: mode }
    const { client_notification_token: made, requests } = await initiate({}, client)
    expect(made).toMatch(/^[\w-]{43}$/)
    expect(new URLSearchParams(requests[0]?.body).get('client_notification_token')).toBe(made)
    const parameters = { ...PARAMETERS, client_notification_token: NOTIFICATION_TOKEN }
    expect((await initiate({ parameters }, client)).client_notification_token).toBe(NOTIFICATION_TOKEN)
  })

  it('makes another token for each transaction, and none in poll mode', async () => {
    const [one, other] = await Promise.all([initiate({}, pinged), initiate({}, pinged)])
    expect(one.client_notification_token).not.toBe(other.client_notification_token)
    expect(await initiate()).not.toHaveProperty('client_notification_token')
  })

  it('has acr_values to compare the acr with only where the caller asks for it', async () => {
    const parameters = { ...PARAMETERS, acr_values: ['silver', 'bronze'] }
    expect((await initiate({ parameters })).transaction).not.toHaveProperty('acr_values')
    expect((await initiate({ parameters, requireAcr: true })).transaction.acr_values).toBe('silver bronze')
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => initiate({ requireAcr: true }))
  })

  it('never holds the user_code, nor anything else of the request but the token (CIBA Core 7.1.2)', async () => {
    const parameters = { ...PARAMETERS, user_code: 'hunter2', binding_message: 'W4SCT' }
    const client = { ...pinged, backchannel_user_code_parameter: true }
    const { requests, ...result } = await initiate({ parameters }, client)
    expect(requests[0]?.body).toContain('user_code=hunter2')
    expect(inspect(result, { depth: 12, showHidden: true })).not.toMatch(/hunter2|W4SCT|anna/)
  })
})

describe('the acknowledgement (CIBA Core 7.3, 7.4)', () => {
  const answered = (changes: Record<string, unknown>, status = 200) =>
    initiate({}, shop, basic, () => json({ ...ACKNOWLEDGEMENT, ...changes }, status))

  it.each(everyTypeBut('a text'))('has auth_req_id, not %s', async (_, auth_req_id) => {
    await refuses(AUTH_REQ_ID, () => answered({ auth_req_id }))
  })

  it('has expires_in as a JSON number, not as its digits', async () => {
    await refuses(ACKNOWLEDGEMENT_EXPIRES_IN_NUMBER, () => answered({ expires_in: '120' }))
  })

  it.each([0, 1.5])('has a positive integer for expires_in, not %s', async (expires_in) => {
    await refuses(CIBA_LIFETIME, () => answered({ expires_in }))
  })

  it('has a positive integer for interval, not 2.5', async () => {
    await refuses(CIBA_INTERVAL, () => answered({ interval: 2.5 }))
  })

  it.each([201, 204, 302, 500])('has status 200, not %s', async (status) => {
    const body = status === 204 ? null : JSON.stringify(ACKNOWLEDGEMENT)
    const answer = () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
    const error = await rejectionOf(() => initiate({}, shop, basic, answer))
    expect(error).toMatchObject({ rule: ACKNOWLEDGEMENT_STATUS.id })
  })

  it.each([
    'invalid_request',
    'invalid_scope',
    'expired_login_hint_token',
    'unknown_user_id',
    'unauthorized_client',
    'missing_user_code',
    'invalid_user_code',
    'invalid_binding_message',
    'access_denied',
  ])('may be the error %s instead (CIBA Core 13)', async (error) => {
    const refused = await rejectionOf(() => initiate({}, shop, basic, () => json({ error }, 400)))
    expect(refused).toBeInstanceOf(ResponseBodyError)
    expect(refused).toMatchObject({ error, status: 400 })
  })

  it('may be a challenge instead (CIBA Core 13)', async () => {
    const answer = () => json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="op"' })
    expect(await rejectionOf(() => initiate({}, shop, basic, answer))).toBeInstanceOf(WWWAuthenticateChallengeError)
  })
})

describe('a request that must not be sent', () => {
  /** What is refused, after a look at whether it was sent. */
  async function unsent(act: (options: Options) => Promise<unknown>): Promise<unknown> {
    const { requests, options } = recorder()
    const error = await rejectionOf(() => act(options))
    expect(requests).toEqual([])
    return error
  }

  it('is not', async () => {
    const parameters: BackchannelAuthenticationParametersInit = { scope: 'openid' }
    const error = await unsent((options) =>
      initiateBackchannelAuthentication(op, shop, basic, { parameters, ...options }),
    )
    expect(error).toMatchObject({ rule: HINT.id })
  })

  it.each([undefined, null, 'scope=openid'])('is one with %j for its options', async (options) => {
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () =>
      initiateBackchannelAuthentication(
        op,
        shop,
        basic,
        options as unknown as InitiateBackchannelAuthenticationOptions,
      ),
    )
  })

  it('is one to nowhere, or without TLS (CIBA Core 7)', async () => {
    const ofServer = (changes: object) => (options: Options) =>
      initiateBackchannelAuthentication(changed(op, { ...changes }), shop, basic, {
        parameters: PARAMETERS,
        ...options,
      })
    const nowhere = await unsent(ofServer({ backchannel_authentication_endpoint: undefined }))
    expect(nowhere).toMatchObject({ rule: ENDPOINT_PRESENT.id })
    const plain = await unsent(ofServer({ backchannel_authentication_endpoint: 'http://op.example.com/backchannel' }))
    expect(plain).toMatchObject({ rule: REQUEST_TLS.id })
  })

  it('is one with an Authorization header of the caller', async () => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => initiate({ headers: { authorization: 'Bearer x' } }))
  })

  it('is one with what is no key', async () => {
    const signingKey = 'secret' as unknown as CryptoKey
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => initiate({ signingKey }, signing('ES256')))
  })
})

describe('whatever a caller gives', () => {
  const hint = fc.constantFrom('login_hint', 'login_hint_token', 'id_token_hint')
  const text = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('openid', 'openid profile', '120', unsignedJwt({})),
  )
  const name = fc.oneof(
    hint,
    fc.constantFrom('scope', 'acr_values', 'binding_message', 'requested_expiry', 'x', 'resource'),
  )

  it('is either sent with one hint, openid and each parameter once, or refused by its rule or as a mistake', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, text), { maxLength: 6 }), async (given) => {
        const { requests, options } = recorder(() => json(ACKNOWLEDGEMENT))
        const parameters = [['scope', 'openid'], ...given]
        const error = await rejectionOf(() =>
          initiateBackchannelAuthentication(op, shop, basic, { parameters, ...options }),
        )
        expect(requests).toHaveLength(error === undefined ? 1 : 0)
        if (error !== undefined) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^(OAUTH_REQUEST_FORBIDDEN|ERR_INVALID_ARG_)/))
          return
        }
        const names = [...new URLSearchParams(requests[0]?.body).keys()]
        expect(names.filter((one) => one.includes('hint'))).toHaveLength(1)
        expect(new Set(names.filter((one) => one !== 'resource')).size).toBe(
          names.filter((one) => one !== 'resource').length,
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('the trace', () => {
  it('has every check of the request before those of the answer', async () => {
    const events: CheckEvent[] = []
    await initiate({}, { ...shop, [trace]: (event) => events.push(event) })
    const order = [
      'backchannel-request.hint',
      SIGNED.id,
      CLIENT_AUTHENTICATION.id,
      'backchannel-authentication.status',
      'backchannel-authentication.auth_req_id',
      CIBA_LIFETIME.id,
      CIBA_INTERVAL.id,
    ]
    expect(events.map(({ rule }) => rule).filter((rule) => order.includes(rule))).toEqual(order)
    expect(events.filter(({ passed }) => !passed)).toEqual([])
  })
})
