import { createPublicKey, verify } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { KEY_ALGORITHM, KEY_SIZE } from '../jose/keys.ts'
import { modifyAssertion } from '../jose/modify-assertion.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { clockSkew } from '../metadata/clock.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { NOTIFICATION_TOKEN, op, PARAMETERS, pinged, shop, signing } from '../testing/backchannel-request.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses } from '../testing/refuses.ts'
import { cryptoKeys, signingKey, takeApart } from '../testing/signed.ts'
import { HINT, NOTIFICATION_TOKEN_PRESENT } from './check-parameters.rules.ts'
import type { BackchannelAuthenticationParametersInit } from './parameters.ts'
import {
  issueBackchannelAuthenticationRequestObject,
  type RequestSigningOptions,
  SIGNING_ALG,
  SIGNING_ALG_SUPPORTED,
  SIGNING_KEY,
} from './request-object.ts'

async function privateKeyFor(alg: string, modulusLength?: number) {
  const { privateKey } = await cryptoKeys(signingKey(alg, 'k', modulusLength))
  return privateKey
}

const es256 = await privateKeyFor('ES256')

function issue(
  parameters: BackchannelAuthenticationParametersInit = PARAMETERS,
  options: RequestSigningOptions = {},
  client: Client = signing('ES256'),
  as: AuthorizationServer = op,
  key = es256,
): Promise<string> {
  const privateKey = { key, kid: 'key-of-2026' }
  return issueBackchannelAuthenticationRequestObject(as, client, parameters, { privateKey, ...options })
}

const NOW = 1_564_902_738

function freezeTime(): void {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
}

afterEach(() => void vi.useRealTimers())

describe('issueBackchannelAuthenticationRequestObject', () => {
  it('makes every parameter a claim, beside the registered ones, and no others (CIBA Core 7.1.1)', async () => {
    freezeTime()
    const parameters = {
      scope: 'openid payments',
      acr_values: ['urn:mace:incommon:iap:silver', 'urn:mace:incommon:iap:bronze'],
      client_notification_token: NOTIFICATION_TOKEN,
      login_hint: 'john@example.com',
      binding_message: 'S24R',
      user_code: '6365',
      requested_expiry: '120',
      request_context: { location: { lat: 51.17397, lng: -1.82238 } },
      payment_intent: { amount: '165.88', currency: 'GBP' },
    }
    const client = { ...pinged, ...signing('ES256'), ...pinged, backchannel_user_code_parameter: true }
    const { header, claims } = takeApart(await issue(parameters, {}, client))
    expect(header).toEqual({ alg: 'ES256', kid: 'key-of-2026' })
    const { jti, ...others } = claims
    expect(jti).toMatch(/^[\w-]{43}$/)
    expect(others).toEqual({
      ...parameters,
      acr_values: 'urn:mace:incommon:iap:silver urn:mace:incommon:iap:bronze',
      iss: 'shop',
      aud: 'https://op.example.com',
      iat: NOW,
      nbf: NOW,
      exp: NOW + 300,
    })
  })

  it.each([
    [30, 30],
    ['30', '30'],
  ])('has requested_expiry as it was given, a number or text: %j (CIBA Core 7.1.1)', async (given, claim) => {
    const { claims } = takeApart(await issue({ ...PARAMETERS, requested_expiry: given }))
    expect(claims.requested_expiry).toBe(claim)
  })

  it('has the JSON of request_context and authorization_details that came as text', async () => {
    const given = { ...PARAMETERS, request_context: '{"a":1}', authorization_details: '[{"type":"payment"}]' }
    const { claims } = takeApart(await issue(new URLSearchParams(given)))
    expect(claims).toMatchObject({ request_context: { a: 1 }, authorization_details: [{ type: 'payment' }] })
  })

  it('has a parameter called __proto__ as any other', async () => {
    const { claims } = takeApart(await issue(new URLSearchParams({ ...PARAMETERS, ['__proto__']: 'x' })))
    expect(Object.entries(claims)).toContainEqual(['__proto__', 'x'])
  })

  it('has another jti each time (CIBA Core 7.1.1)', async () => {
    const [one, other] = await Promise.all([issue(), issue()])
    expect(takeApart(one).claims.jti).not.toBe(takeApart(other).claims.jti)
  })

  it('is good for the seconds that the caller says, from now by the clock of the client', async () => {
    freezeTime()
    const { claims } = takeApart(await issue(PARAMETERS, { lifetime: 60 }, { ...signing('ES256'), [clockSkew]: 10 }))
    expect(claims).toMatchObject({ iat: NOW + 10, nbf: NOW + 10, exp: NOW + 70 })
  })

  it('is good for one second at least', async () => {
    const { claims } = takeApart(await issue(PARAMETERS, { lifetime: 1 }))
    expect(Number(claims.exp) - Number(claims.iat)).toBe(1)
  })

  it('tells the checks of its algorithm to the trace of the client', async () => {
    const events: CheckEvent[] = []
    await issue(PARAMETERS, {}, { ...signing('ES256'), [trace]: (event) => events.push(event) })
    const wanted = [SIGNING_ALG.id, SIGNING_ALG_SUPPORTED.id, SIGNING_KEY.id]
    expect(events.map(({ rule }) => rule).filter((rule) => wanted.includes(rule))).toEqual(wanted)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is not good for %s seconds', async (lifetime) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => issue(PARAMETERS, { lifetime }))
  })

  it.each(['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'])(
    'is signed by the algorithm of the registration: %s (CIBA Core 4, 7.1.1)',
    async (alg) => {
      const key = signingKey(alg, 'k')
      const { privateKey } = await cryptoKeys(key)
      const { header, signingInput, signature } = takeApart(await issue(PARAMETERS, {}, signing(alg), op, privateKey))
      expect(header.alg).toBe(alg)
      if (alg.startsWith('Ed')) {
        const bytes = Buffer.from(signature, 'base64url')
        expect(verify(null, Buffer.from(signingInput), createPublicKey(key.privateKey), bytes)).toBe(true)
      }
    },
  )

  it('has no kid where none is given', async () => {
    const request = await issueBackchannelAuthenticationRequestObject(op, signing('ES256'), PARAMETERS, {
      privateKey: es256,
    })
    expect(takeApart(request).header).toEqual({ alg: 'ES256' })
  })

  it('is changed by modifyAssertion before it is signed', async () => {
    const request = await issue(PARAMETERS, {
      [modifyAssertion](header, claims) {
        header.typ = 'JWT'
        claims.aud = 'https://op.example.com/backchannel'
      },
    })
    const { header, claims } = takeApart(request)
    expect([header.typ, claims.aud]).toEqual(['JWT', 'https://op.example.com/backchannel'])
  })

  it('is signed, and never encrypted (CIBA Core 7.1.1)', async () => {
    expect((await issue()).split('.')).toHaveLength(3)
  })

  it('is of parameters that may be sent (CIBA Core 7.1)', async () => {
    await refuses(HINT, () => issue({ scope: 'openid' }))
  })

  it('has the token of the callbacks from its caller, who must know it (CIBA Core 7.1)', async () => {
    const client = { ...signing('ES256'), ...pinged, backchannel_authentication_request_signing_alg: 'ES256' }
    await refuses(NOTIFICATION_TOKEN_PRESENT, () => issue(PARAMETERS, {}, client))
  })

  it('wants a private key', async () => {
    const { publicKey } = await cryptoKeys(signingKey('ES256'))
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => issue(PARAMETERS, {}, signing('ES256'), op, publicKey))
    const nothing = undefined as unknown as { privateKey: CryptoKey }
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () =>
      issueBackchannelAuthenticationRequestObject(op, signing('ES256'), PARAMETERS, nothing),
    )
  })
})

describe('the algorithm of a signed request', () => {
  it('is registered (CIBA Core 4)', async () => {
    await refuses(SIGNING_ALG, () => issue(PARAMETERS, {}, shop), SIGNING_ALG_SUPPORTED)
  })

  it.each([
    [undefined, 'missing'],
    [[], []],
    [['PS256'], ['PS256']],
    ['ES256', 'ES256'],
  ])(
    "is one of the server's, which takes no signed requests without a list: not of %j (CIBA Core 4)",
    async (list, actual) => {
      const as = Object.assign({ ...op }, { backchannel_authentication_request_signing_alg_values_supported: list })
      const act = () => issue(PARAMETERS, {}, signing('ES256'), as as AuthorizationServer)
      const error = await refuses(SIGNING_ALG_SUPPORTED, act)
      expect(error).toMatchObject({ actual })
    },
  )

  it.each([
    ['ES256', 'Ed25519'],
    ['PS256', 'RS256'],
    ['RS256', 'PS256'],
    ['EdDSA', 'ES256'],
  ])('is that of the key: %s is not signed with a key for %s (CIBA Core 7.1.1)', async (alg, ofKey) => {
    const key = await privateKeyFor(ofKey)
    await refuses(SIGNING_KEY, () => issue(PARAMETERS, {}, signing(alg), op, key))
  })

  it.each(['none', 'HS256', 'HS512'])('is asymmetric: no key is for %s (CIBA Core 7.1.1)', async (alg) => {
    const as = { ...op, backchannel_authentication_request_signing_alg_values_supported: [alg] }
    await refuses(SIGNING_KEY, () => issue(PARAMETERS, {}, signing(alg), as))
  })

  it('is a supported one, of a key that is strong enough (RFC 7518 3.1, 3.3)', async () => {
    const weak = await privateKeyFor('PS256', 1024)
    await refuses(KEY_SIZE, () => issue(PARAMETERS, {}, signing('PS256'), op, weak))
    const parameters = { name: 'RSA-PSS', hash: 'SHA-1', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
    const { privateKey } = await crypto.subtle.generateKey(parameters, false, ['sign', 'verify'])
    const as = { ...op, backchannel_authentication_request_signing_alg_values_supported: ['PS1'] }
    await refuses(KEY_ALGORITHM, () => issue(PARAMETERS, {}, signing('PS1'), as, privateKey))
  })
})
