import * as oauth4webapi from 'oauth4webapi'
import { expect, it } from 'vitest'
import { OPPONENT } from '../libraries.ts'
import { bearer } from './bearer.ts'

const PACE = { slice: 1, budget: 1 }
const honest = { name: OPPONENT, api: oauth4webapi, settings: {} }

/** Validates everything but the signature: takes another one in its place, which is right. */
async function withoutSignature(
  ...[as, request, audience, options]: Parameters<typeof oauth4webapi.validateJwtAccessToken>
) {
  const claims = await oauth4webapi.validateJwtAccessToken(as, request, audience, options).catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.includes('signature')) throw error
    const [, payload = ''] = String(request.headers.get('authorization')).split('.')
    const read: oauth4webapi.JWTAccessTokenClaims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return read
  })
  return claims
}

it('is not held with who skips the signature', async () => {
  const cheater = { name: 'cheater', api: { ...oauth4webapi, validateJwtAccessToken: withoutSignature }, settings: {} }
  const match = await bearer([honest, cheater], 'ES256')
  await expect(match.measure(1, PACE, (name) => name === 'cheater')).rejects.toThrow('accepts a forged signature')
})

it('is held with everybody else', async () => {
  const match = await bearer([honest], 'ES256')
  const times = await match.measure(1, PACE, () => true)
  expect([...times.keys()]).toEqual([
    OPPONENT,
    'jose',
    'fast-jwt',
    'subtle.verify alone',
    'crypto.verify alone (callback)',
    'crypto.verify alone (sync)',
  ])
})
