import { describe, expect, it } from 'vitest'
import { PARAMETER_ONCE, RESPONSE_CODE } from '../authorization/response.rules.ts'
import { validateAuthResponse } from '../authorization/response.ts'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { DPoP } from '../dpop/dpop.ts'
import type { ArgumentErrorCode } from '../errors/codes.ts'
import { VERSION } from '../http/headers.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses } from '../testing/refuses.ts'
import { takeApart } from '../testing/signed.ts'
import { processesTokenResponses } from '../testing/token-grant.ts'
import { ID_TOKEN_EXPECTED, TOKEN_TYPE_RECOGNIZED } from '../tokens/token-response.rules.ts'
import * as grant from './authorization-code.ts'
import {
  authorizationCodeGrantRequest,
  nopkce,
  processAuthorizationCodeResponse,
  type ProcessAuthorizationCodeResponseOptions,
} from './authorization-code.ts'
import type { TokenEndpointRequestOptions } from './token-request.ts'

const REDIRECT = 'https://shop.example.com/back?a=b'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'

function callback(query = 'code=SplxlO&session_state=x') {
  return validateAuthResponse(as, client, new URLSearchParams(query))
}

async function sent(
  verifier: string | typeof nopkce = VERIFIER,
  options: TokenEndpointRequestOptions = {},
  parameters = callback(),
) {
  const { options: recording, requests } = recorder()
  const auth = ClientSecretBasic('secret')
  await authorizationCodeGrantRequest(as, client, auth, parameters, REDIRECT, verifier, { ...recording, ...options })
  const [request] = requests
  if (request === undefined || requests.length > 1) throw new Error('not exactly one request was sent')
  return request
}

const FORM = 'redirect_uri=https%3A%2F%2Fshop.example.com%2Fback%3Fa%3Db&code=SplxlO'

describe('authorizationCodeGrantRequest', () => {
  it.each<[string, ArgumentErrorCode, ...unknown[]]>([
    ['server before its client', 'ERR_INVALID_ARG_TYPE', { ...as, issuer: 7 }, { client_id: '' }, callback(), REDIRECT],
    ['response before its redirect_uri', 'ERR_INVALID_ARG_VALUE', as, client, new URLSearchParams('code=a'), 7],
  ])('says first of two mistakes what is wrong with the %s', async (_, code, server, asking, parameters, redirect) => {
    const given = [server, asking, None(), parameters, redirect, VERIFIER]
    await isCallersMistake(code, () => Reflect.apply(authorizationCodeGrantRequest, undefined, given))
  })

  it('says of a redirect_uri that is none, before it looks for the code (RFC 6749 4.1.3)', async () => {
    const auth = ClientSecretBasic('secret')
    const act = () => authorizationCodeGrantRequest(as, client, auth, callback('session_state=x'), '', VERIFIER)
    await isCallersMistake('ERR_INVALID_ARG_VALUE', act)
  })

  it('sends the form of the grant, and nothing else (RFC 6749 4.1.3, RFC 7636 4.5)', async () => {
    expect(await sent()).toEqual({
      url: 'https://op.example.com/token',
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: 'Basic c2hvcDpzZWNyZXQ=',
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'user-agent': `countersign/${VERSION}`,
      },
      body: `${FORM}&code_verifier=${VERIFIER}&grant_type=authorization_code`,
      redirect: 'manual',
    })
  })

  it('sends no verifier with nopkce, which leaves the code unprotected (RFC 7636 4.5)', async () => {
    expect((await sent(nopkce)).body).toBe(`${FORM}&grant_type=authorization_code`)
    expect(grant._nopkce).toBe(nopkce)
  })

  it('sends additional parameters, which replace none of the grant', async () => {
    const additionalParameters = {
      resource: 'a',
      code: 'another',
      code_verifier: 'another',
      redirect_uri: 'https://evil.example',
      grant_type: 'password',
    }
    const { body } = await sent(VERIFIER, { additionalParameters })
    expect([...new URLSearchParams(body)].sort()).toEqual([
      ['code', 'SplxlO'],
      ['code_verifier', VERIFIER],
      ['grant_type', 'authorization_code'],
      ['redirect_uri', REDIRECT],
      ['resource', 'a'],
    ])
  })

  it('proves the key of a DPoP handle (RFC 9449 5)', async () => {
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const { headers } = await sent(VERIFIER, { DPoP: handle })
    const { claims } = takeApart(headers.dpop ?? '')
    expect(claims).toMatchObject({ htm: 'POST', htu: as.token_endpoint })
    expect(claims).not.toHaveProperty('ath')
  })

  it('resolves with the answer, whatever it is, unread', async () => {
    const answer = json({ error: 'invalid_grant' }, 400)
    const { options } = recorder(() => answer)
    expect(await authorizationCodeGrantRequest(as, client, None(), callback(), REDIRECT, VERIFIER, options)).toBe(
      answer,
    )
    expect(answer.bodyUsed).toBe(false)
  })

  it.each(['', 'code=', 'session_state=x'])('refuses a response without code: %j (RFC 6749 4.1.2)', async (query) => {
    const { options, requests } = recorder()
    const act = () => authorizationCodeGrantRequest(as, client, None(), callback(query), REDIRECT, VERIFIER, options)
    await refuses(RESPONSE_CODE, act)
    expect(requests).toEqual([])
  })

  it('refuses a response with two codes (RFC 6749 3.1)', async () => {
    await refuses(PARAMETER_ONCE, () => sent(VERIFIER, {}, callback('code=a&code=b')))
  })

  it('tells the checks of the response to the trace of the client', async () => {
    const events: CheckEvent[] = []
    const traced = { ...client, [trace]: (event: CheckEvent) => void events.push(event) }
    const { options } = recorder()
    await authorizationCodeGrantRequest(as, traced, None(), callback(), REDIRECT, VERIFIER, options)
    expect(events.map(({ rule }) => rule)).toEqual(expect.arrayContaining([PARAMETER_ONCE.id, RESPONSE_CODE.id]))
  })
})

describe('processAuthorizationCodeResponse', () => {
  processesTokenResponses(processAuthorizationCodeResponse)

  const NONCE = { expectedNonce: 'n-0S6_WzA2Mj' }
  it.each<[string, ProcessAuthorizationCodeResponseOptions]>([
    ['expectedNonce', NONCE],
    ['maxAge', { maxAge: 0 }],
    ['requireIdToken', { requireIdToken: true }],
  ])('refuses an answer without ID Token where %s is given (OIDC Core 3.1.3.3)', async (_, options) => {
    const answer = () => json(tokenBody({ id_token: undefined }))
    const act = () => processAuthorizationCodeResponse(as, client, answer(), options)
    const error = await refuses(ID_TOKEN_EXPECTED, act)
    expect(error).toMatchObject({ status: 200, contentType: 'application/json', cause: { attribute: 'id_token' } })
    expect(error.cause).toHaveProperty('body.access_token', 'access')
  })

  it.each<[string, ProcessAuthorizationCodeResponseOptions]>([
    ['nothing', {}],
    ['requireIdToken of false', { requireIdToken: false }],
    ['what is undefined', Object({ expectedNonce: undefined, maxAge: undefined, requireIdToken: undefined })],
  ])('takes an answer without ID Token where %s is given (RFC 6749 4.1.4)', async (_, options) => {
    const answer = json(tokenBody({ id_token: undefined }))
    const aged = { ...client, default_max_age: 600 }
    expect(await processAuthorizationCodeResponse(as, aged, answer, options)).not.toHaveProperty('id_token')
  })

  it('takes an answer with the ID Token that was required', async () => {
    const answer = json(tokenBody({ id_token: unsignedJwt(idTokenClaims({ nonce: NONCE.expectedNonce })) }))
    const tokens = await processAuthorizationCodeResponse(as, client, answer, { ...NONCE, requireIdToken: true })
    expect(tokens).toMatchObject({ access_token: 'access' })
  })

  it.each([null, '600', -1, NaN])('does not look at a default_max_age of %s without an ID Token', async (age) => {
    const wrong: object = { ...client, default_max_age: age }
    const answer = json(tokenBody({ id_token: undefined }))
    const tokens: unknown = await Reflect.apply(processAuthorizationCodeResponse, undefined, [as, wrong, answer])
    expect(tokens).toMatchObject({ access_token: 'access' })
  })

  it.each([
    ['a text', '600', 'ERR_INVALID_ARG_TYPE'],
    ['negative', -1, 'ERR_INVALID_ARG_VALUE'],
  ] as const)(
    'refuses a default_max_age that is %s where an ID Token is required, before the answer is read (OIDC Registration 2)',
    async (_, age, code) => {
      const wrong: object = { ...client, default_max_age: age }
      const answer = json({ error: 'invalid_grant' }, 400)
      await isCallersMistake(code, () =>
        Reflect.apply(processAuthorizationCodeResponse, undefined, [as, wrong, answer, { requireIdToken: true }]),
      )
      expect(answer.bodyUsed).toBe(false)
    },
  )

  it('says first that a type of token is unknown, as oauth4webapi does', async () => {
    const answer = () => json(tokenBody({ id_token: undefined, token_type: 'mac' }))
    const act = () => processAuthorizationCodeResponse(as, client, answer(), { requireIdToken: true })
    await refuses(TOKEN_TYPE_RECOGNIZED, act, ID_TOKEN_EXPECTED)
  })
})
