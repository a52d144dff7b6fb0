import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Opened, opened, PARAMETERS, settled } from '../testing/opened.ts'

/** What was sent to the revocation endpoint, in that order. */
let revoked: string[]
/** What it answers. */
let answer: () => Response
let all: Opened

beforeEach(() => {
  revoked = []
  answer = () => new Response(null, { status: 200 })
})

afterEach(() => {
  expect(all.server.misconduct).toEqual([])
})

async function begun(mode: 'poll' | 'push', revocation_endpoint?: string): Promise<string> {
  all = await opened({ mode })
  const { fetch, as } = all.server
  all.server.fetch = async (url, request) => {
    if (!url.endsWith('/revoke')) return await fetch(url, request)
    revoked.push(`${request.body?.get('token_type_hint')} ${request.body?.get('token')}`)
    return answer()
  }
  await all.reopen({ as: { ...as, ...(revocation_endpoint !== undefined && { revocation_endpoint }) } })
  return (await all.backchannel.start({ parameters: PARAMETERS })).id
}

const ENDPOINT = 'https://op.example.com/revoke'
const BOTH = ['refresh_token refresh-auth-req-0', 'access_token access-auth-req-0']

/** Cancels while the request is under way that brings the tokens. */
async function cancelledTooLate(id: string): Promise<void> {
  all.server.latency = 1000
  all.server.approve()
  await all.clock.advance(5500)
  await all.backchannel.cancel(id)
  await all.clock.advance(10_000)
}

const revocations = () => all.events.filter(({ type }) => type === 'revoked')

describe('tokens that come after a transaction was cancelled', () => {
  it('are revoked, where the server has an endpoint for it (RFC 7009 2.1)', async () => {
    const id = await begun('poll', ENDPOINT)
    await cancelledTooLate(id)
    expect(revoked).toEqual(BOTH)
    expect(revocations()).toEqual([expect.objectContaining({ id, type: 'revoked' })])
    expect(revocations()[0]).not.toHaveProperty('failure')
    expect(await all.backchannel.take(id)).toEqual({ status: 'cancelled', id })
  })

  it('are left alone where it has none', async () => {
    await cancelledTooLate(await begun('poll'))
    expect(revoked).toEqual([])
    expect(revocations()).toEqual([])
  })

  it('are said not to be revoked where the server refuses, and the transaction stays cancelled', async () => {
    answer = () => new Response(null, { status: 503 })
    const id = await begun('poll', ENDPOINT)
    await cancelledTooLate(id)
    expect(revocations()).toEqual([
      expect.objectContaining({ failure: expect.objectContaining({ rule: 'revocation.status' }) }),
    ])
    expect(JSON.stringify(revocations())).not.toContain('auth-req-0')
    expect(await all.backchannel.take(id)).toEqual({ status: 'cancelled', id })
  })

  it('are revoked when they are pushed, once for each push that the server signed (CIBA Core 10.3.1)', async () => {
    const id = await begun('push', ENDPOINT)
    await all.backchannel.cancel(id)
    expect((await all.backchannel.handler(all.server.push(0, { id_token: 'forged' }))).status).toBe(400)
    await settled()
    expect(revoked).toEqual([])
    expect((await all.backchannel.handler(all.server.push())).status).toBe(204)
    await settled()
    expect(revoked).toEqual(BOTH)
  })
})

it('does not revoke tokens that are pushed twice, taken or not', async () => {
  const id = await begun('push', ENDPOINT)
  expect((await all.backchannel.handler(all.server.push())).status).toBe(204)
  expect((await all.backchannel.handler(all.server.push())).status).toBe(204)
  await all.backchannel.take(id)
  expect((await all.backchannel.handler(all.server.push())).status).toBe(204)
  await settled()
  expect(revoked).toEqual([])
})
