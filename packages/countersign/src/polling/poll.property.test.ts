import fc from 'fast-check'
import { expect, it } from 'vitest'
import { None } from '../client-authentication/none.ts'
import { customFetch } from '../http/options.ts'
import { as, client } from '../testing/answers.ts'
import {
  oauthError,
  pending,
  silence,
  slowDown,
  type Step,
  success,
  tokenServer,
  unreachable,
} from '../testing/token-server.ts'
import { virtualClock } from '../testing/virtual-clock.ts'
import type { PollOnceOptions } from './options.ts'
import { poll } from './poll.ts'
import { pollOnce } from './poll-once.ts'
import { cibaTransaction, deviceTransaction, type PollingTransaction } from './transaction.ts'

const T0 = 1_700_000_000_000

const answers = fc.oneof(
  { weight: 6, arbitrary: fc.constant(pending) },
  { weight: 2, arbitrary: fc.constant(slowDown) },
  { weight: 2, arbitrary: fc.constant(unreachable) },
  fc.constant(silence),
  fc.constantFrom(500, 502, 503, 504, 429).map((status) => ({ answer: () => new Response('', { status }) })),
  fc.nat(300).map((seconds) => ({
    answer: () => new Response('', { status: 503, headers: { 'retry-after': String(seconds) } }),
  })),
  fc
    .constantFrom('access_denied', 'invalid_grant', 'expired_token')
    .map((word) => ({ answer: () => oauthError(word) })),
  fc.constant(success),
)
const steps = fc.array(
  fc.tuple(answers, fc.oneof(fc.constant(0), fc.nat(60_000))).map(([step, latency]): Step => ({ ...step, latency })),
  { minLength: 1, maxLength: 12 },
)
const transactions = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 600 }), fc.boolean(), fc.boolean())
  .map(([interval, expires_in, isDevice, unanswered]): PollingTransaction => {
    const made = isDevice
      ? deviceTransaction({ device_code: 'd', user_code: 'u', verification_uri: 'https://a', expires_in, interval }, T0)
      : cibaTransaction({ auth_req_id: 'a', expires_in, interval }, T0)
    return { ...made, unanswered }
  })
const schedules = fc.record({
  transaction: transactions,
  steps,
  intervalFrom: fc.constantFrom('answer' as const, 'request' as const),
  chance: fc.double({ min: 0, max: 1, noNaN: true }),
})

interface Observation {
  readonly transactions: readonly PollingTransaction[]
  readonly requests: readonly { readonly at: number; readonly answeredAt: number }[]
  readonly atOnce: number
  readonly end: unknown
  readonly endedAt: number
}

type Schedule = typeof schedules extends fc.Arbitrary<infer S> ? S : never
type Way = (transaction: PollingTransaction, options: PollOnceOptions, seen: PollingTransaction[]) => Promise<unknown>

/** Lets a schedule run off, and tells what was to be seen. */
async function observe(schedule: Schedule, way: Way): Promise<Observation> {
  const clock = virtualClock(T0)
  const [first = pending, ...others] = schedule.steps
  const server = tokenServer(clock, first, ...others)
  const requests: { at: number; answeredAt: number }[] = []
  const options: PollOnceOptions = {
    clientAuthentication: None(),
    clock,
    intervalFrom: schedule.intervalFrom,
    random: () => schedule.chance,
    async [customFetch](url, request) {
      const observed = { at: clock.now(), answeredAt: Infinity }
      requests.push(observed)
      try {
        return await server.options[customFetch](url, request)
      } finally {
        observed.answeredAt = clock.now()
      }
    },
  }
  const seen = [schedule.transaction]
  const end = await clock.until(
    way(schedule.transaction, options, seen).then(
      () => 'tokens',
      (error: unknown) => String(error),
    ),
  )
  return { transactions: seen, requests, atOnce: server.atOnce, end, endedAt: clock.now() }
}

const byPoll: Way = (transaction, options, seen) =>
  poll(as, client, transaction, { ...options, onProgress: (result) => seen.push(result.transaction) })

/** Keeps nothing but the text of the transaction between two requests. */
const throughStore: Way = async (transaction, options, seen) => {
  let stored = JSON.stringify(transaction)
  for (;;) {
    const present = JSON.parse(stored) as PollingTransaction
    const now = options.clock?.now() ?? Date.now()
    // poll does not wait for what it cannot ask about any more, and this neither
    if (present.nextPollAt >= present.expiresAt)
      return await pollOnce(as, client, { ...present, expiresAt: now }, options)
    await options.clock?.sleep(Math.max(0, present.nextPollAt - now), undefined)
    const result = await pollOnce(as, client, present, options)
    if (result.status === 'done') return
    seen.push(result.transaction)
    stored = JSON.stringify(result.transaction)
  }
}

it('keeps the pace of the server through whatever happens (CIBA Core 10.1, 11; RFC 8628 3.5)', async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const { transactions: seen, requests, atOnce, endedAt } = await observe(schedule, byPoll)
      const { expiresAt } = schedule.transaction

      // (1) two requests never overlap
      expect(atOnce).toBeLessThanOrEqual(1)
      for (const [place, { at }] of requests.entries()) {
        const before = requests[place - 1]
        const { interval = 0 } = seen[place] ?? {}
        if (before === undefined) expect(at).toBeGreaterThanOrEqual(T0 + interval * 1000)
        else {
          expect(at).toBeGreaterThanOrEqual(before.answeredAt)
          // (2) never closer than the interval in force, which is the one after the answer
          expect(at - before.at).toBeGreaterThanOrEqual(interval * 1000)
          const quick = before.answeredAt - before.at < interval * 1000
          if (schedule.intervalFrom === 'answer' && quick) {
            expect(at - before.answeredAt).toBeGreaterThanOrEqual(interval * 1000)
          }
        }
        // (4) no request after the end
        expect(at).toBeLessThan(expiresAt)
      }
      // (3) the interval only grows, and the end stays where it is
      for (const [place, transaction] of seen.slice(1).entries()) {
        expect(transaction.interval).toBeGreaterThanOrEqual(seen[place]?.interval ?? Infinity)
        expect(transaction).toMatchObject({ expiresAt })
        expect(transaction.nextPollAt).toBeLessThanOrEqual(expiresAt)
      }
      // (5) it ends: at the end of the transaction, or with the answer to its last request
      expect(endedAt).toBeLessThanOrEqual(expiresAt + 35_000)
    }),
    { numRuns: 300 },
  )
})

it('is the same where the transaction is text between two requests', async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const { end, ...inMemory } = await observe(schedule, byPoll)
      const { end: endOfStored, ...stored } = await observe(schedule, throughStore)
      // (6) between any two steps
      expect(stored).toEqual(inMemory)
      expect(String(endOfStored).replace(/\d{13}/g, '')).toBe(String(end).replace(/\d{13}/g, ''))
    }),
    { numRuns: 150 },
  )
})
