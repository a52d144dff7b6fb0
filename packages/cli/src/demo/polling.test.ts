import { ResponseBodyError } from 'countersign'
import { describe, expect, it } from 'vitest'
import { Busy, DemoFailure, Unreachable } from './failures.ts'
import { pollForTokens } from './polling.ts'

interface Reply {
  /** Milliseconds until the answer comes. */
  readonly took?: number
  readonly answer: Error | string
}

/** Runs the polling on a clock of its own. Returns when each request was sent, in milliseconds, and how it ended. */
async function poll(interval: number | undefined, expiresIn: number, replies: readonly Reply[]) {
  let time = 0
  const sent: number[] = []
  const ask = () => {
    const { took = 0, answer } = replies[sent.length] ?? { answer: new Error('asked too often') }
    sent.push(time)
    time += took
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  const clock = {
    now: () => time,
    sleep: (milliseconds: number) => {
      time += milliseconds
      return Promise.resolve()
    },
  }
  const end = await pollForTokens({ interval, expiresIn, sentAt: 0 }, ask, () => undefined, clock).catch(
    (error: unknown) => error,
  )
  return { sent, end }
}

function refusal(error: string): ResponseBodyError {
  return new ResponseBodyError('refused', { cause: { error }, response: new Response(null, { status: 400 }) })
}

const pending = { answer: refusal('authorization_pending') }
const slowDown = { answer: refusal('slow_down') }
const tokens = { answer: 'tokens' }
const unreachable = { answer: new Unreachable('the connection was refused') }

describe('polling', () => {
  it('waits the interval before each request (CIBA Core §7.3)', async () => {
    expect(await poll(2, 60, [pending, pending, tokens])).toEqual({ sent: [2000, 4000, 6000], end: 'tokens' })
  })

  it('takes 5 seconds where no interval was named (CIBA Core §7.3)', async () => {
    expect(await poll(undefined, 60, [pending, tokens])).toEqual({ sent: [5000, 10_000], end: 'tokens' })
  })

  it('waits 5 seconds longer after each slow_down, for good (CIBA Core §11)', async () => {
    const { sent } = await poll(2, 90, [slowDown, pending, slowDown, tokens])
    expect(sent).toEqual([2000, 9000, 16_000, 28_000])
  })

  it('asks again at once after an answer that took the interval (CIBA Core §10.1, long polling)', async () => {
    const { sent } = await poll(2, 90, [{ ...pending, took: 30_000 }, tokens])
    expect(sent).toEqual([2000, 32_000])
  })

  it('waits at least the rest of the interval after a slow answer (CIBA Core §10.1)', async () => {
    const { sent } = await poll(5, 90, [{ ...pending, took: 2000 }, tokens])
    expect(Number(sent[1]) - Number(sent[0])).toBeGreaterThanOrEqual(5000)
  })

  it('goes on after network faults, ever more slowly', async () => {
    const { sent, end } = await poll(2, 90, [unreachable, unreachable, pending, tokens])
    expect({ sent, end }).toEqual({ sent: [2000, 6000, 14_000, 16_000], end: 'tokens' })
  })

  it('respects Retry-After of a 503 (CIBA Core §10.1)', async () => {
    const busy = (retryAfter: string) => ({
      answer: new Busy(new Response(null, { status: 503, headers: { 'retry-after': retryAfter } })),
    })
    const { sent } = await poll(2, 90, [busy('20'), busy('1'), busy('nonsense'), tokens])
    expect(sent).toEqual([2000, 22_000, 24_000, 26_000])
  })

  it('respects Retry-After as a date (RFC 9110 §10.2.3)', () => {
    const headers = { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }
    const { retryAfter } = new Busy(new Response(null, { status: 503, headers }))
    expect(retryAfter).toBeGreaterThan(55)
    expect(retryAfter).toBeLessThanOrEqual(60)
  })

  it.each(['access_denied', 'expired_token', 'invalid_grant', 'invalid_request', 'invalid_client'])(
    'stops at %s (CIBA Core §11)',
    async (error) => {
      const answer = refusal(error)
      expect(await poll(2, 60, [pending, { answer }])).toEqual({ sent: [2000, 4000], end: answer })
    },
  )

  it('stops at everything that it does not know', async () => {
    const answer = new TypeError('a mistake of our own')
    expect(await poll(2, 60, [{ answer }])).toEqual({ sent: [2000], end: answer })
  })

  it('stops by itself when expires_in has passed, counted from the sending (CIBA Core §7.3)', async () => {
    const { sent, end } = await poll(2, 7, [pending, pending, pending])
    expect(sent).toEqual([2000, 4000, 6000])
    expect(end).toBeInstanceOf(DemoFailure)
    expect(end).not.toBeInstanceOf(Unreachable)
  })

  it('sends nothing when the interval is longer than expires_in', async () => {
    const { sent, end } = await poll(10, 5, [])
    expect(sent).toEqual([])
    expect(end).toBeInstanceOf(DemoFailure)
  })
})
