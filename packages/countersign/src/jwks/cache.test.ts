import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { as } from '../testing/answers.ts'
import { keyServer, type KeyServer } from '../testing/key-server.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey, takeApart } from '../testing/signed.ts'
import { type ExportedJWKSCache, jwksCache, type JWKSCacheInput } from './options.ts'
import { JWKS_STATUS } from './request.ts'
import { SIGNATURE_KEY, SIGNATURE_KEY_UNIQUE } from './select.ts'
import { verifySignature } from './verify.ts'

const START = 1_700_000_000
const OLD = signingKey('ES256', 'old')
const NEW = signingKey('ES256', 'new')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

function waitUntil(seconds: number): void {
  vi.setSystemTime((START + seconds) * 1000)
}

/** Verifies the signature of a key under what a server publishes now, or published before. */
function verify(server: KeyServer, metadata: AuthorizationServer, key = OLD, cache?: unknown): Promise<void> {
  // a cache may be anything here
  const options = { ...server.options, ...(cache !== undefined && { [jwksCache]: cache as JWKSCacheInput }) }
  return verifySignature({ trace: undefined }, metadata, takeApart(signedJwt(key, { iss: 'x' })), options)
}

function exported(age: number, ...keys: unknown[]): ExportedJWKSCache {
  return { jwks: { keys: keys as ExportedJWKSCache['jwks']['keys'] }, uat: START - age }
}

describe('keys in memory', () => {
  it.each([0, 1, 60, 299])('serve for less than 300 seconds: after %d', async (seconds) => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    waitUntil(seconds)
    await verify(server, metadata)
    expect(server.requests).toHaveLength(1)
  })

  it.each([300, 301, 86_400])('are fetched again after 300 seconds: after %d', async (seconds) => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    waitUntil(seconds)
    await verify(server, metadata)
    expect(server.requests).toHaveLength(2)
  })

  it('are gone after 300 seconds: a key that the server withdrew verifies nothing any more', async () => {
    async function act(): Promise<void> {
      waitUntil(0)
      const server = keyServer(OLD.jwk)
      const metadata = { ...as }
      await verify(server, metadata)
      server.keys = [NEW.jwk]
      waitUntil(300)
      await verify(server, metadata)
    }
    await refuses(SIGNATURE_KEY, act, SIGNATURE_KEY_UNIQUE)
  })

  it('are kept with the very metadata object, not with a copy of it', async () => {
    const server = keyServer(OLD.jwk)
    await verify(server, { ...as })
    await verify(server, { ...as })
    expect(server.requests).toHaveLength(2)
  })

  it('serve a caller with another way to fetch', async () => {
    const metadata = { ...as }
    await verify(keyServer(OLD.jwk), metadata)
    const other = keyServer()
    await verify(other, metadata)
    expect(other.requests).toEqual([])
  })
})

describe('a kid that no key has', () => {
  it.each([60, 299])('is looked for anew when the keys are %d seconds old', async (seconds) => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    server.keys = [OLD.jwk, NEW.jwk]
    waitUntil(seconds)
    expect(await rejectionOf(() => verify(server, metadata, NEW))).toBeUndefined()
    expect(server.requests).toHaveLength(2)
  })

  it.each([0, 1, 59])('is not looked for anew when the keys are %d seconds old', async (seconds) => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    server.keys = [OLD.jwk, NEW.jwk]
    waitUntil(seconds)
    expect(await rejectionOf(() => verify(server, metadata, NEW))).toMatchObject({ rule: SIGNATURE_KEY.id })
    expect(server.requests).toHaveLength(1)
  })

  it('is looked for once, and not again for the next 60 seconds', async () => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    for (const [seconds, requests] of [
      [60, 2],
      [60, 2],
      [119, 2],
      [120, 3],
    ] as const) {
      waitUntil(seconds)
      expect(await rejectionOf(() => verify(server, metadata, NEW))).toMatchObject({ rule: SIGNATURE_KEY.id })
      expect(server.requests).toHaveLength(requests)
    }
  })

  it('is not looked for twice when the keys were fetched for it', async () => {
    const server = keyServer(OLD.jwk)
    expect(await rejectionOf(() => verify(server, { ...as }, NEW))).toMatchObject({ rule: SIGNATURE_KEY.id })
    expect(server.requests).toHaveLength(1)
  })
})

describe('keys in memory are not fetched anew', () => {
  it('for a signature that is not valid', async () => {
    const server = keyServer({ ...OLD.jwk, kid: 'new' })
    const metadata = { ...as }
    await rejectionOf(() => verify(server, metadata))
    waitUntil(299)
    expect(await rejectionOf(() => verify(server, metadata, NEW))).toMatchObject({ rule: SIGNATURE_VALID.id })
    expect(server.requests).toHaveLength(1)
  })

  it('for a header that several of them fit', async () => {
    const server = keyServer(OLD.jwk, { ...NEW.jwk, kid: 'old' })
    const metadata = { ...as }
    await rejectionOf(() => verify(server, metadata))
    waitUntil(299)
    expect(await rejectionOf(() => verify(server, metadata))).toMatchObject({ rule: SIGNATURE_KEY_UNIQUE.id })
    expect(server.requests).toHaveLength(1)
  })
})

describe('a fetch that fails', () => {
  it('fails its caller, and nobody afterwards', async () => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    const failure = new TypeError('connection refused')
    server.answer = () => Promise.reject(failure)
    expect(await rejectionOf(() => verify(server, metadata))).toBe(failure)
    server.answer = undefined
    expect(await rejectionOf(() => verify(server, metadata))).toBeUndefined()
    expect(server.requests).toHaveLength(2)
  })

  it('does not bring keys back that have served their time', async () => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    waitUntil(300)
    server.answer = () => new Response(null, { status: 503 })
    expect(await rejectionOf(() => verify(server, metadata))).toMatchObject({ rule: JWKS_STATUS.id, status: 503 })
  })

  it('leaves keys in memory that still serve', async () => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata)
    waitUntil(60)
    server.answer = () => new Response(null, { status: 503 })
    expect(await rejectionOf(() => verify(server, metadata, NEW))).toMatchObject({ rule: JWKS_STATUS.id })
    expect(await rejectionOf(() => verify(server, metadata))).toBeUndefined()
    expect(server.requests).toHaveLength(2)
  })
})

describe('jwksCache', () => {
  it.each([0, 1, 299])('gives keys that are %d seconds old, without a request', async (age) => {
    const server = keyServer()
    expect(await rejectionOf(() => verify(server, { ...as }, OLD, exported(age, OLD.jwk)))).toBeUndefined()
    expect(server.requests).toEqual([])
  })

  it('gives keys to memory: afterwards they need not be given any more', async () => {
    const server = keyServer()
    const metadata = { ...as }
    await verify(server, metadata, OLD, exported(100, OLD.jwk))
    expect(await rejectionOf(() => verify(server, metadata))).toBeUndefined()
    expect(server.requests).toEqual([])
  })

  it('gives keys for what is left of their 300 seconds', async () => {
    const server = keyServer(OLD.jwk)
    const metadata = { ...as }
    await verify(server, metadata, OLD, exported(100, OLD.jwk))
    waitUntil(199)
    await verify(server, metadata)
    expect(server.requests).toHaveLength(0)
    waitUntil(200)
    await verify(server, metadata)
    expect(server.requests).toHaveLength(1)
  })

  it('gives keys by a clock that is up to 60 seconds ahead', async () => {
    const server = keyServer()
    expect(await rejectionOf(() => verify(server, { ...as }, OLD, exported(-59, OLD.jwk)))).toBeUndefined()
    expect(server.requests).toEqual([])
  })

  it('that is too old does not stay in memory, in the way of a younger one', async () => {
    const server = keyServer()
    server.answer = () => new Response(null, { status: 503 })
    const metadata = { ...as }
    const error = await rejectionOf(() => verify(server, metadata, OLD, exported(300, OLD.jwk)))
    expect(error).toMatchObject({ rule: JWKS_STATUS.id })
    expect(await rejectionOf(() => verify(server, metadata, OLD, exported(0, OLD.jwk)))).toBeUndefined()
  })

  it.each([
    ['is old', exported(300, OLD.jwk)],
    ['is of a time to come, which would keep its keys for longer than they may be', exported(-60, OLD.jwk)],
    ['has no time', { jwks: { keys: [OLD.jwk] } }],
    ['has a time of no number', { jwks: { keys: [OLD.jwk] }, uat: `${START}` }],
    ['has a time of NaN', { jwks: { keys: [OLD.jwk] }, uat: NaN }],
    ['has no keys', { uat: START }],
    ['has null for its key set', { jwks: null, uat: START }],
    ['has an array for its key set', { jwks: [OLD.jwk], uat: START }],
    ['has keys of no array', { jwks: { keys: { 0: OLD.jwk } }, uat: START }],
    ['has a key of no object', { jwks: { keys: [OLD.jwk, 5] }, uat: START }],
    ['is empty', {}],
    ['is null', null],
    ['is an array', []],
    ['is a text', '{}'],
    ['is a function', () => exported(0, OLD.jwk)],
  ])('is passed over when it %s', async (_, cache) => {
    const server = keyServer(NEW.jwk)
    expect(await rejectionOf(() => verify(server, { ...as }, NEW, cache))).toBeUndefined()
    expect(server.requests).toHaveLength(1)
  })

  it('is neither read nor written where memory has the keys', async () => {
    const metadata = { ...as }
    await verify(keyServer(OLD.jwk), metadata)
    const cache = exported(0, NEW.jwk)
    expect(await rejectionOf(() => verify(keyServer(), metadata, NEW, cache))).toMatchObject({ rule: SIGNATURE_KEY.id })
    expect(cache).toEqual(exported(0, NEW.jwk))
    const empty = {}
    await verify(keyServer(), metadata, OLD, empty)
    expect(empty).toEqual({})
  })

  it.each([
    ['an empty one', {}],
    ['an old one', exported(300, NEW.jwk)],
  ])('is written when keys were fetched: %s', async (_, cache) => {
    vi.setSystemTime(START * 1000 + 999)
    await verify(keyServer(OLD.jwk), { ...as }, OLD, cache)
    expect(cache).toEqual({ jwks: { keys: [OLD.jwk] }, uat: START })
  })

  it('is written as what JSON keeps, and read back by another process', async () => {
    const cache = {}
    await verify(keyServer(OLD.jwk), { ...as }, OLD, cache)
    waitUntil(299)
    const elsewhere: unknown = JSON.parse(JSON.stringify(cache))
    const server = keyServer()
    expect(await rejectionOf(() => verify(server, { ...as }, OLD, elsewhere))).toBeUndefined()
    expect(server.requests).toEqual([])
  })

  it('is a copy: what is done to it afterwards does not change memory', async () => {
    const metadata = { ...as }
    const cache: Partial<ExportedJWKSCache> = {}
    await verify(keyServer(OLD.jwk), metadata, OLD, cache)
    cache.jwks?.keys.splice(0, 1, NEW.jwk)
    expect(await rejectionOf(() => verify(keyServer(), metadata))).toBeUndefined()
  })

  it('is not written when the fetch fails', async () => {
    const server = keyServer()
    server.answer = () => new Response(null, { status: 503 })
    const cache = {}
    await rejectionOf(() => verify(server, { ...as }, OLD, cache))
    expect(cache).toEqual({})
  })

  it.each([
    [59, 0],
    [60, 1],
  ])('of keys that are %d seconds old makes an unknown kid ask the server %d times', async (age, requests) => {
    const server = keyServer(NEW.jwk)
    const cache = exported(age, OLD.jwk)
    const error = await rejectionOf(() => verify(server, { ...as }, NEW, cache))
    expect(server.requests).toHaveLength(requests)
    if (requests === 0) expect(error).toMatchObject({ rule: SIGNATURE_KEY.id })
    else expect(cache).toEqual(exported(0, NEW.jwk))
  })
})
