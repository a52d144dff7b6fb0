import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { None } from '../client-authentication/none.ts'
import { allowInsecureRequests } from '../http/options.ts'
import { as, client, tokenBody } from '../testing/answers.ts'
import { rejectionOf } from '../testing/refuses.ts'
import type { Clock } from './clock.ts'
import type { PollOptions } from './options.ts'
import { poll } from './poll.ts'
import { LOST_ANSWER } from './polling.rules.ts'
import type { PollPending, PollSlower } from './result.ts'
import { cibaTransaction, type CibaTransaction } from './transaction.ts'

/** How many times as fast as the machine's the clock of these tests runs: slow enough for a machine that is busy. */
const HASTE = 20

function fastClock(): Clock {
  const began = Date.now()
  return {
    now: () => began + (Date.now() - began) * HASTE,
    sleep: (milliseconds, signal) => sleep(milliseconds / HASTE, undefined, { ...(signal && { signal }) }),
  }
}

type Act = (request: IncomingMessage, response: ServerResponse) => unknown

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

const pending: Act = (_, response) => send(response, 400, { error: 'authorization_pending' })
const approved: Act = (_, response) => send(response, 200, tokenBody())

interface Run {
  readonly end: unknown
  readonly results: readonly (PollPending<CibaTransaction> | PollSlower<CibaTransaction>)[]
  readonly requests: number
  /** Connections on which the client gave a request up. */
  givenUp(): number
}

/** Polls at a server on loopback that does these things about the requests, one by one. */
async function run(acts: readonly Act[], options: Partial<PollOptions<CibaTransaction>> = {}): Promise<Run> {
  let requests = 0
  let givenUp = 0
  server = createServer((request, response) => {
    request.resume().on('end', () => void acts[requests++]?.(request, response))
    response.on('close', () => {
      if (!response.writableEnded) givenUp++
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  // a server that listens on a port has an address with one
  const { port } = server.address() as AddressInfo
  const clock = fastClock()
  const results: (PollPending<CibaTransaction> | PollSlower<CibaTransaction>)[] = []
  const transaction = cibaTransaction({ auth_req_id: '1c266114', expires_in: 600 }, clock.now())
  const outcome = poll({ ...as, token_endpoint: `http://127.0.0.1:${port}/token` }, client, transaction, {
    clientAuthentication: None(),
    clock,
    random: () => 0,
    [allowInsecureRequests]: true,
    onProgress: (result) => results.push(result),
    ...options,
  })
  const end = await outcome.then(
    () => 'tokens',
    (error: unknown) => error,
  )
  return { end, results, requests, givenUp: () => givenUp }
}

describe('a token endpoint on loopback', () => {
  it('that never answers is given up after 35 seconds, and asked again (CIBA Core 10.1)', async () => {
    const { end, results, requests, givenUp } = await run([() => undefined, approved])
    expect(end).toBe('tokens')
    expect(requests).toBe(2)
    await vi.waitFor(() => expect(givenUp()).toBe(1), { timeout: 10_000 })
    expect(results).toMatchObject([
      { reason: 'network', error: { name: 'TimeoutError' }, transaction: { unanswered: true } },
    ])
  })

  it('that answers after 30 seconds is waited for (CIBA Core 10.1)', async () => {
    const slow: Act = (...on) => setTimeout(() => pending(...on), 30_000 / HASTE)
    // the default of 35 seconds is held by poll-once.test.ts; here a busy machine may add to the 30
    const { end, results, givenUp } = await run([slow, approved], { answerTimeout: 60 })
    expect(end).toBe('tokens')
    expect(givenUp()).toBe(0)
    expect(results).toMatchObject([{ status: 'pending', transaction: { failures: 0 } }])
  })

  it('that closes the connection is asked again', async () => {
    const { end, results } = await run([({ socket }) => socket.destroy(), pending, approved])
    expect(end).toBe('tokens')
    expect(results).toMatchObject([{ reason: 'network', transaction: { unanswered: true } }, { status: 'pending' }])
    expect(results[0]).toHaveProperty('error', expect.any(TypeError))
  })

  it('that closes it in the middle of the tokens has lost them (CIBA Core 10.1.1)', async () => {
    const breakOff: Act = (_, response) => {
      const body = JSON.stringify(tokenBody())
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
      response.write(body.slice(0, 20), () => response.destroy())
    }
    const redeemed: Act = (_, response) => send(response, 400, { error: 'invalid_grant' })
    const { end, results } = await run([breakOff, redeemed])
    expect(results).toMatchObject([{ reason: 'network', error: { rule: 'response.body' } }])
    expect(end).toMatchObject({ code: 'OAUTH_ANSWER_LOST', rule: LOST_ANSWER.id, cause: { error: 'invalid_grant' } })
  })

  it('that is busy is left alone for as long as it says (CIBA Core 10.1)', async () => {
    let busyAt = 0
    let askedAt = 0
    const busy: Act = (_, response) => {
      busyAt = Date.now()
      response.writeHead(503, { 'retry-after': '30' }).end('busy')
    }
    const { end, results } = await run([busy, (...on) => ((askedAt = Date.now()), approved(...on))])
    expect(end).toBe('tokens')
    expect(results).toMatchObject([{ reason: 'retry_after', transaction: { unanswered: false } }])
    // a timer may be a little early, the clock is looked at then
    expect(askedAt - busyAt).toBeGreaterThanOrEqual(30_000 / HASTE - 1)
  })

  it('that is not there is asked until the transaction expires', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const clock = fastClock()
    const transaction = cibaTransaction({ auth_req_id: '1c266114', expires_in: 40 }, clock.now())
    const results: unknown[] = []
    const options: PollOptions = {
      clientAuthentication: None(),
      clock,
      onProgress: (result) => results.push(result),
      [allowInsecureRequests]: true,
    }
    const nowhere = { ...as, token_endpoint: `http://127.0.0.1:${port}/token` }
    expect(await rejectionOf(() => poll(nowhere, client, transaction, options))).toMatchObject({ rule: LOST_ANSWER.id })
    expect(results[0]).toMatchObject({ reason: 'network', error: { cause: { code: 'ECONNREFUSED' } } })
  })

  it('is let go of when the caller’s signal aborts', async () => {
    const stop = new AbortController()
    const { end, givenUp } = await run([() => stop.abort('enough')], { signal: stop.signal })
    expect(end).toBe('enough')
    await vi.waitFor(() => expect(givenUp()).toBe(1), { timeout: 10_000 })
  })
})
