import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { encodePart } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { signingKey } from '../testing/signed.ts'

/*
 * No refusal of a request holds the access token, the proof or what tells of a person in what logs see of it.
 */

const { accessToken, boundToken, clientKey, proof, request, serverKey, validate } = resource

const SUBJECT = 'sub-248289761001'
const EMAIL = 'anna.schmidt@example.com'
const ID = 'jti-8Xc2LkQm91'
const PERSON = { sub: SUBJECT, email: EMAIL, jti: ID }

function holdsNoSecret(text: string): void {
  expect([SUBJECT, EMAIL, ID, 'opaque-9vJd2LkQm'].filter((secret) => text.includes(secret))).toEqual([])
  // neither a JWT nor the beginning of one
  expect(text).not.toMatch(/eyJ[\w-]{8}/)
}

/** Every form in which an error comes into a log. */
function logged(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error('no error')
  return [inspect(error, { depth: 12, showHidden: false }), JSON.stringify(error), message, stack].join('\n')
}

type Changes = Parameters<typeof proof>[1]

const bearer = (changes: Changes, header?: Changes) =>
  request(`Bearer ${accessToken({ ...PERSON, ...changes }, header)}`)

function proven(changes: Changes, header: Changes = {}, key = clientKey) {
  const token = boundToken(PERSON)
  return request(`DPoP ${token}`, proof(token, { jti: ID, ...changes }, header, key))
}

const twice = new Headers({ authorization: `DPoP ${boundToken(PERSON)}` })
twice.append('dpop', proof(''))
twice.append('dpop', proof(''))

const REFUSALS: readonly (readonly [rule: string, incoming: Request])[] = [
  ['resource-request.authorization', request(undefined, proof(boundToken(PERSON)))],
  ['resource-request.authorization-scheme', request(`Basic ${accessToken(PERSON)}`)],
  ['resource-request.authorization-scheme', request(accessToken(PERSON))],
  ['resource-request.authorization-scheme', request('opaque-9vJd2LkQm')],
  ['resource-request.authorization-form', request(`Bearer ${accessToken(PERSON)} ${accessToken(PERSON)}`)],
  ['jwt.parts', request('Bearer opaque-9vJd2LkQm')],
  ['jwt.parts', request(`Bearer ${accessToken(PERSON)}.x`)],
  ['jwt.encryption', request(`Bearer ${accessToken(PERSON)}.x.x`)],
  ['jwt.header', request(`Bearer x${accessToken(PERSON)}`)],
  ['jwt.header-object', request(`Bearer ${encodePart(EMAIL)}.e30.`)],
  ['jwt.claims-object', request(`Bearer ${encodePart({ alg: 'ES256' })}.${encodePart(EMAIL)}.`)],
  ['jwt.crit', bearer({}, { crit: [EMAIL] })],
  ['access-token.alg', bearer({}, { alg: 'HS256', email: EMAIL })],
  ['access-token.typ', bearer({}, { typ: 'JWT', email: EMAIL })],
  ['access-token.iss', bearer({ iss: 'https://evil.example' })],
  ['access-token.iss-present', bearer({ iss: undefined })],
  ['access-token.aud', bearer({ aud: 'https://other.example.com' })],
  ['access-token.client_id', bearer({ client_id: [EMAIL] })],
  ['access-token.jti', bearer({ jti: [ID] })],
  ['access-token.sub', bearer({ sub: [SUBJECT] })],
  ['access-token.cnf', bearer({ cnf: EMAIL })],
  ['access-token.cnf-single', bearer({ cnf: { kid: EMAIL, jkt: EMAIL } })],
  ['access-token.cnf-method', bearer({ cnf: { kid: EMAIL } })],
  ['access-token.cnf-present', request(`DPoP ${accessToken(PERSON)}`)],
  ['jwt.exp-time', bearer({ exp: 1_500_000_000 })],
  ['signature.kid', bearer({}, { kid: 'other', email: EMAIL })],
  ['signature.value', request(`Bearer ${accessToken(PERSON, {}, signingKey('ES256', 'server-1'))}`)],
  ['signature.encoding', request(`Bearer ${accessToken(PERSON)}=`)],

  ['resource-request.dpop', request(`DPoP ${boundToken(PERSON)}`)],
  ['resource-request.dpop-single', new Request(resource.RESOURCE_URL, { headers: twice })],
  ['resource-request.authorization-dpop', request(`Bearer ${boundToken(PERSON)}`, proof(''))],
  ['dpop-proof.binding', request(`DPoP ${accessToken({ ...PERSON, cnf: { jkt: [EMAIL] } })}`, proof(''))],
  ['dpop-proof.alg', proven({}, { alg: 'HS256', email: EMAIL })],
  ['dpop-proof.typ', proven({}, { typ: 'JWT', email: EMAIL })],
  ['dpop-proof.iat-present', proven({ iat: undefined })],
  ['dpop-proof.iat', proven({ iat: 1_500_000_000 })],
  ['dpop-proof.jti', proven({ jti: [ID] })],
  ['dpop-proof.ath-present', proven({ ath: undefined })],
  ['dpop-proof.ath', proven({ ath: EMAIL })],
  ['dpop-proof.htm', proven({ htm: 'PUT' })],
  ['dpop-proof.htu', proven({ htu: 'https://other.example.com' })],
  ['dpop-proof.jwk', proven({}, { jwk: [EMAIL] })],
  ['dpop-proof.jwk-kty', proven({}, { jwk: { kty: [EMAIL] } })],
  ['dpop-proof.jwk-private', proven({}, { jwk: { ...clientKey.jwk, d: EMAIL } })],
  ['dpop-proof.jwk-alg', proven({}, { jwk: { ...clientKey.jwk, alg: EMAIL } })],
  ['dpop-proof.jkt', proven({}, {}, signingKey('ES256'))],
  ['signature.value', proven({}, { jwk: { ...clientKey.jwk } }, signingKey('ES256'))],
]

it.each(REFUSALS)('a log sees nothing of the token in the refusal by %s', async (rule, incoming) => {
  const error = await rejectionOf(() => validate(incoming))
  expect(error).toMatchObject({ rule })
  holdsNoSecret(logged(error))
})

it('a log sees nothing of the token where the keys cannot be fetched', async () => {
  const server = keyServer(serverKey.jwk)
  server.answer = () => new Response('', { status: 500 })
  const error = await rejectionOf(() => validate(bearer({}), server.options))
  expect(error).toMatchObject({ rule: 'jwks.status' })
  holdsNoSecret(logged(error))
})

it('a trace sees nothing of the token and the proof', async () => {
  const events: CheckEvent[] = []
  await validate(proven({}), { [trace]: (event) => void events.push(event) })
  expect(events.length).toBeGreaterThan(40)
  holdsNoSecret(inspect(events, { depth: 12, maxArrayLength: null }))
})
