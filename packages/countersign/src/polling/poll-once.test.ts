import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { None } from '../client-authentication/none.ts'
import { DPoP } from '../dpop/dpop.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { customFetch } from '../http/options.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import type { Client } from '../metadata/client.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { bodyOf } from '../testing/streams.ts'
import {
  oauthError,
  pending,
  silence,
  slowDown,
  type Step,
  success,
  type TokenServer,
  tokenServer,
  unreachable,
} from '../testing/token-server.ts'
import { type VirtualClock, virtualClock } from '../testing/virtual-clock.ts'
import { ID_TOKEN_ACR, ID_TOKEN_AUDIENCE } from '../tokens/id-token.rules.ts'
import { ACCESS_TOKEN, ID_TOKEN_EXPECTED } from '../tokens/token-response.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import type { PollOnceOptions } from './options.ts'
import { pollOnce } from './poll-once.ts'
import { CIBA_EXPIRY, DEVICE_EXPIRY, LOST_ANSWER } from './polling.rules.ts'
import type { PollResult } from './result.ts'
import { type CibaTransaction, cibaTransaction, deviceTransaction, type PollingTransaction } from './transaction.ts'

const T0 = 1_700_000_000_000
const acknowledgement = { auth_req_id: '1c266114', expires_in: 120, interval: 5 }
const authorization = {
  device_code: 'GmRhmhcxhwAzkoEqiMEg',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://op.example.com/device',
  expires_in: 1800,
}
const ciba = cibaTransaction(acknowledgement, T0)
const device = deviceTransaction(authorization, T0)

interface Polled<T extends PollingTransaction> {
  readonly result: Promise<PollResult<T>>
  readonly server: TokenServer
  readonly clock: VirtualClock
}

/** Asks about a transaction at the moment when its next request is due. */
function ask<T extends PollingTransaction>(
  transaction: T,
  steps: Step | readonly [Step, ...Step[]],
  options: Partial<PollOnceOptions> = {},
  registered: Client = client,
): Polled<T> {
  const clock = virtualClock(transaction.nextPollAt)
  const server = tokenServer(clock, ...('length' in steps ? steps : ([steps] as const)))
  const all = { clientAuthentication: None(), clock, random: () => 0, ...server.options, ...options }
  return { result: clock.until(pollOnce(as, registered, transaction, all)), server, clock }
}

/** What a transaction is after a result that is not the last. */
async function after<T extends PollingTransaction>(
  transaction: T,
  step: Step,
  options?: Partial<PollOnceOptions>,
): Promise<T> {
  const result = await ask(transaction, step, options).result
  if (result.status === 'done') throw new Error('the transaction is over')
  return result.transaction
}

const answers = (answer: () => Response, latency = 0): Step => ({ answer, latency })
const late = (step: Step, latency: number): Step => ({ ...step, latency })

describe('the request', () => {
  it('is the token request of CIBA (CIBA Core 10.1)', async () => {
    const { result, server } = ask(ciba, pending, { clientAuthentication: ClientSecretBasic('secret') })
    await result
    expect(server.requests).toEqual([
      {
        at: ciba.nextPollAt,
        parameters: { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: '1c266114' },
        headers: expect.objectContaining({ authorization: 'Basic c2hvcDpzZWNyZXQ=' }),
      },
    ])
  })

  it('is the device access token request (RFC 8628 3.4)', async () => {
    const { result, server } = ask(device, pending)
    await result
    expect(server.requests).toMatchObject([
      {
        parameters: {
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          device_code: 'GmRhmhcxhwAzkoEqiMEg',
          client_id: 'shop',
        },
      },
    ])
  })

  it('has the caller’s headers and parameters too', async () => {
    const more = { headers: { 'x-tenant': 'north' }, additionalParameters: { resource: 'https://api.example.com' } }
    const { result, server } = ask(ciba, pending, more)
    await result
    expect(server.requests).toMatchObject([
      {
        headers: { 'x-tenant': 'north' },
        parameters: { resource: 'https://api.example.com', auth_req_id: '1c266114' },
      },
    ])
  })

  it('is not sent before it is due (CIBA Core 10.1, RFC 8628 3.5)', async () => {
    for (const transaction of [ciba, device]) {
      const { result, server, clock } = ask(transaction, pending, { clock: virtualClock(transaction.nextPollAt - 1) })
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => result)
      expect(server.requests).toEqual([])
      expect(clock.sleeping).toBe(0)
    }
  })

  it('is not sent after expires_in has passed (CIBA Core 7.3, RFC 8628 3.5)', async () => {
    for (const [transaction, rule] of [[ciba, CIBA_EXPIRY] as const, [device, DEVICE_EXPIRY] as const]) {
      const clock = virtualClock(transaction.expiresAt)
      const server = tokenServer(clock, pending)
      const options = { clientAuthentication: None(), clock, ...server.options }
      const error = await refuses(rule, () => pollOnce(as, client, transaction, options))
      expect(error).toMatchObject({ code: 'OAUTH_TRANSACTION_EXPIRED', actual: transaction.expiresAt })
      // the second of the two is the one that refuses() sends without the rule
      expect(server.requests).toHaveLength(1)
    }
  })

  it('is not sent for a client that is registered for push (CIBA Core 11)', async () => {
    const pushed = { ...client, backchannel_token_delivery_mode: 'push' }
    const { result, server } = ask(ciba, pending, {}, pushed)
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => result)
    expect(server.requests).toEqual([])
    // how CIBA is delivered says nothing about devices
    expect(await ask(device, pending, {}, pushed).result).toMatchObject({ status: 'pending' })
  })

  it('is sent for a client that is registered for ping, which may also poll (CIBA Core 10.1)', async () => {
    const pinged = { ...client, backchannel_token_delivery_mode: 'ping' }
    expect(await ask(ciba, pending, {}, pinged).result).toMatchObject({ status: 'pending' })
  })

  it.each([
    ['answerTimeout', 29, 'ERR_INVALID_ARG_VALUE'],
    ['answerTimeout', '40', 'ERR_INVALID_ARG_TYPE'],
    ['answerTimeout', Infinity, 'ERR_INVALID_ARG_TYPE'],
    ['headers', { authorization: 'Bearer x' }, 'ERR_INVALID_ARG_VALUE'],
    ['DPoP', {}, 'ERR_INVALID_ARG_VALUE'],
  ] as const)('is not sent with a wrong option: %s %j', async (name, value, code) => {
    const { result, server } = ask(ciba, pending, { [name]: value })
    await isCallersMistake(code, () => result)
    expect(server.requests).toEqual([])
  })

  it('is counted from when it was sent, also where authenticating the client took long', async () => {
    const clientAuthentication = () => polled.clock.sleep(3000, undefined)
    const polled: Polled<CibaTransaction> = ask(ciba, pending, { clientAuthentication })
    expect(await polled.result).toMatchObject({ transaction: { lastRequestAt: ciba.nextPollAt + 3000 } })
  })

  it('is not sent about a server or a client that is none, whatever else is wrong', async () => {
    const nothing = undefined as never
    const told = (...args: Parameters<typeof pollOnce>) => rejectionOf(() => pollOnce(...args))
    const noServer = await told(nothing, client, ciba, { clientAuthentication: None() })
    expect(noServer).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(await told(nothing, nothing, nothing, nothing)).toEqual(noServer)
    const noClient = await told(as, nothing, ciba, { clientAuthentication: None() })
    expect(noClient).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' })
    expect(await told(as, nothing, nothing, nothing)).toEqual(noClient)
  })

  it('is not sent about what is no transaction', async () => {
    const clock = virtualClock()
    const server = tokenServer(clock, pending)
    const options = { clientAuthentication: None(), clock, ...server.options }
    const act = (transaction: unknown) => pollOnce(as, client, transaction as PollingTransaction, options)
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => act(undefined))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => act({ ...ciba, nextPollAt: null }))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => pollOnce(as, client, ciba, undefined as never))
    expect(server.requests).toEqual([])
  })
})

describe('authorization_pending (CIBA Core 11, RFC 8628 3.5)', () => {
  it.each([ciba, device])('keeps the transaction and its interval', async (transaction) => {
    const at = transaction.nextPollAt
    expect(await ask(transaction, pending).result).toEqual({
      status: 'pending',
      transaction: { ...transaction, lastRequestAt: at, nextPollAt: at + 5000 },
    })
  })

  it('begins a full interval at the answer, where that came within the interval: later than CIBA Core 10.1 asks', async () => {
    const next = await after(ciba, late(pending, 4999))
    expect(next).toMatchObject({ lastRequestAt: T0 + 5000, nextPollAt: T0 + 9999 + 5000 })
  })

  it('makes the next request due at once, where the answer took the interval or longer (CIBA Core 10.1)', async () => {
    expect(await after(ciba, late(pending, 5000))).toMatchObject({ nextPollAt: T0 + 10_000 })
    expect(await after(ciba, late(pending, 30_000))).toMatchObject({ nextPollAt: T0 + 35_000 })
  })

  it('counts the interval from the request where that is asked for (CIBA Core 10.1)', async () => {
    const options = { intervalFrom: 'request' } as const
    expect(await after(ciba, late(pending, 2000), options)).toMatchObject({ nextPollAt: T0 + 10_000 })
    const long = await after(ciba, late(pending, 30_000), options)
    expect(long.nextPollAt).toBeLessThanOrEqual(T0 + 35_000)
  })

  it('ends a row of failures, and shows that nothing was redeemed (CIBA Core 10.1.1)', async () => {
    const doubtful = { ...ciba, failures: 4, unanswered: true }
    expect(await after(doubtful, pending)).toMatchObject({ failures: 0, unanswered: false })
  })

  it('is an error document with any status from 400 to 499 (CIBA Core 11)', async () => {
    for (const status of [400, 401, 403, 428, 429]) {
      const step = answers(() => oauthError('authorization_pending', status))
      expect(await ask(ciba, step).result).toMatchObject({ status: 'pending' })
    }
  })

  it('makes no request due after the transaction has expired', async () => {
    const last = { ...ciba, nextPollAt: ciba.expiresAt - 1 }
    expect(await after(last, pending)).toMatchObject({ nextPollAt: ciba.expiresAt })
  })

  it('gives JSON, which stands for the same transaction', async () => {
    for (const transaction of [ciba, { ...ciba, acr_values: 'gold' }, device]) {
      const next = await after(transaction, late(pending, 7))
      expect(JSON.parse(JSON.stringify(next))).toEqual(next)
    }
  })
})

describe('slow_down (CIBA Core 11, RFC 8628 3.5)', () => {
  it.each([ciba, device])('adds 5 seconds for this and all later requests', async (transaction) => {
    const at = transaction.nextPollAt
    const result = await ask(transaction, slowDown).result
    expect(result).toMatchObject({
      status: 'slower',
      reason: 'slow_down',
      transaction: { interval: 10, nextPollAt: at + 10_000, failures: 0, unanswered: false },
    })
    expect(result).toHaveProperty('error', expect.any(ResponseBodyError))
    if (result.status === 'done') throw new Error('over')
    expect(await after(result.transaction, slowDown)).toMatchObject({ interval: 15, nextPollAt: at + 25_000 })
    expect(await after(result.transaction, pending)).toMatchObject({ interval: 10, nextPollAt: at + 20_000 })
  })

  it('makes the next request wait also where its answer took long', async () => {
    expect(await after(ciba, late(slowDown, 20_000))).toMatchObject({ nextPollAt: T0 + 25_000 + 10_000 })
  })

  it('counts from the request where that is asked for (CIBA Core 10.1)', async () => {
    const next = await after(ciba, late(slowDown, 2000), { intervalFrom: 'request' })
    expect(next).toMatchObject({ interval: 10, nextPollAt: T0 + 15_000 })
  })

  it('waits longer where the answer also names a time (RFC 9110 10.2.3)', async () => {
    const step = answers(() => oauthError('slow_down', 429, { 'retry-after': '30' }))
    expect(await ask(ciba, step).result).toMatchObject({
      reason: 'slow_down',
      transaction: { interval: 10, nextPollAt: T0 + 35_000 },
    })
  })
})

describe('any other error of the server', () => {
  it.each([
    'access_denied',
    'expired_token',
    'invalid_grant',
    'invalid_request',
    'invalid_client',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
    'x-of-the-server',
  ])('%s ends it (CIBA Core 11, RFC 8628 3.5)', async (word) => {
    for (const transaction of [ciba, device]) {
      const { result, server } = ask(transaction, [answers(() => oauthError(word)), success])
      const error = await rejectionOf(() => result)
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: word })
      expect(server.requests).toHaveLength(1)
    }
  })

  it('ends it also where the status is 429 (CIBA Core 11)', async () => {
    const error = await rejectionOf(
      () =>
        ask(
          ciba,
          answers(() => oauthError('access_denied', 429)),
        ).result,
    )
    expect(error).toMatchObject({ error: 'access_denied', status: 429 })
  })

  it('ends it as a challenge (RFC 9110 11.6.1)', async () => {
    const step = answers(() => oauthError('invalid_client', 401, { 'www-authenticate': 'Basic realm="op"' }))
    const error = await rejectionOf(() => ask(ciba, step).result)
    expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
  })

  it.each([204, 302, 403, 404])('ends it as a status of %s, which leaves the body to be read', async (status) => {
    const answer = new Response(status === 204 ? null : 'a proxy', { status, headers: { 'content-type': 'text/html' } })
    const error = await rejectionOf(
      () =>
        ask(
          ciba,
          answers(() => answer),
        ).result,
    )
    expect(error).toMatchObject({ status, code: expect.stringMatching(/^OAUTH_RESPONSE_IS_NOT_/) })
    expect(await answer.text()).toBe(status === 204 ? '' : 'a proxy')
  })
})

describe('a fault of the server', () => {
  const busy = (status: number, headers: Record<string, string> = {}): Step =>
    answers(() => new Response('busy', { status, headers }))

  it.each([503, 429, 500])('%s with Retry-After is left alone for so long (CIBA Core 10.1)', async (status) => {
    expect(await ask(ciba, busy(status, { 'retry-after': '42' })).result).toMatchObject({
      status: 'slower',
      reason: 'retry_after',
      transaction: { interval: 5, failures: 1, nextPollAt: T0 + 5000 + 42_000 },
      error: { status },
    })
  })

  it('is left alone until a date (RFC 9110 10.2.3)', async () => {
    const date = new Date(T0 + 65_000).toUTCString()
    expect(await after(ciba, busy(503, { 'retry-after': date }))).toMatchObject({ nextPollAt: T0 + 65_000 })
  })

  it('is not asked again within the interval, whatever time it names', async () => {
    expect(await after(ciba, busy(503, { 'retry-after': '0' }))).toMatchObject({ nextPollAt: T0 + 10_000 })
  })

  it('names no time after the transaction has expired', async () => {
    const next = await after(ciba, busy(503, { 'retry-after': '9'.repeat(400) }))
    expect(next.nextPollAt).toBe(ciba.expiresAt)
  })

  it.each([500, 501, 502, 503, 504, 521, 429])('%s without a time is waited for ever longer', async (status) => {
    expect(await ask(ciba, busy(status)).result).toMatchObject({
      status: 'slower',
      reason: 'server_error',
      transaction: { interval: 5, failures: 1, nextPollAt: T0 + 10_000 },
      error: { status },
    })
  })

  it('is told by its status, whatever its body and its headers say', async () => {
    for (const step of [
      answers(() => oauthError('access_denied', 500)),
      busy(503, { 'www-authenticate': 'Basic realm="proxy"' }),
    ]) {
      expect(await ask(ciba, step).result).toMatchObject({ status: 'slower', reason: 'server_error' })
    }
  })

  it.each([
    [500, true],
    [502, true],
    [504, true],
    [503, false],
    [429, false],
  ])('%s may hide that the tokens were given out: %s (CIBA Core 10.1.1)', async (status, unanswered) => {
    expect(await after(ciba, busy(status))).toMatchObject({ unanswered })
    expect(await after({ ...ciba, unanswered: true }, busy(status))).toMatchObject({ unanswered: true })
  })

  it('needs no body', async () => {
    const { result } = ask(
      ciba,
      answers(() => new Response(null, { status: 503 })),
    )
    expect(await result).toMatchObject({ status: 'slower', reason: 'server_error' })
  })

  it('does not hold its connection: the body is cancelled', async () => {
    let cancelled = false
    const body = new ReadableStream({ cancel: () => void (cancelled = true) })
    await ask(
      ciba,
      answers(() => new Response(body, { status: 503 })),
    ).result
    expect(cancelled).toBe(true)
  })

  it('may end the cancelling of its body with an error', async () => {
    const body = new ReadableStream({ cancel: () => Promise.reject(new Error('reset')) })
    const { result } = ask(
      ciba,
      answers(() => new Response(body, { status: 503 })),
    )
    expect(await result).toMatchObject({ reason: 'server_error' })
  })
})

describe('a fault of the network', () => {
  it('that keeps the request from being answered is waited for, and leaves it in doubt', async () => {
    const result = await ask(ciba, late(unreachable, 300)).result
    expect(result).toMatchObject({
      status: 'slower',
      reason: 'network',
      transaction: { failures: 1, unanswered: true, lastRequestAt: T0 + 5000, nextPollAt: T0 + 5300 + 5000 },
    })
    expect(result).toHaveProperty('error', new TypeError('fetch failed'))
  })

  it.each([
    [200, 'of success'],
    [400, 'of error'],
  ])('that breaks the body off does too, with the status %s %s', async (status) => {
    const headers = { 'content-type': 'application/json' }
    const step = answers(() => new Response(bodyOf('{"error":', new Error('reset')), { status, headers }))
    expect(await ask(ciba, step).result).toMatchObject({
      reason: 'network',
      error: { rule: 'response.body' },
      transaction: { failures: 1, unanswered: true },
    })
  })

  it('is an answer that has not come after 35 seconds; the request is cancelled (CIBA Core 10.1)', async () => {
    const { result, clock } = ask(ciba, silence)
    expect(await result).toMatchObject({
      status: 'slower',
      reason: 'network',
      error: { name: 'TimeoutError' },
      transaction: { unanswered: true, nextPollAt: T0 + 40_000 + 5000 },
    })
    expect(clock.slept).toEqual([35_000])
  })

  it('is a body that has not come by then', async () => {
    const body = new ReadableStream<Uint8Array>({})
    const step = answers(() => new Response(body, { headers: { 'content-type': 'application/json' } }))
    expect(await ask(ciba, step, { answerTimeout: 30 }).result).toMatchObject({
      reason: 'network',
      error: { name: 'TimeoutError' },
      transaction: { nextPollAt: T0 + 35_000 + 5000 },
    })
  })

  it('is no answer that comes after 30 seconds (CIBA Core 10.1)', async () => {
    const { result } = ask(ciba, late(success, 30_000))
    expect(await result).toMatchObject({ status: 'done' })
    const patient = ask(ciba, late(success, 59_000), { answerTimeout: 60 })
    expect(await patient.result).toMatchObject({ status: 'done' })
  })

  it('is not in doubt where nothing was sent: what authenticates the client had no answer', async () => {
    let prove = () => {}
    const clientAuthentication = () => new Promise<void>((resolve) => (prove = resolve))
    const { result, server } = ask(ciba, success, { clientAuthentication })
    expect(await result).toMatchObject({ reason: 'network', transaction: { unanswered: false, failures: 1 } })
    prove()
    await new Promise(setImmediate)
    expect(server.requests).toEqual([])
  })

  it('is none where the client cannot authenticate at all: that ends it', async () => {
    const failure = new Error('the key store is closed')
    const { result, server } = ask(ciba, success, { clientAuthentication: () => Promise.reject(failure) })
    expect(await rejectionOf(() => result)).toBe(failure)
    expect(server.requests).toEqual([])
  })
})

describe('the wait after faults in a row', () => {
  async function waits(random: number, interval: number, step: Step): Promise<number[]> {
    let transaction = { ...ciba, interval, expiresAt: T0 + 10_000_000 }
    const seconds: number[] = []
    for (let failures = 1; failures <= 6; failures++) {
      transaction = await after(transaction, step, { random: () => random })
      expect(transaction).toMatchObject({ failures, interval })
      seconds.push((transaction.nextPollAt - Number(transaction.lastRequestAt)) / 1000)
    }
    return seconds
  }

  it.each([
    [5, [5, 10, 20, 30, 30, 30], [10, 20, 40, 60, 60, 60]],
    [1, [1, 2, 4, 8, 16, 30], [2, 4, 8, 16, 32, 60]],
    [40, [40, 40, 40, 40, 40, 40], [60, 60, 60, 60, 60, 60]],
    [90, [90, 90, 90, 90, 90, 90], [90, 90, 90, 90, 90, 90]],
  ])('doubles from an interval of %s up to a minute, by chance, and is never below it', async (interval, from, to) => {
    for (const step of [unreachable, answers(() => new Response('', { status: 500 }))]) {
      expect(await waits(0, interval, step)).toEqual(from)
      expect(await waits(1, interval, step)).toEqual(to)
    }
  })

  it('is by chance unless the caller gives the numbers', async () => {
    const next = await after(ciba, unreachable, { random: undefined as never })
    expect(next.nextPollAt).toBeGreaterThanOrEqual(T0 + 10_000)
    expect(next.nextPollAt).toBeLessThanOrEqual(T0 + 15_000)
  })

  it.each([unreachable, silence])('doubles the interval of a device itself, for good (RFC 8628 3.5)', async (step) => {
    const once = await after(device, step, { random: () => 1 })
    expect(once).toMatchObject({ interval: 10, failures: 1, unanswered: true })
    const answeredAt = device.nextPollAt + (step === silence ? 35_000 : 0)
    expect(once.nextPollAt).toBe(answeredAt + 10_000)
    expect(await after(once, step)).toMatchObject({ interval: 20, failures: 2 })
    expect(await after(once, pending)).toMatchObject({ interval: 10, failures: 0 })
  })

  it('leaves the interval of a device alone after an answer of 500', async () => {
    const step = answers(() => new Response('', { status: 500 }))
    expect(await after(device, step, { random: () => 1 })).toMatchObject({
      interval: 5,
      nextPollAt: device.nextPollAt + 10_000,
    })
  })
})

describe('a request that went without answer', () => {
  const doubtful = [
    { ...ciba, unanswered: true },
    { ...device, unanswered: true },
  ]

  it.each(['invalid_grant', 'access_denied'])('may be what %s is about (CIBA Core 10.1.1)', async (word) => {
    for (const transaction of doubtful) {
      // without the rule the server's error is what it rejects with, and that is no rule
      const error = await refuses(
        LOST_ANSWER,
        () =>
          ask(
            transaction,
            answers(() => oauthError(word)),
          ).result,
      )
      expect(error).toMatchObject({ code: 'OAUTH_ANSWER_LOST', actual: word })
      expect(error.cause).toBeInstanceOf(ResponseBodyError)
      expect(error.cause).toMatchObject({ error: word })
    }
  })

  it('may be why nothing came before it expired', async () => {
    for (const [transaction, expiry] of [
      [doubtful[0], CIBA_EXPIRY],
      [doubtful[1], DEVICE_EXPIRY],
    ] as const) {
      const { expiresAt } = transaction ?? ciba
      const act = () => ask({ ...(transaction ?? ciba), nextPollAt: expiresAt }, success).result
      await refuses(LOST_ANSWER, act, expiry)
    }
  })

  it.each(['expired_token', 'invalid_request', 'unauthorized_client'])('is not what %s is about', async (word) => {
    const error = await rejectionOf(
      () =>
        ask(
          { ...ciba, unanswered: true },
          answers(() => oauthError(word)),
        ).result,
    )
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(error).toMatchObject({ error: word })
  })

  it('stays in doubt through a fault, and is over with the tokens', async () => {
    expect(await after({ ...ciba, unanswered: true }, unreachable)).toMatchObject({ unanswered: true })
    expect(await ask({ ...ciba, unanswered: true }, success).result).toMatchObject({ status: 'done' })
  })
})

describe('the tokens', () => {
  const idToken = (changes: Parameters<typeof idTokenClaims>[0]) => unsignedJwt(idTokenClaims(changes))
  const tokens = (changes: Parameters<typeof tokenBody>[0]) => answers(() => json(tokenBody(changes)))

  it.each([ciba, device])(
    'come with their claims and their answer (CIBA Core 10.1.1, RFC 8628 3.5)',
    async (transaction) => {
      const result = await ask(transaction, success).result
      if (result.status !== 'done') throw new Error('the transaction is not over')
      expect(Object.keys(result)).toEqual(['status', 'tokens', 'response'])
      expect(result.tokens).toMatchObject({ access_token: 'access', token_type: 'bearer' })
      expect(getValidatedIdTokenClaims(result.tokens)).toMatchObject({ iss: as.issuer, sub: 'anna' })
      expect(result.response).toBeInstanceOf(Response)
    },
  )

  it('of CIBA are refused without an ID Token (CIBA Core 10.1.1, OIDC Core 3.1.3.3)', async () => {
    await refuses(ID_TOKEN_EXPECTED, () => ask(ciba, tokens({ id_token: undefined })).result)
  })

  it('of a device need no ID Token (RFC 8628 3.5)', async () => {
    expect(await ask(device, tokens({ id_token: undefined })).result).toMatchObject({ status: 'done' })
  })

  it('are held to every rule of a token response (RFC 6749 5.1, OIDC Core 3.1.3.7)', async () => {
    await refuses(ACCESS_TOKEN, () => ask(ciba, tokens({ access_token: undefined })).result)
    await refuses(ID_TOKEN_AUDIENCE, () => ask(ciba, tokens({ id_token: idToken({ aud: 'bank' }) })).result)
  })

  it('are refused with another acr than was insisted on (FAPI-CIBA 5.2.3.1 item 3, OIDC Core 3.1.3.7 item 12)', async () => {
    const strict = { ...ciba, acr_values: 'gold silver' }
    for (const [, acr] of [
      ...everyTypeBut('a text'),
      ['another', 'bronze'],
      ['both', 'gold silver'],
      ['more', 'golden'],
    ]) {
      const error = await refuses(ID_TOKEN_ACR, () => ask(strict, tokens({ id_token: idToken({ acr }) })).result)
      expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', expected: ['gold', 'silver'] })
    }
    for (const acr of ['gold', 'silver']) {
      const { result } = ask(strict, tokens({ id_token: idToken({ acr }) }))
      expect(await result).toMatchObject({ status: 'done' })
    }
  })

  it.each([
    ['bronze', 'bronze'],
    [undefined, 'missing'],
    [['bronze'], 'an array'],
    [{ name: 'Anna' }, 'an object'],
  ])('name an acr of %j as %j in the refusal: what is no name may be about the person', async (acr, actual) => {
    const strict = { ...ciba, acr_values: 'gold' }
    const error = await refuses(ID_TOKEN_ACR, () => ask(strict, tokens({ id_token: idToken({ acr }) })).result)
    expect(error).toMatchObject({ actual })
  })

  it('may have any acr where none was insisted on', async () => {
    expect(await ask(ciba, tokens({ id_token: idToken({ acr: 'bronze' }) })).result).toMatchObject({ status: 'done' })
  })

  it('are decrypted and recognized as the options say', async () => {
    const options = {
      [jweDecrypt]: () => Promise.resolve(idToken({ sub: 'inside' })),
      recognizedTokenTypes: { mac: () => undefined },
    }
    const result = await ask(ciba, tokens({ id_token: 'a.b.c.d.e', token_type: 'MAC' }), options).result
    expect(result).toMatchObject({ status: 'done', tokens: { token_type: 'mac' } })
  })

  it('are told to the trace of the client, check by check', async () => {
    const events: CheckEvent[] = []
    const traced = { ...client, [trace]: (event: CheckEvent) => void events.push(event) }
    await ask({ ...ciba, acr_values: 'gold' }, tokens({ id_token: idToken({ acr: 'gold' }) }), {}, traced).result
    expect(events.filter(({ passed }) => !passed)).toEqual([])
    expect(events.map(({ rule }) => rule).slice(0, 2)).toEqual([LOST_ANSWER.id, CIBA_EXPIRY.id])
    expect(events.map(({ rule }) => rule).slice(-2)).toEqual([ID_TOKEN_EXPECTED.id, ID_TOKEN_ACR.id])
  })
})

describe('a caller’s signal', () => {
  it('that has aborted keeps the request from being sent', async () => {
    const reason = new Error('not wanted')
    const { result, server } = ask(ciba, success, { signal: AbortSignal.abort(reason) })
    expect(await rejectionOf(() => result)).toBe(reason)
    expect(server.requests).toEqual([])
  })

  it('aborts the request at once, also one that does not listen', async () => {
    for (const step of [silence, answers(() => new Response(new ReadableStream({})))]) {
      const controller = new AbortController()
      const { result, server, clock } = ask(ciba, step, { signal: controller.signal })
      void clock.sleep(1000, undefined).then(() => controller.abort('enough'))
      expect(await rejectionOf(() => result)).toBe('enough')
      expect(server.requests).toHaveLength(1)
    }
  })

  it('leaves a reason to be made up where the runtime keeps none', async () => {
    const signal = { aborted: true } as AbortSignal
    expect(await rejectionOf(() => ask(ciba, success, { signal }).result)).toMatchObject({ name: 'AbortError' })
  })

  it('of the request does not abort when all is done: an unread body is the caller’s to read', async () => {
    let signal: AbortSignal | undefined
    const { options } = tokenServer(
      virtualClock(),
      answers(() => oauthError('access_denied')),
    )
    const { result } = ask(ciba, success, {
      [customFetch](url, request) {
        signal = request.signal
        return options[customFetch](url, request)
      },
    })
    expect(await rejectionOf(() => result)).toMatchObject({ error: 'access_denied' })
    await new Promise(setImmediate)
    expect(signal?.aborted).toBe(false)
  })

  it('is let go of when the answer is there, and so is the time limit', async () => {
    const { signal } = new AbortController()
    let listening = 0
    const counted = {
      get aborted() {
        return signal.aborted
      },
      addEventListener: () => listening++,
      removeEventListener: () => listening--,
    } as unknown as AbortSignal
    const { result, clock } = ask(ciba, pending, { signal: counted })
    await result
    expect(listening).toBe(0)
    expect(clock.sleeping).toBe(0)
    await ask(ciba, pending, { signal }).result
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('use_dpop_nonce (RFC 9449 8)', () => {
  const wantsNonce = answers(() => oauthError('use_dpop_nonce', 400, { 'dpop-nonce': 'n-1' }))
  const challenges = answers(() =>
    oauthError('x', 401, { 'dpop-nonce': 'n-1', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }),
  )

  function nonceOf({ headers }: TokenServer['requests'][number]): unknown {
    const [, claims = ''] = (headers.dpop ?? '').split('.')
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { nonce?: string }).nonce
  }

  /** As `ask`, with a key; the signing of proofs takes time that a virtual clock knows nothing of. */
  async function askBound(steps: readonly [Step, ...Step[]]) {
    const clock = virtualClock(ciba.nextPollAt)
    const server = tokenServer(clock, ...steps)
    const handle = DPoP(client, await generateKeyPair('ES256'))
    const options = { clientAuthentication: None(), DPoP: handle, clock, ...server.options }
    return { result: pollOnce(as, client, ciba, options), server, clock }
  }

  it.each([wantsNonce, challenges])('is met by one more request with the nonce, at once', async (step) => {
    const { result, server } = await askBound([step, pending])
    expect(await result).toMatchObject({ status: 'pending' })
    expect(server.requests.map(nonceOf)).toEqual([undefined, 'n-1'])
    expect(server.requests.map(({ at }) => at)).toEqual([ciba.nextPollAt, ciba.nextPollAt])
  })

  it.each([wantsNonce, challenges])('is met once: a second time it ends the transaction', async (step) => {
    const { result, server } = await askBound([step, step, success])
    expect(await rejectionOf(() => result)).toMatchObject({ response: { status: expect.any(Number) } })
    expect(server.requests).toHaveLength(2)
  })

  it('is not met where the server fails, which is waited for', async () => {
    const headers = { 'dpop-nonce': 'n-1', 'www-authenticate': 'DPoP error="use_dpop_nonce"' }
    const { result, server } = await askBound([answers(() => oauthError('use_dpop_nonce', 503, headers)), pending])
    expect(await result).toMatchObject({ status: 'slower' })
    expect(server.requests).toHaveLength(1)
  })

  it('is not met after the transaction has expired', async () => {
    const expiring = answers(() => {
      clock.set(ciba.expiresAt)
      return oauthError('use_dpop_nonce', 400, { 'dpop-nonce': 'n-1' })
    })
    const { result, server, clock } = await askBound([expiring, success])
    expect(await rejectionOf(() => result)).toMatchObject({ rule: CIBA_EXPIRY.id })
    expect(server.requests).toHaveLength(1)
  })

  it('ends the transaction where no proof was sent', async () => {
    const { result, server } = ask(ciba, [wantsNonce, success])
    expect(await rejectionOf(() => result)).toMatchObject({ error: 'use_dpop_nonce' })
    expect(server.requests).toHaveLength(1)
  })
})
