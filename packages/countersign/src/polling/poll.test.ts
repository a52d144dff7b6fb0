import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { customFetch } from '../http/options.ts'
import { as, client } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
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
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import type { PollOptions } from './options.ts'
import { poll, type PollOutcome } from './poll.ts'
import { CIBA_EXPIRY, DEVICE_EXPIRY, LOST_ANSWER } from './polling.rules.ts'
import type { PollPending, PollSlower } from './result.ts'
import {
  type CibaTransaction,
  cibaTransaction,
  type DeviceTransaction,
  deviceTransaction,
  type PollingTransaction,
} from './transaction.ts'

const T0 = 1_700_000_000_000
const ciba = cibaTransaction({ auth_req_id: '1c266114', expires_in: 120 }, T0)
const device = deviceTransaction(
  {
    device_code: 'GmRhmhcxhwAzk',
    user_code: 'WDJB-MJHT',
    verification_uri: 'https://op.example.com/device',
    expires_in: 120,
  },
  T0,
)

type Steps = readonly [Step, ...Step[]]

interface Polling {
  readonly outcome: Promise<PollOutcome>
  readonly server: TokenServer
  readonly clock: VirtualClock
  /** When each request was sent, in seconds after the transaction began. */
  sentAt(): number[]
}

function start<T extends PollingTransaction>(
  transaction: T,
  steps: Steps,
  options: Partial<PollOptions<T>> = {},
  clock = virtualClock(T0),
): Polling {
  const server = tokenServer(clock, ...steps)
  const all = { clientAuthentication: None(), clock, random: () => 0, ...server.options, ...options }
  return {
    outcome: clock.until(poll(as, client, transaction, all)),
    server,
    clock,
    sentAt: () => server.requests.map(({ at }) => (at - T0) / 1000),
  }
}

const late = (step: Step, latency: number): Step => ({ ...step, latency })
const answers = (answer: () => Response): Step => ({ answer })
const busy = (status: number, headers: Record<string, string> = {}): Step =>
  answers(() => new Response('busy', { status, headers }))

describe('poll', () => {
  it.each([ciba, device])(
    'gives the tokens when the person has approved (CIBA Core 10.1.1, RFC 8628 3.5)',
    async (transaction) => {
      const { outcome, server } = start(transaction, [pending, pending, success])
      const { tokens, response, ...more } = await outcome
      expect(more).toEqual({})
      expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: as.issuer, sub: 'anna' })
      expect(response).toBeInstanceOf(Response)
      expect(server.requests).toHaveLength(3)
    },
  )

  it('asks first a full interval after the request was sent, and then every interval (CIBA Core 10.1)', async () => {
    const { outcome, sentAt } = start(ciba, [pending, pending, success])
    await outcome
    expect(sentAt()).toEqual([5, 10, 15])
  })

  it('sleeps again where its clock wakes it before the time', async () => {
    const clock = virtualClock(T0)
    let early = true
    const hasty = {
      now: clock.now,
      sleep(milliseconds: number, signal: AbortSignal | undefined) {
        if (!early) return clock.sleep(milliseconds, signal)
        early = false
        return Promise.resolve()
      },
    }
    const { outcome, sentAt } = start(ciba, [success], { clock: hasty }, clock)
    await outcome
    expect(sentAt()).toEqual([5])
  })

  it('asks at once about a transaction that has waited in a store', async () => {
    const { outcome, sentAt } = start(ciba, [success], {}, virtualClock(T0 + 60_000))
    await outcome
    expect(sentAt()).toEqual([60])
  })

  it('counts an interval from a quick answer, and none behind a slow one (CIBA Core 10.1)', async () => {
    const { outcome, sentAt } = start(ciba, [late(pending, 2000), late(pending, 30_000), success])
    await outcome
    expect(sentAt()).toEqual([5, 12, 42])
  })

  it('counts it from the request where that is asked for (CIBA Core 10.1)', async () => {
    const { outcome, sentAt } = start(ciba, [late(pending, 2000), late(pending, 30_000), success], {
      intervalFrom: 'request',
    })
    await outcome
    expect(sentAt()).toEqual([5, 10, 40])
  })

  it('has one request under way at most, however slow the answers are (CIBA Core 10.1)', async () => {
    const { outcome, server } = start(ciba, [late(pending, 25_000), silence, late(pending, 6000), success])
    await outcome
    expect(server.requests).toHaveLength(4)
    expect(server.atOnce).toBe(1)
  })

  it.each([ciba, device])('is slower for good after slow_down (CIBA Core 11, RFC 8628 3.5)', async (transaction) => {
    const { outcome, sentAt } = start(transaction, [slowDown, pending, slowDown, pending, success])
    await outcome
    expect(sentAt()).toEqual([5, 15, 25, 40, 55])
  })

  it('goes on through faults of the network and the server (CIBA Core 10.1)', async () => {
    const steps = [unreachable, busy(502), silence, busy(503, { 'retry-after': '20' }), pending, success] as const
    const { outcome, sentAt } = start(ciba, steps)
    await outcome
    // 5 s, 10 s, 20 s behind the 35 s without answer, 30 s by doubling, and the interval again
    expect(sentAt()).toEqual([5, 10, 20, 75, 105, 110])
  })

  it('asks a device’s server half as often after each connection timeout (RFC 8628 3.5)', async () => {
    const { outcome, sentAt } = start(device, [unreachable, unreachable, pending, success])
    await outcome
    expect(sentAt()).toEqual([5, 15, 35, 55])
  })

  it.each(['access_denied', 'expired_token', 'invalid_grant', 'invalid_request', 'unauthorized_client'])(
    'ends with %s, and asks no more (CIBA Core 11, RFC 8628 3.5)',
    async (word) => {
      const { outcome, server, clock } = start(ciba, [pending, answers(() => oauthError(word)), success])
      const error = await rejectionOf(() => outcome)
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ error: word })
      expect(server.requests).toHaveLength(2)
      expect(clock.sleeping).toBe(0)
    },
  )

  it('tells a lost answer from a refusal (CIBA Core 10.1.1)', async () => {
    const steps = [unreachable, answers(() => oauthError('access_denied'))] as const
    await refuses(LOST_ANSWER, () => start(ciba, steps).outcome)
  })

  it.each([
    [ciba, CIBA_EXPIRY],
    [device, DEVICE_EXPIRY],
  ] as const)('stops by itself when expires_in has passed (CIBA Core 7.3, RFC 8628 3.5)', async (transaction, rule) => {
    const { outcome, sentAt, clock } = start(transaction, [pending])
    expect(await rejectionOf(() => outcome)).toMatchObject({ rule: rule.id, code: 'OAUTH_TRANSACTION_EXPIRED' })
    expect(sentAt().at(-1)).toBe(115)
    expect(clock.sleeping).toBe(0)
  })

  it('stops at once where the next request would be due after that', async () => {
    const { outcome, clock } = start(ciba, [busy(503, { 'retry-after': '3600' })])
    expect(await rejectionOf(() => outcome)).toMatchObject({ rule: CIBA_EXPIRY.id })
    expect(clock.now()).toBe(T0 + 5000)
  })

  it.each([ciba, device])('takes what went without answer until then for lost', async (transaction) => {
    const { outcome } = start(transaction, [unreachable])
    expect(await rejectionOf(() => outcome)).toMatchObject({ rule: LOST_ANSWER.id, code: 'OAUTH_ANSWER_LOST' })
  })

  it('rejects for a wrong argument, and never throws', async () => {
    const options = { clientAuthentication: None() }
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => poll(as, client, undefined as never, options))
    await isCallersMistake('ERR_INVALID_ARG_TYPE', () => poll(as, client, ciba, undefined as never))
    const outcome = poll(as, { ...client, backchannel_token_delivery_mode: 'push' }, ciba, options)
    expect(outcome).toBeInstanceOf(Promise)
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => outcome)
  })
})

describe('onProgress', () => {
  type Progress = PollPending<CibaTransaction> | PollSlower<CibaTransaction>

  it('gets each result but the last, with the transaction to store', async () => {
    const results: Progress[] = []
    const { outcome } = start(ciba, [pending, slowDown, busy(500), success], {
      onProgress: (result) => results.push(result),
    })
    await outcome
    expect(results).toMatchObject([
      { status: 'pending', transaction: { interval: 5, nextPollAt: T0 + 10_000 } },
      { status: 'slower', reason: 'slow_down', transaction: { interval: 10, nextPollAt: T0 + 20_000 } },
      { status: 'slower', reason: 'server_error', transaction: { failures: 1, nextPollAt: T0 + 30_000 } },
    ])
  })

  it('gives a transaction to go on from in another process', async () => {
    let stored = ''
    const stop = new AbortController()
    const first = start(ciba, [slowDown, pending], {
      signal: stop.signal,
      onProgress({ transaction }) {
        stored = JSON.stringify(transaction)
        if (transaction.nextPollAt === T0 + 25_000) stop.abort()
      },
    })
    expect(await rejectionOf(() => first.outcome)).toMatchObject({ name: 'AbortError' })
    const second = start(JSON.parse(stored) as CibaTransaction, [pending, success], {}, first.clock)
    await second.outcome
    expect(second.sentAt()).toEqual([25, 35])
  })

  it('keeps what else the caller’s transaction holds', async () => {
    const own = { ...ciba, basket: 'b-7' }
    const baskets: string[] = []
    await start(own, [pending, pending, success], { onProgress: (result) => baskets.push(result.transaction.basket) })
      .outcome
    expect(baskets).toEqual(['b-7', 'b-7'])
  })

  it('is waited for', async () => {
    const clock = virtualClock(T0)
    const { outcome, sentAt } = start(
      ciba,
      [pending, success],
      { onProgress: () => clock.sleep(8000, undefined) },
      clock,
    )
    await outcome
    expect(sentAt()).toEqual([5, 13])
  })

  it('ends the polling with what it throws', async () => {
    for (const onProgress of [
      () => Promise.reject(new Error('the disk is full')),
      () => {
        throw new Error('the disk is full')
      },
    ]) {
      const { outcome, server } = start(ciba, [pending, success], { onProgress })
      expect(await rejectionOf(() => outcome)).toEqual(new Error('the disk is full'))
      expect(server.requests).toHaveLength(1)
    }
  })
})

describe('a caller’s signal', () => {
  it.each([
    ['before anything', 0, 0],
    ['while it waits', 7000, 1],
    ['while a request is under way', 20_000, 2],
  ])('ends the polling at once with its reason: %s', async (_, milliseconds, requests) => {
    const stop = new AbortController()
    const clock = virtualClock(T0)
    if (milliseconds === 0) stop.abort('enough')
    else void clock.sleep(milliseconds, undefined).then(() => stop.abort('enough'))
    const { outcome, server } = start(ciba, [pending, silence], { signal: stop.signal }, clock)
    expect(await rejectionOf(() => outcome)).toBe('enough')
    expect(clock.now()).toBe(T0 + milliseconds)
    expect(server.requests).toHaveLength(requests)
    expect(clock.sleeping).toBe(0)
  })

  it('is seen where a sleep rejects for it, as those of node:timers/promises do', async () => {
    const stop = new AbortController()
    const clock = { ...virtualClock(T0), sleep: () => Promise.reject(new Error('The operation was aborted')) }
    const outcome = poll(as, client, ciba, { clientAuthentication: None(), clock, signal: stop.signal })
    stop.abort('enough')
    expect(await rejectionOf(() => outcome)).toBe('enough')
  })
})

describe('the clock', () => {
  it('may wake the polling early: it looks at the time, and sleeps on', async () => {
    const clock = virtualClock(T0)
    const hasty: VirtualClock = {
      ...clock,
      sleep: (milliseconds, signal) => clock.sleep(milliseconds > 10 ? milliseconds / 2 : milliseconds, signal),
    }
    const { outcome, sentAt } = start(ciba, [pending, success], {}, hasty)
    await outcome
    expect(sentAt()).toEqual([5, 10])
  })

  it('may wake it late: it has expired then', async () => {
    const clock = virtualClock(T0)
    const lazy: VirtualClock = { ...clock, sleep: (_, signal) => clock.sleep(130_000, signal) }
    const { outcome, server } = start(ciba, [success], {}, lazy)
    expect(await rejectionOf(() => outcome)).toMatchObject({ rule: CIBA_EXPIRY.id })
    expect(server.requests).toEqual([])
  })

  it('may be set back by hours: no wait gets longer, and the transaction lives no longer', async () => {
    const clock = virtualClock(T0)
    const { outcome, server } = start(ciba, [pending], {}, clock)
    const began = clock.slept.length
    void clock.sleep(7000, undefined).then(() => clock.set(T0 - 3_600_000))
    expect(await rejectionOf(() => outcome)).toMatchObject({ rule: CIBA_EXPIRY.id })
    const sent = server.requests.map(({ at }) => at - T0)
    // 5 s, then 10 s by a clock that shows an hour and 7 s less
    expect(sent.slice(0, 3)).toEqual([5000, -3_600_000 + 3000, -3_600_000 + 8000])
    expect(server.requests).toHaveLength(23)
    expect(Math.max(...clock.slept.slice(began + 1))).toBeLessThanOrEqual(35_000)
  })

  it('may be set ahead: the transaction has expired then', async () => {
    const clock = virtualClock(T0)
    const { outcome, server } = start(ciba, [pending], {}, clock)
    void clock.sleep(7000, undefined).then(() => clock.set(T0 + 3_600_000))
    expect(await rejectionOf(() => outcome)).toMatchObject({ rule: CIBA_EXPIRY.id })
    expect(server.requests).toHaveLength(1)
  })

  it('is asked for no sleep longer than a timer can count', async () => {
    const slow = cibaTransaction({ auth_req_id: '1c266114', expires_in: 6_000_000, interval: 5_000_000 }, T0)
    const { outcome, clock, sentAt } = start(slow, [success])
    await outcome
    expect(clock.slept.slice(0, 3)).toEqual([2_147_483_647, 2_147_483_647, 705_032_706])
    expect(sentAt()).toEqual([5_000_000])
  })

  it('ends the polling where it fails', async () => {
    const clock = { ...virtualClock(T0), sleep: () => Promise.reject(new Error('no more time')) }
    const outcome = poll(as, client, ciba, { clientAuthentication: None(), clock })
    expect(await rejectionOf(() => outcome)).toEqual(new Error('no more time'))
  })
})

describe('the clock of the machine', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: T0 })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  /** Polls that answer `authorization_pending` to the first request and `success` to the second. */
  function startReal(options: Partial<PollOptions> = {}, transaction: PollingTransaction = ciba) {
    const sentAt: number[] = []
    const outcome = poll(as, client, transaction, {
      clientAuthentication: None(),
      [customFetch]: () => {
        sentAt.push((Date.now() - T0) / 1000)
        return Promise.resolve((sentAt.length === 1 ? pending : success).answer?.() ?? Response.error())
      },
      ...options,
    })
    outcome.catch(() => undefined)
    return { outcome, sentAt }
  }

  it('has one timer for all who wait, and none when nobody does', async () => {
    expect(vi.getTimerCount()).toBe(0)
    const all = Array.from({ length: 1000 }, () => startReal())
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(vi.getTimerCount()).toBe(0)
    for (const { outcome, sentAt } of all) {
      expect(await outcome).toMatchObject({ tokens: { access_token: 'access' } })
      expect(sentAt).toHaveLength(2)
      expect(sentAt[0]).toBeGreaterThanOrEqual(5)
      expect(sentAt[0]).toBeLessThanOrEqual(5.01)
      expect(sentAt[1]).toBeGreaterThanOrEqual(10)
      expect(sentAt[1]).toBeLessThanOrEqual(10.02)
    }
  })

  it('lets each poll wait for as long as it must', async () => {
    const intervals = [30, 1, 7, 1, 12]
    const all = intervals.map((interval) =>
      startReal({}, cibaTransaction({ auth_req_id: `of ${interval}`, expires_in: 120, interval }, T0)),
    )
    await vi.advanceTimersByTimeAsync(120_000)
    expect(all.map(({ sentAt }) => sentAt.map(Math.floor))).toEqual(intervals.map((seconds) => [seconds, 2 * seconds]))
  })

  it('has no timer left when those who waited were stopped; the others wait on', async () => {
    const stop = new AbortController()
    const stopped = Array.from({ length: 3 }, () => startReal({ signal: stop.signal }))
    const other = startReal()
    stop.abort('enough')
    for (const { outcome } of stopped) expect(await rejectionOf(() => outcome)).toBe('enough')
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(20_000)
    await other.outcome

    const last = new AbortController()
    const { outcome } = startReal(
      { signal: last.signal },
      cibaTransaction({ auth_req_id: 'x', expires_in: 9 }, Date.now()),
    )
    last.abort('enough')
    expect(await rejectionOf(() => outcome)).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts further than a timer of the platform', async () => {
    const slow = cibaTransaction({ auth_req_id: '1c266114', expires_in: 6_000_000, interval: 5_000_000 }, T0)
    const { sentAt } = startReal({}, slow)
    await vi.advanceTimersByTimeAsync(4_999_999_999)
    expect(sentAt).toEqual([])
    await vi.advanceTimersByTimeAsync(11)
    expect(sentAt.map(Math.floor)).toEqual([5_000_000])
  })

  it('is not changed by options that the caller changes later', async () => {
    const options: PollOptions = { clientAuthentication: None(), [customFetch]: () => Promise.resolve(oauthError('a')) }
    const outcome = poll(as, client, ciba, options)
    const end = rejectionOf(() => outcome)
    options[customFetch] = () => Promise.resolve(oauthError('b'))
    await vi.advanceTimersByTimeAsync(6000)
    expect(await end).toMatchObject({ error: 'a' })
  })

  it('has a timer for each in Cloudflare’s workers, where a timer ends with its request', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    const stop = new AbortController()
    const all = [startReal(), startReal(), startReal({ signal: stop.signal })]
    expect(vi.getTimerCount()).toBe(3)
    await vi.advanceTimersByTimeAsync(6000)
    stop.abort('enough')
    await vi.advanceTimersByTimeAsync(6000)
    expect(vi.getTimerCount()).toBe(0)
    expect(all.map(({ sentAt }) => sentAt)).toEqual([[5, 10], [5, 10], [5]])
    expect(await rejectionOf(() => all[2]?.outcome)).toBe('enough')
  })

  it('of the caller’s own keeps the asynchronous context of each caller', async () => {
    vi.useRealTimers()
    const context = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const clock = { now: Date.now, sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) }
    const outcomes = ['anna', 'bert'].map((person) =>
      context.run(person, () =>
        poll(
          as,
          client,
          { ...ciba, nextPollAt: Date.now() + 30, expiresAt: Date.now() + 10_000 },
          {
            clientAuthentication: None(),
            clock,
            [customFetch]: () => {
              seen.push(context.getStore())
              return Promise.resolve(success.answer?.() ?? Response.error())
            },
          },
        ),
      ),
    )
    await Promise.all(outcomes)
    expect(seen.sort()).toEqual(['anna', 'bert'])
  })
})

it('knows the transactions of devices by their own type', async () => {
  const results: DeviceTransaction[] = []
  await start(device, [pending, success], { onProgress: ({ transaction }) => results.push(transaction) }).outcome
  expect(results).toMatchObject([{ device_code: 'GmRhmhcxhwAzk' }])
})
