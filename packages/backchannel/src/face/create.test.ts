import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { customFetch, generateKeyPair, None } from 'countersign'
import { afterEach, describe, expect, it } from 'vitest'
import { embedded } from '../embedded/embedded.ts'
import type { BackchannelOptions } from '../settings/options.ts'
import { ENCRYPTION_KEY, opened, PARAMETERS, settled } from '../testing/opened.ts'
import { json } from '../testing/simulated-server.ts'
import { createBackchannel } from './create.ts'

const OTHER_KEY = { kid: 'other', key: new Uint8Array(32).fill(9) }

describe('a backchannel', () => {
  it('lists what it keeps, without anything that is secret', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS, idempotencyKey: 'order-5' })
    const listed = []
    for await (const transaction of all.backchannel.list()) listed.push(transaction)
    expect(listed).toEqual([
      {
        id,
        grant: 'ciba',
        mode: 'poll',
        idempotencyKey: 'order-5',
        status: 'pending',
        taken: false,
        createdAt: all.clock.now(),
        expiresAt: all.clock.now() + 120_000,
        dueAt: all.clock.now() + 5000,
        unanswered: false,
      },
    ])
    expect(await all.backchannel.find(id)).toEqual(listed[0])
    expect(await all.backchannel.find('other')).toBeUndefined()
  })

  it('says which transaction is unknown, and which has no outcome', async () => {
    const { backchannel } = await opened()
    for (const act of [backchannel.wait('no'), backchannel.take('no'), backchannel.cancel('no')]) {
      await expect(act).rejects.toMatchObject({ code: 'BACKCHANNEL_UNKNOWN_TRANSACTION' })
    }
    const { id } = await backchannel.start({ parameters: PARAMETERS })
    await expect(backchannel.take(id)).rejects.toMatchObject({ code: 'BACKCHANNEL_NO_OUTCOME' })
  })

  it('ends a wait by its signal, and leaves the transaction', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const aborter = new AbortController()
    const waiting = all.backchannel.wait(id, { signal: aborter.signal })
    const reason = new Error('the browser has gone')
    aborter.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await expect(all.backchannel.wait(id, { signal: aborter.signal })).rejects.toBe(reason)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending' })
  })

  it('tells whoever subscribes until the subscription ends', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const told: unknown[] = []
    const unsubscribe = all.backchannel.subscribe((announcement) => told.push(announcement))
    await all.backchannel.cancel(id)
    expect(told).toEqual([{ id, status: 'cancelled' }])
    unsubscribe()
    await all.backchannel.cancel((await all.backchannel.start({ parameters: PARAMETERS })).id)
    expect(told).toHaveLength(1)
  })

  it('is closed once, and says so to everybody', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const waiting = expect(all.backchannel.wait(id)).rejects.toMatchObject({ code: 'BACKCHANNEL_CLOSED' })
    await Promise.all([all.backchannel.close(), all.backchannel.close()])
    await waiting
    for (const act of [all.backchannel.start({ parameters: PARAMETERS }), all.backchannel.take(id)]) {
      await expect(act).rejects.toMatchObject({ code: 'BACKCHANNEL_CLOSED' })
    }
    expect(all.clock.sleepers()).toBe(0)
  })

  it('waits for the answer that is under way when it is closed', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    all.server.approve()
    all.server.latency = 1000
    await all.clock.advance(5500)
    const closing = all.backchannel.close()
    await all.clock.advance(5000)
    await closing
    await all.reopen()
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
    expect(all.server.misconduct).toEqual([])
  })

  it('waits for the acknowledgement of a start that is under way when it is closed', async () => {
    const all = await opened()
    all.server.latency = 1000
    const starting = all.backchannel.start({ parameters: PARAMETERS })
    await all.clock.advance(500)
    const closing = all.backchannel.close()
    await all.clock.advance(1000)
    const { id, acknowledged } = await starting
    expect(acknowledged).toBe(true)
    await closing
    await all.reopen()
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending' })
  })

  it('leaves that answer when it is to hurry: asked again by the next process, and known to be unanswered', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    all.server.latency = 3000
    await all.clock.advance(5500)
    const closing = all.backchannel.close({ signal: AbortSignal.abort() })
    await settled()
    await closing
    expect(await all.store.read(id)).toMatchObject({ state: 'polling', schedule: { unanswered: true } })
  })

  it('goes on with a mark that a step of its own could not finish', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const { replace } = all.store
    all.store.replace = async (record) => {
      if (record.state === 'pending') throw new Error('no disk')
      return await replace(record)
    }
    await all.clock.advance(5000)
    expect(all.events.at(-1)).toMatchObject({ type: 'step-failed', failure: { message: 'no disk' } })
    await all.clock.advance(30_000)
    all.store.replace = replace
    all.server.approve()
    await all.clock.advance(90_000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'approved' })
    expect(all.server.misconduct).toEqual([])
  })

  it('asks again when a key store does not sign, with nothing lost', async () => {
    const all = await opened({}, { jitter: 0 })
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    let down = true
    await all.reopen({
      clientAuthentication() {
        if (down) throw new Error('the key store is away')
      },
    })
    await all.clock.advance(20_000)
    expect(all.server.log).toHaveLength(1)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'pending', unanswered: false })
    down = false
    all.server.approve()
    await all.clock.advance(6000)
    expect(await all.backchannel.find(id)).toMatchObject({ status: 'approved' })
  })
})

describe('the keys of a backchannel', () => {
  it('are changed by putting the new one first', async () => {
    const all = await opened()
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    await all.reopen({ encryptionKeys: [OTHER_KEY, ENCRYPTION_KEY] })
    all.server.approve()
    await all.clock.advance(5000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it.each([
    ['is not there', OTHER_KEY],
    ['is another', { ...OTHER_KEY, kid: ENCRYPTION_KEY.kid }],
  ])('are missed at once when one %s', async (_, key) => {
    const all = await opened()
    await all.backchannel.start({ parameters: PARAMETERS })
    await expect(all.reopen({ encryptionKeys: [key] })).rejects.toMatchObject({ code: 'BACKCHANNEL_CANNOT_UNSEAL' })
  })

  it('bind tokens by a key of their own, which outlives the process and goes with the tokens (RFC 9449)', async () => {
    const all = await opened({}, { DPoP: 'per-transaction' })
    const proofs: string[] = []
    const { fetch } = all.server
    all.server.fetch = async (url, request) => {
      const proof = request.headers?.dpop
      if (proof !== undefined) proofs.push(String(Buffer.from(proof.split('.')[0] ?? '', 'base64url')))
      const answer = await fetch(url, request)
      if (!url.endsWith('/token') || answer.status !== 200) return answer
      return json({ ...((await answer.json()) as object), token_type: 'DPoP' })
    }
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    await all.clock.advance(5000)
    await all.reopen()
    all.server.approve()
    await all.clock.advance(5000)
    const outcome = await all.backchannel.take(id)
    if (outcome.status !== 'approved' || outcome.DPoP === undefined) throw new Error('the tokens are bound')
    expect(proofs).toHaveLength(2)
    expect(proofs[0]).toBe(proofs[1])
    const { x, y } = await crypto.subtle.exportKey('jwk', outcome.DPoP.keyPair.publicKey)
    expect(JSON.parse(proofs[0] ?? '')).toMatchObject({ jwk: { x, y } })
    expect(await outcome.DPoP.handle.calculateThumbprint()).toMatch(/^[\w-]{43}$/)
  })

  it('can be one for all transactions, which is not stored', async () => {
    const keyPair = await generateKeyPair('ES256')
    const all = await opened({}, { DPoP: keyPair })
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    all.server.approve()
    await all.clock.advance(5000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })
})

describe('the metadata of the server', () => {
  it('are fetched when they are needed, kept for their time, and again after a failure', async () => {
    const all = await opened()
    const { issuer } = all.server.as
    let up = false
    const { fetch } = all.server
    all.server.fetch = async (url, request) => {
      if (!url.endsWith('/openid-configuration')) return await fetch(url, request)
      all.server.log.push('discovery')
      return up ? json(all.server.as) : new Response(null, { status: 503 })
    }
    await all.reopen({ as: undefined, issuer: new URL(issuer), metadataLifetime: 60 } as Partial<BackchannelOptions>)
    expect(all.server.log).toEqual([])
    await expect(all.backchannel.start({ parameters: PARAMETERS })).rejects.toMatchObject({
      code: 'OAUTH_RESPONSE_IS_NOT_CONFORM',
    })
    up = true
    await Promise.all([1, 2, 3].map(() => all.backchannel.start({ parameters: PARAMETERS })))
    expect(all.server.log.filter((request) => request === 'discovery')).toHaveLength(2)
    up = false
    await all.clock.advance(61_000)
    // what was good before serves while the server does not tell
    expect(all.server.log.filter((request) => request.startsWith('token')).length).toBeGreaterThan(30)
  })
})

describe('the options of a backchannel', () => {
  const folders: string[] = []

  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
  })

  async function options(): Promise<BackchannelOptions> {
    const path = await mkdtemp(join(tmpdir(), 'countersign-backchannel-'))
    folders.push(path)
    return {
      as: { issuer: 'https://op.example.com' },
      client: { client_id: 'shop' },
      clientAuthentication: None(),
      backend: embedded({ path }),
      encryptionKeys: [ENCRYPTION_KEY],
      [customFetch]: () => Promise.reject(new Error('nothing is sent')),
    }
  }

  it.each<[string, Partial<Record<keyof BackchannelOptions, unknown>>]>([
    ['no server', { as: undefined }],
    ['an unknown delivery mode', { client: { client_id: 'shop', backchannel_token_delivery_mode: 'carrier pigeon' } }],
    ['a short time to wait for answers', { answerTimeout: 29 }],
    ['a jitter of more than the interval', { jitter: 1.1 }],
    ['no steps at a time', { concurrency: 0 }],
    ['a circuit that opens at once', { circuitThreshold: 0 }],
    ['outcomes that are not kept', { retention: 0 }],
    ['a time that is none', { longestExpiry: NaN }],
  ])('are refused with %s', async (_, changes) => {
    const given = { ...(await options()), ...changes } as BackchannelOptions
    await expect(createBackchannel(given)).rejects.toMatchObject({ name: 'TypeError' })
  })

  it('open a folder for one backchannel at a time', async () => {
    const given = await options()
    const first = await createBackchannel(given)
    await expect(createBackchannel(given)).rejects.toMatchObject({ code: 'BACKCHANNEL_STORE_IN_USE' })
    await first.close()
    await (await createBackchannel(given)).close()
  })
})
