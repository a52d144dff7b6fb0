import { describe, expect, it } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import { type CheckEvent, trace } from './trace.ts'

const SECRETS = ['access-hunter2', 'refresh-hunter2', 'anna-hunter2', 'anna@hunter2.example']

async function traceOf(
  changes: Record<string, JsonValue | undefined>,
): Promise<{ events: CheckEvent[]; error: unknown }> {
  const events: CheckEvent[] = []
  const traced = { ...client, [trace]: (event: CheckEvent) => void events.push(event) }
  const [accessToken, refreshToken, sub, email] = SECRETS
  const idToken = unsignedJwt(idTokenClaims({ sub, email, ...changes }))
  const answer = json(tokenBody({ access_token: accessToken, refresh_token: refreshToken, id_token: idToken }))
  const error = await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, traced, answer))
  return { events, error }
}

describe('trace', () => {
  it('receives every check of an answer that is accepted, as passed', async () => {
    const { events, error } = await traceOf({})
    expect(error).toBeUndefined()
    expect(events.filter(({ passed }) => !passed)).toEqual([])
    expect(events.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['token-response.status', 'response.json', 'jwt.parts', 'jwt.exp-time', 'id-token.iss']),
    )
  })

  it('receives the checks in the order in which they are applied', async () => {
    const { events } = await traceOf({})
    const rules = events.map(({ rule }) => rule)
    const order = [
      'token-response.status',
      'response.json',
      'token-response.access_token',
      'jwt.parts',
      'jwt.header',
      'id-token.alg',
      'jwt.claims',
      'jwt.exp',
      'jwt.exp-time',
      'id-token.exp',
      'id-token.iss',
      'id-token.aud',
    ]
    expect(rules.filter((rule) => order.includes(rule))).toEqual(order)
  })

  it('receives the check that refuses as the last one, with what the error carries', async () => {
    const { events, error } = await traceOf({ iss: 'https://evil.example' })
    const last = events.at(-1)
    expect(events.filter(({ passed }) => !passed)).toEqual([last])
    expect(last).toEqual({
      rule: 'id-token.iss',
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      passed: false,
      expected: as.issuer,
      actual: 'https://evil.example',
    })
    const { passed: _, ...evidence } = Object(last)
    expect(error).toMatchObject(evidence)
  })

  it.each([
    ['an accepted answer', {}],
    ['a refused iss', { iss: 'https://evil.example' }],
    ['a refused sub', { sub: ['anna-hunter2'] }],
    ['a refused exp', { exp: 0 }],
    ['a refused aud', { aud: 'another' }],
    ['a refused nbf', { nbf: { email: 'anna@hunter2.example' } }],
  ])('receives no token and no claim about the person, for %s', async (_, changes) => {
    const { events } = await traceOf(changes)
    expect(events).not.toEqual([])
    const log = JSON.stringify(events)
    for (const secret of [...SECRETS, ...unsignedJwt(idTokenClaims()).split('.', 1)]) expect(log).not.toContain(secret)
  })

  it('changes nothing about what is accepted and what is refused', async () => {
    const { error } = await traceOf({ aud: 'another' })
    const answer = json(tokenBody({ id_token: unsignedJwt(idTokenClaims({ aud: 'another' })) }))
    expect(error).toEqual(await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, answer)))
  })
})
