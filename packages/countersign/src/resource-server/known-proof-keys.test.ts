import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JWK } from '../jose/jwk.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import { rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { type SigningKey, signingKey, takeApart } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import { keyServer } from '../testing/key-server.ts'
import { as } from '../testing/answers.ts'
import { epochSeconds } from '../values/time.ts'
import { validateJwtAccessToken, type ValidateJWTAccessTokenOptions } from './access-token.ts'
import * as rules from './dpop-proof.rules.ts'

const { accessToken, AUDIENCE, proof, request, serverKey, thumbprintOf } = resource

type Changes = Parameters<typeof proof>[1]

/** A resource server that runs for a while: its keys are fetched, and what it knows stays. */
function resourceServer() {
  const metadata = { ...as }
  const { options } = keyServer(serverKey.jwk)
  return {
    validate: (token: string, dpop: string, more: ValidateJWTAccessTokenOptions = {}) =>
      validateJwtAccessToken(metadata, request(`DPoP ${token}`, dpop), AUDIENCE, { ...options, ...more }),
  }
}

function boundTo(key: SigningKey): string {
  return accessToken({ cnf: { jkt: thumbprintOf(key.jwk) } })
}

/** How often keys were imported for something. */
async function importsOf(act: () => Promise<unknown>): Promise<number> {
  const importing = vi.spyOn(crypto.subtle, 'importKey')
  const error = await rejectionOf(act)
  const { length } = importing.mock.calls
  importing.mockRestore()
  expect(error).toBeUndefined()
  return length
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the key of a proof whose signature was valid', () => {
  it('is imported for a new proof only while it is new', async () => {
    const server = resourceServer()
    const key = signingKey('ES256')
    const token = boundTo(key)
    const counts = []
    for (let round = 0; round < 4; round++) {
      counts.push(await importsOf(() => server.validate(token, proof(token, { jti: `${round}` }, {}, key))))
    }
    // with the server's key; for the header; for the header as it is kept; known
    expect(counts).toEqual([2, 1, 0, 0])
  })

  it.each<[string, Changes, { id: string }]>([
    ['method', { htm: 'POST' }, rules.PROOF_METHOD],
    ['URL', { htu: 'https://api.example.com/others' }, rules.PROOF_URL],
    ['token', { ath: 'AAAA' }, rules.PROOF_TOKEN_HASH],
    ['time', { iat: epochSeconds() - 1000 }, rules.PROOF_ISSUED_AT],
    ['no ID', { jti: undefined }, rules.PROOF_ID],
  ])('helps no proof for another %s (RFC 9449 4.3)', async (_, changes, { id }) => {
    const server = resourceServer()
    const key = signingKey('ES256')
    const token = boundTo(key)
    for (let round = 0; round < 3; round++) await server.validate(token, proof(token, {}, {}, key))
    const error = await rejectionOf(() => server.validate(token, proof(token, changes, {}, key)))
    expect(error).toMatchObject({ rule: id })
  })

  it('helps no proof with another signature, for another token, or by an algorithm that is not expected', async () => {
    const server = resourceServer()
    const key = signingKey('ES256')
    const token = boundTo(key)
    for (let round = 0; round < 3; round++) await server.validate(token, proof(token, {}, {}, key))

    const sound = proof(token, {}, {}, key)
    const tampered = withSignature(sound, flipBit(takeApart(sound).signature, 5))
    expect(await rejectionOf(() => server.validate(token, tampered))).toMatchObject({ rule: SIGNATURE_VALID.id })
    const others = boundTo(signingKey('ES256', 'other'))
    const stolen = await rejectionOf(() => server.validate(others, proof(others, {}, {}, key)))
    expect(stolen).toMatchObject({ rule: rules.PROOF_KEY_BOUND.id })
    const es384 = await rejectionOf(() => server.validate(token, sound, { signingAlgorithms: ['ES384'] }))
    expect(es384).toHaveProperty('code', 'OAUTH_INVALID_RESPONSE')
  })

  it('is kept for no proof that was refused', async () => {
    const server = resourceServer()
    const key = signingKey('ES256')
    const token = boundTo(key)
    await server
      .validate(accessToken({ cnf: { jkt: thumbprintOf(signingKey('ES256', 'warm').jwk) } }), '')
      .catch(() => 0)
    const sound = proof(token, {}, {}, key)
    const tampered = withSignature(sound, flipBit(takeApart(sound).signature, 5))
    for (let round = 0; round < 3; round++) await rejectionOf(() => server.validate(token, tampered))
    expect(await importsOf(() => server.validate(token, sound))).toBe(1)
    expect(await importsOf(() => server.validate(token, proof(token, { jti: 'b' }, {}, key)))).toBe(1)
  })

  it('is forgotten under a flood of new keys, unless it goes on being used; memory is bounded', async () => {
    const server = resourceServer()
    const [used, left] = [signingKey('ES256', 'used'), signingKey('ES256', 'left')]
    const [usedToken, leftToken] = [boundTo(used), boundTo(left)]
    for (let round = 0; round < 3; round++) {
      await server.validate(usedToken, proof(usedToken, {}, {}, used))
      await server.validate(leftToken, proof(leftToken, {}, {}, left))
    }
    for (let round = 0; round < 1100; round++) {
      const key = signingKey('Ed25519')
      const token = boundTo(key)
      await server.validate(token, proof(token, {}, {}, key))
      if (round % 100 === 0) await server.validate(usedToken, proof(usedToken, {}, {}, used))
    }
    expect(await importsOf(() => server.validate(usedToken, proof(usedToken, {}, {}, used)))).toBe(0)
    expect(await importsOf(() => server.validate(leftToken, proof(leftToken, {}, {}, left)))).toBe(1)
  })

  it('is looked at by every check again: a header with a private key was never kept', async () => {
    const server = resourceServer()
    const key = signingKey('ES256')
    const token = boundTo(key)
    for (let round = 0; round < 3; round++) await server.validate(token, proof(token, {}, {}, key))
    const jwk: JWK = { ...key.jwk, d: 'AAAA' }
    const error = await rejectionOf(() => server.validate(token, proof(token, {}, { jwk: { ...jwk } }, key)))
    expect(error).toMatchObject({ rule: rules.PROOF_KEY_PUBLIC.id })
  })
})
