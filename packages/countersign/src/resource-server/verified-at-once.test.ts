import nodeCrypto from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { syncCrypto } from '../engine/sync-crypto.ts'
import { as } from '../testing/answers.ts'
import { keyServer } from '../testing/key-server.ts'
import { rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { type SigningKey, signingKey, takeApart } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import { epochSeconds } from '../values/time.ts'
import { validateJwtAccessToken, type ValidateJWTAccessTokenOptions } from './access-token.ts'

/** How often a signature was verified, by either engine. */
function counted() {
  const spies = [vi.spyOn(nodeCrypto, 'verify'), vi.spyOn(crypto.subtle, 'verify')]
  return () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0)
}

const { accessToken, AUDIENCE, boundToken, proof, request, serverKey } = resource
const otherKey = signingKey('ES256', serverKey.jwk.kid)

/** A resource server; one that is warm knows the keys of the server and of the client. */
function resourceServer(...keys: SigningKey[]) {
  const metadata = { ...as }
  const published = keys.length === 0 ? [serverKey] : keys
  const { options } = keyServer(...published.map(({ jwk }) => jwk))
  const validate = (token: string, dpop?: string, more: ValidateJWTAccessTokenOptions = {}): Promise<unknown> =>
    rejectionOf(() =>
      validateJwtAccessToken(metadata, request(`${dpop === undefined ? 'Bearer' : 'DPoP'} ${token}`, dpop), AUDIENCE, {
        ...options,
        ...more,
      }),
    )
  return {
    validate,
    async warm() {
      for (let round = 0; round < 3; round++) {
        const token = boundToken({ jti: `warm-${round}` })
        expect(await validate(token, proof(token, { jti: `warm-${round}` }))).toBeUndefined()
      }
    },
  }
}

const expired = { exp: 1000 }

beforeEach(() => {
  // errors tell the time
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('claims come before signatures', () => {
  it('of a token that is bound to nothing', async () => {
    const server = resourceServer()
    await server.warm()
    const verified = counted()
    expect(await server.validate(accessToken(expired))).toHaveProperty('rule', 'jwt.exp-time')
    expect(verified()).toBe(0)
  })

  it('of a token with a proof', async () => {
    const server = resourceServer()
    await server.warm()
    const verified = counted()
    const token = boundToken(expired)
    expect(await server.validate(token, proof(token))).toHaveProperty('rule', 'jwt.exp-time')
    expect(verified()).toBe(0)
  })
})

describe('the signatures of a token and of its proof', () => {
  it('are verified at once under keys that were used before, each of them once', async () => {
    const server = resourceServer()
    await server.warm()
    const verified = counted()
    const token = boundToken()
    const validated = server.validate(token, proof(token))
    expect(verified()).toBe(2)
    expect(await validated).toBeUndefined()
    expect(verified()).toBe(2)
  })

  it('are verified one after the other, where the key of the proof was not seen yet', async () => {
    const server = resourceServer()
    await server.warm()
    const verified = counted()
    const token = boundToken()
    const unseen = proof(token, {}, {}, signingKey('ES256'))
    expect(await server.validate(otherSignature(token), unseen)).toHaveProperty('rule', 'signature.value')
    expect(verified()).toBe(1)
  })

  it('are verified one after the other on the thread that calls', async () => {
    const server = resourceServer()
    await server.warm()
    const verified = counted()
    const token = boundToken()
    const error = await server.validate(otherSignature(token), proof(token), { [syncCrypto]: true })
    expect(error).toHaveProperty('rule', 'signature.value')
    expect(verified()).toBe(1)
  })

  it('do no harm when they cannot be verified, and nobody asks for that of the proof any more', async () => {
    const server = resourceServer()
    await server.warm()
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const failure = new Error('no such key')
    vi.spyOn(crypto.subtle, 'verify').mockRejectedValue(failure)
    vi.spyOn(nodeCrypto, 'verify').mockImplementation((...args: unknown[]) => {
      const done = args.at(-1) as (error: Error) => void
      done(failure)
    })
    const token = boundToken()
    expect(await server.validate(token, proof(token))).toBe(failure)
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

/** What is wrong with a request, as the token and the proof that it makes of the sound ones. */
const FAULTS: Record<string, (token: string, dpop: string) => [token: string, dpop: string]> = {
  nothing: (token, dpop) => [token, dpop],
  'another signature of the token': (token, dpop) => [otherSignature(token), dpop],
  'a signature of the token that is no base64url': (token, dpop) => [`${token}=`, dpop],
  'no signature of the token': (token, dpop) => [withSignature(token, ''), dpop],
  'a token of two parts': (token, dpop) => [token.replace(/\.[^.]*$/, ''), dpop],
  'a token of four parts': (token, dpop) => [`${token}.`, dpop],
  'a token of another key': () => {
    const token = accessToken({}, {}, otherKey)
    return [token, proof(token)]
  },
  'the signature of another token': (token, dpop) => {
    return [withSignature(token, takeApart(boundToken({ jti: 'other' })).signature), dpop]
  },
  'another signature of the proof': (token, dpop) => [token, otherSignature(dpop)],
  'a signature of the proof that is no base64url': (token, dpop) => [token, `${dpop}=`],
  'the signature of another proof': (token, dpop) => {
    return [token, withSignature(dpop, takeApart(proof(token, { jti: 'other' })).signature)]
  },
  'a proof of four parts': (token, dpop) => [token, `${dpop}.`],
  'two proofs': (token, dpop) => [token, `${dpop}, ${dpop}`],
  'a proof that is none': (token) => [token, 'x'],
  'a proof without a header': (token) => [token, ''],
  'both signatures wrong': (token, dpop) => [otherSignature(token), otherSignature(dpop)],
  'a proof for another token': (token) => [token, proof(boundToken({ jti: 'other' }))],
  'a proof of another time': (token) => [token, proof(token, { iat: epochSeconds() - 1000 })],
}

function otherSignature(token: string): string {
  return withSignature(token, flipBit(takeApart(token).signature, 9))
}

describe('a request is judged the same by who knows the keys and by who does not', () => {
  it.each(Object.keys(FAULTS))('when there is %s', async (fault) => {
    const sound = boundToken()
    const sent: [string, string?] = FAULTS[fault]?.(sound, proof(sound)) ?? [sound]
    const [cold, warm] = [resourceServer(), resourceServer()]
    await warm.warm()
    const found = await warm.validate(...sent)
    expect(found).toEqual(await cold.validate(...sent))
    expect(found === undefined).toBe(fault === 'nothing')
  })

  it('when the server has changed its keys', async () => {
    const server = resourceServer(otherKey)
    await resourceServer().warm()
    expect(await server.validate(accessToken({}, {}, otherKey))).toBeUndefined()
    expect(await server.validate(accessToken())).toHaveProperty('rule', 'signature.value')
  })
})
