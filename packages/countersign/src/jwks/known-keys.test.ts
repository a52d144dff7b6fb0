import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as } from '../testing/answers.ts'
import { type KeyServer, keyServer } from '../testing/key-server.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { COMMON_ALGORITHMS, signedJwt, type SigningKey, signingKey, takeApart } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import { jwksCache } from './options.ts'
import { verifySignature } from './verify.ts'

const START = 1_700_000_000

function verify(server: KeyServer, metadata: AuthorizationServer, token: string): Promise<void> {
  return verifySignature({ trace: undefined }, metadata, takeApart(token), server.options)
}

function named(key: SigningKey, kid: string): SigningKey {
  return { ...key, jwk: { ...key.jwk, kid } }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a key that a signature was verified under', () => {
  it.each(COMMON_ALGORITHMS)('is imported once for %s, and verifies no less strictly afterwards', async (alg) => {
    const key = signingKey(alg, 'key-1')
    const server = keyServer(key.jwk)
    const metadata = { ...as }
    const importing = vi.spyOn(crypto.subtle, 'importKey')
    for (let round = 0; round < 3; round++) {
      expect(await rejectionOf(() => verify(server, metadata, signedJwt(key)))).toBeUndefined()
    }
    expect(importing).toHaveBeenCalledOnce()
    const token = signedJwt(key)
    const tampered = withSignature(token, flipBit(takeApart(token).signature, 77))
    expect(await rejectionOf(() => verify(server, metadata, tampered))).toMatchObject({ rule: SIGNATURE_VALID.id })
  })

  it('is not the one of another algorithm by which the same JWK may be used (RFC 7518 3.3, 3.5)', async () => {
    const key = signingKey('RS256', 'key-1')
    const pss = { ...key, alg: 'PS256' }
    const server = keyServer(key.jwk)
    const metadata = { ...as }
    for (let round = 0; round < 2; round++) {
      expect(await rejectionOf(() => verify(server, metadata, signedJwt(key)))).toBeUndefined()
      expect(await rejectionOf(() => verify(server, metadata, signedJwt(pss)))).toBeUndefined()
    }
  })

  it('is kept only after a signature was valid', async () => {
    const key = signingKey('ES256', 'key-1')
    const server = keyServer(key.jwk)
    const metadata = { ...as }
    const token = signedJwt(key)
    const importing = vi.spyOn(crypto.subtle, 'importKey')
    for (let round = 0; round < 3; round++) {
      await rejectionOf(() =>
        verify(server, metadata, withSignature(token, flipBit(takeApart(token).signature, round))),
      )
    }
    expect(importing).toHaveBeenCalledTimes(3)
  })

  it('is looked at by every check again, as the trace shows', async () => {
    const key = signingKey('RS256', 'key-1')
    const server = keyServer(key.jwk)
    const metadata = { ...as }
    const rounds: string[][] = []
    for (let round = 0; round < 3; round++) {
      const events: CheckEvent[] = []
      const record = (event: CheckEvent): void => void events.push(event)
      const options = { ...server.options, [trace]: record }
      await verifySignature({ trace: record }, metadata, takeApart(signedJwt(key)), options)
      rounds.push(events.map(({ rule }) => rule).filter((rule) => /^(?:signature|key)\./.test(rule)))
    }
    expect(rounds[0]).toContain('key.modulus')
    expect([rounds[1], rounds[2]]).toEqual([rounds[0], rounds[0]])
  })
})

/** What happens between a server that changes its keys and who verifies signatures under them. */
type Step = { publish: string; key: number | undefined } | { wait: number } | { verify: string; key: number }

const POOL = Array.from({ length: 4 }, () => signingKey('ES256'))

const kid = fc.constantFrom('a', 'b')
const key = fc.nat(POOL.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ publish: kid, key: fc.option(key, { nil: undefined }) }),
  fc.record({ wait: fc.constantFrom(1, 59, 60, 61, 240, 299, 300) }),
  fc.record({ verify: kid, key }),
  fc.record({ verify: kid, key }),
)

describe('a key that was withdrawn, rotated, or whose kid another one has', () => {
  it('verifies as long as the key set that it came with serves, and never longer (OIDC Core 10.1.1)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        let seconds = START
        vi.setSystemTime(seconds * 1000)
        const published = new Map<string, number>()
        const server = keyServer()
        const metadata = { ...as }
        let memory: { readonly keys: Map<string, number>; readonly at: number } | undefined
        for (const one of steps) {
          if ('wait' in one) {
            seconds += one.wait
            vi.setSystemTime(seconds * 1000)
          } else if ('publish' in one) {
            if (one.key === undefined) published.delete(one.publish)
            else published.set(one.publish, one.key)
            server.keys = [...published].map(([name, index]) => ({ ...POOL[index]?.jwk, kid: name }))
          } else {
            const fetched = { keys: new Map(published), at: seconds }
            const age = memory === undefined ? Infinity : seconds - memory.at
            if (memory === undefined || age >= 300) memory = fetched
            else if (!memory.keys.has(one.verify) && age >= 60) memory = fetched
            const signer = named(POOL[one.key] ?? signingKey('ES256'), one.verify)
            const error = await rejectionOf(() => verify(server, metadata, signedJwt(signer)))
            expect(error === undefined).toBe(memory.keys.get(one.verify) === one.key)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is not known by what looks like it in a cache that the caller gives (jwksCache)', async () => {
    const [old, next] = [named(signingKey('ES256'), 'a'), named(signingKey('ES256'), 'a')]
    const server = keyServer()
    const cache = { jwks: { keys: [{ ...old.jwk }] }, uat: START }
    const metadata = { ...as }
    const options = { ...server.options, [jwksCache]: cache }
    const verifyWith = (signer: SigningKey, of = metadata): Promise<void> =>
      verifySignature({ trace: undefined }, of, takeApart(signedJwt(signer)), options)
    expect(await rejectionOf(() => verifyWith(old))).toBeUndefined()
    // what the caller does to the cache afterwards counts for who reads it then, and changes no memory
    Object.assign(cache.jwks.keys[0] ?? {}, next.jwk)
    expect(await rejectionOf(() => verifyWith(old))).toBeUndefined()
    expect(await rejectionOf(() => verifyWith(next))).toMatchObject({ rule: SIGNATURE_VALID.id })
    const another = { ...as }
    expect(await rejectionOf(() => verifyWith(next, another))).toBeUndefined()
    expect(await rejectionOf(() => verifyWith(old, another))).toMatchObject({ rule: SIGNATURE_VALID.id })
  })
})
