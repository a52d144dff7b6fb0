import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Client } from '../metadata/client.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import * as endpoint from '../testing/callbacks.ts'
import { leftHalfOf } from '../testing/hybrid-response.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { bodyOf } from '../testing/streams.ts'
import { callbackResponse } from './response.ts'

/*
 * Whatever is refused of a callback, neither a log nor the answer sees its tokens, the client_notification_token or its hash,
 * auth_req_id, or what tells of a person.
 */

const { ACCESS_TOKEN, AUTH_REQ_ID, callback, client, ping, push, pushClaims, pushedError, REFRESH_TOKEN, TOKEN } =
  endpoint

const SUBJECT = 'sub-248289761001'
const EMAIL = 'anna.schmidt@example.com'
const PERSON = { sub: SUBJECT, email: EMAIL }
const OTHER_TOKEN = 'other-token-9vJd2LkQm'
const OTHER_ID = 'other-id-8Xc2LkQm91'

const HASHES = [leftHalfOf('sha256', ACCESS_TOKEN), leftHalfOf('sha256', REFRESH_TOKEN), endpoint.TOKEN_HASH]
const TOKENS = [TOKEN, OTHER_TOKEN, AUTH_REQ_ID, OTHER_ID, ACCESS_TOKEN, REFRESH_TOKEN]
const SECRETS = [...TOKENS, ...HASHES, SUBJECT, EMAIL]

function holdsNoSecret(text: string): void {
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([])
  // neither a JWT nor the beginning of one
  expect(text).not.toMatch(/eyJ[\w-]{8}/)
}

/** Every form in which an error comes into a log. */
function logged(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error('no error')
  return [inspect(error, { depth: 12, showHidden: false }), JSON.stringify(error), message, stack].join('\n')
}

type Claims = Parameters<typeof push>[1]

const withHeader = (authorization: string) => endpoint.validatePing(ping({}, { authorization }))
const withBody = (body: BodyInit, headers?: Record<string, string>) => endpoint.validatePing(callback(body, headers))
const pushed = (members: Claims, claims?: Claims) =>
  endpoint.validatePush(push(members, claims === undefined ? claims : { ...PERSON, ...claims }))
const PING = JSON.stringify({ auth_req_id: AUTH_REQ_ID, email: EMAIL })
const NO_ERROR = `no ${SUBJECT} "${EMAIL}"`

const REFUSALS: readonly (readonly [rule: string | undefined, act: () => unknown])[] = [
  ['callback.method', () => endpoint.validatePing(callback(PING, {}, 'PUT'))],
  ['callback.authorization', () => endpoint.validatePing(callback(PING, { authorization: undefined }))],
  ['callback.authorization-scheme', () => withHeader(`Basic ${TOKEN}`)],
  ['callback.authorization-scheme', () => withHeader(TOKEN)],
  ['callback.authorization-form', () => withHeader(`Bearer ${TOKEN} ${OTHER_TOKEN}`)],
  ['callback.authorization-form', () => withHeader(`Bearer ${TOKEN},${OTHER_TOKEN}`)],
  ['callback.authorization-length', () => withHeader(`Bearer ${TOKEN.repeat(40)}`)],
  ['callback.content-type', () => withBody(PING, { 'content-type': 'text/plain' })],
  ['callback.size', () => withBody(PING.padEnd(70_000))],
  ['callback.size', () => withBody(bodyOf(PING), { 'content-length': '70000' })],
  ['callback.body', () => withBody(bodyOf(PING, new Error('reset')))],
  ['callback.json', () => withBody(`${PING}}`)],
  ['callback.object', () => withBody(`[${PING}]`)],
  ['callback.object', () => withBody(JSON.stringify(AUTH_REQ_ID))],
  ['callback.auth_req_id', () => withBody(JSON.stringify({ auth_req_id: [AUTH_REQ_ID], sub: SUBJECT }))],
  ['callback.auth_req_id-known', () => endpoint.validatePing(ping({ auth_req_id: OTHER_ID }))],
  [
    'callback.auth_req_id-same',
    () => endpoint.validatePing(ping({ auth_req_id: OTHER_ID }), { findTransaction: () => endpoint.transaction }),
  ],
  ['callback.client_notification_token', () => withHeader(`Bearer ${OTHER_TOKEN}`)],
  [undefined, () => endpoint.validatePing(ping(), { findTransaction: () => ({ auth_req_id: AUTH_REQ_ID }) })],
  [
    undefined,
    () => endpoint.validatePing(ping(), { findTransaction: () => ({ client_notification_token_hash: TOKEN }) }),
  ],
  ['ping-callback.backchannel_token_delivery_mode', () => endpoint.validatePing(push({}, PERSON))],
  ['push-callback.backchannel_token_delivery_mode', () => endpoint.validatePush(ping({ sub: SUBJECT }))],
  ['push-callback.error-alone', () => pushed({ error: 'access_denied' }, {})],
  ['push-callback.error', () => endpoint.validatePush(pushedError({ error: [SUBJECT] }))],
  ['push-callback.error_description', () => endpoint.validatePush(pushedError({ error_description: NO_ERROR }))],
  ['token-response.access_token', () => pushed({ access_token: [ACCESS_TOKEN] })],
  ['token-response.token_type', () => pushed({ token_type: [ACCESS_TOKEN] })],
  ['token-response.token_type-known', () => pushed({ token_type: 'mac' }, {})],
  ['token-response.expires_in', () => pushed({ expires_in: ACCESS_TOKEN })],
  ['token-response.refresh_token', () => pushed({ refresh_token: [REFRESH_TOKEN] })],
  ['token-response.id_token', () => pushed({ id_token: [EMAIL] })],
  ['push-callback.id_token', () => pushed({ id_token: undefined })],
  ['jwt.parts', () => pushed({ id_token: `${signedJwt(endpoint.serverKey, pushClaims(PERSON))}.x` })],
  ['id-token.alg', () => pushed({ id_token: signedJwt(endpoint.serverKey, pushClaims(PERSON), { alg: 'HS256' }) })],
  ['id-token.iss', () => pushed({}, { iss: 'https://evil.example' })],
  ['id-token.aud', () => pushed({}, { aud: 'bank' })],
  ['jwt.exp-time', () => pushed({}, { exp: 1_500_000_000 })],
  ['push-callback.auth_req_id-present', () => pushed({}, { [endpoint.AUTH_REQ_ID_CLAIM]: [AUTH_REQ_ID] })],
  ['push-callback.auth_req_id', () => pushed({}, { [endpoint.AUTH_REQ_ID_CLAIM]: OTHER_ID })],
  ['push-callback.at_hash-present', () => pushed({}, { at_hash: [HASHES[0] ?? ''] })],
  ['push-callback.at_hash', () => pushed({}, { at_hash: HASHES[1] })],
  ['push-callback.rt_hash-present', () => pushed({}, { [endpoint.RT_HASH_CLAIM]: [HASHES[1] ?? ''] })],
  ['push-callback.rt_hash', () => pushed({}, { [endpoint.RT_HASH_CLAIM]: HASHES[0] })],
  ['signature.kid', () => pushed({ id_token: signedJwt(signingKey('ES256', 'other'), pushClaims(PERSON)) })],
  ['signature.value', () => pushed({ id_token: signedJwt(signingKey('ES256', 'server-1'), pushClaims(PERSON)) })],
]

describe('of the refusal', () => {
  it.each(REFUSALS)('by %s a log sees no secret, and the answer has none', async (rule, act) => {
    const error = await rejectionOf(act)
    expect(error).toHaveProperty('code')
    expect(Object(error).rule).toBe(rule)
    holdsNoSecret(logged(error))
    const answer = callbackResponse(error)
    holdsNoSecret(inspect([...answer.headers]))
    expect(await answer.text()).toBe('')
  })
})

describe('the trace', () => {
  it('sees no secret of a ping, and none of a push', async () => {
    const events: CheckEvent[] = []
    const seen = (event: CheckEvent) => void events.push(event)
    const party: Client = { ...client, [trace]: seen }
    await endpoint.validatePing(ping(), { [trace]: seen })
    await endpoint.validatePush(push({}, PERSON), {}, party)
    await endpoint.validatePush(pushedError({ error_description: 'refused' }), {}, party)
    await rejectionOf(() => endpoint.validatePush(push({}, { ...PERSON, at_hash: HASHES[1] }), {}, party))
    expect(events.length).toBeGreaterThan(100)
    holdsNoSecret(inspect(events, { depth: 12, maxArrayLength: null }))
  })
})
