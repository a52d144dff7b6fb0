import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { validateAuthResponse } from '../authorization/response.ts'
import { processUserInfoResponse } from '../endpoints/userinfo.ts'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import { processAuthorizationCodeResponse } from '../grants/authorization-code.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import type { Client } from '../metadata/client.ts'
import { clockSkew } from '../metadata/clock.ts'
import { resolveEndpoint } from '../metadata/endpoint.ts'
import { epochSeconds } from '../values/time.ts'
import type { JsonValue } from '../values/json.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from './answers.ts'
import { keyServer } from './key-server.ts'
import { rejectionOf } from './refuses.ts'

/*
 * What a program that was written for oauth4webapi reads in the `cause` of an error. What of it no log may show (a state,
 * a nonce, a subject) is there for the program alone.
 */

type Claims = Record<string, JsonValue | undefined>

async function causeOf(act: () => unknown): Promise<object> {
  const error = await rejectionOf(act)
  return Object(Reflect.get(Object(error), 'cause'))
}

function processed(claims: Claims, party: Client = client, header?: object): Promise<unknown> {
  const id_token = unsignedJwt(idTokenClaims(claims), header)
  return processBackchannelAuthenticationGrantResponse(as, party, json(tokenBody({ id_token })))
}

describe('the cause of a refusal has', () => {
  it.each<[string, Client, object]>([
    [
      'the client',
      { ...client, id_token_signed_response_alg: 'PS256' },
      { expected: 'PS256', reason: 'client configuration' },
    ],
    ['nobody', client, { expected: 'RS256', reason: 'default value' }],
  ])('what algorithm was expected, where %s says it', async (_, party, expected) => {
    const header = { alg: 'ES256' }
    expect(await causeOf(() => processed({}, party, header))).toMatchObject({ header, ...expected })
  })

  it('the algorithms of the server, where it says them', async () => {
    const server = { ...as, id_token_signing_alg_values_supported: ['ES384', 'PS256'] }
    const act = () => processBackchannelAuthenticationGrantResponse(server, client, json(tokenBody()))
    expect(await causeOf(act)).toMatchObject({
      expected: ['ES384', 'PS256'],
      reason: 'authorization server metadata',
    })
  })

  it('the time and the tolerance, where a time is refused', async () => {
    const skewed = { ...client, [clockSkew]: 1000 }
    const cause = await causeOf(() => processed({}, skewed))
    expect(cause).toMatchObject({ claim: 'exp', tolerance: 30, claims: { sub: 'anna' } })
    expect(Reflect.get(cause, 'now')).toBeGreaterThanOrEqual(epochSeconds() + 990)
  })

  it('the time of the authentication that was too long ago', async () => {
    const id_token = unsignedJwt(idTokenClaims({ auth_time: 1 }))
    const act = () => processAuthorizationCodeResponse(as, client, json(tokenBody({ id_token })), { maxAge: 10 })
    expect(await causeOf(act)).toMatchObject({ claim: 'auth_time', tolerance: 30, now: expect.any(Number) })
  })

  it('aud, where azp is missing', async () => {
    expect(await causeOf(() => processed({ aud: ['shop', 'other'] }))).toMatchObject({ claim: 'aud' })
  })

  it('the name of the alias, where it is wanted and no URL', async () => {
    const wrong = { ...as, mtls_endpoint_aliases: { token_endpoint: 'relative' } }
    const act = (alias: boolean) =>
      resolveEndpoint(alias ? wrong : { issuer: as.issuer }, 'token_endpoint', alias, true)
    expect(await causeOf(() => act(true))).toEqual({ attribute: 'mtls_endpoint_aliases.token_endpoint' })
    expect(await causeOf(() => act(false))).toEqual({ attribute: 'token_endpoint' })
  })

  it('the URL of the keys of which none fits', async () => {
    const response = json(tokenBody())
    await processBackchannelAuthenticationGrantResponse(as, client, response)
    const { options } = keyServer()
    const cause = await causeOf(() => validateApplicationLevelSignature({ ...as }, response, options))
    expect(cause).toMatchObject({ jwks_uri: new URL(as.jwks_uri ?? ''), candidates: [], header: { alg: 'RS256' } })
  })
})

describe('the cause of a refusal has, and shows no log,', () => {
  it.each<[string, unknown, () => unknown]>([
    ['the state', 'hunter2', () => validateAuthResponse(as, client, new URLSearchParams('code=c&state=x'), 'hunter2')],
    [
      'that there was no state',
      undefined,
      () => validateAuthResponse(as, client, new URLSearchParams('state=hunter2')),
    ],
    [
      'the nonce',
      'hunter2',
      () => {
        const id_token = unsignedJwt(idTokenClaims({ nonce: 'other' }))
        const options = { expectedNonce: 'hunter2' }
        return processAuthorizationCodeResponse(as, client, json(tokenBody({ id_token })), options)
      },
    ],
    ['the subject', 'hunter2', () => processUserInfoResponse(as, client, 'hunter2', json({ sub: 'other' }))],
  ])('%s that was expected', async (_, expected, act) => {
    const error = await rejectionOf(act)
    const cause: unknown = Reflect.get(Object(error), 'cause')
    expect(Reflect.has(Object(cause), 'expected')).toBe(true)
    expect(Reflect.get(Object(cause), 'expected')).toBe(expected)
    expect(`${inspect(error, { depth: 10 })}${JSON.stringify(error)}${JSON.stringify(cause)}`).not.toContain('hunter2')
  })
})
