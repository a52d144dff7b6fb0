import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as claimRules from '../jose/claims.ts'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import { accessToken, request, validate } from '../testing/resource-server.ts'
import type { ValidateJWTAccessTokenOptions } from './access-token.ts'

const NOW = 1_800_000_000

beforeEach(() => {
  // 999 ms of the second have passed: the present is counted in whole seconds
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 })
})
afterEach(() => {
  vi.useRealTimers()
})

type Clock = Pick<ValidateJWTAccessTokenOptions, typeof clockSkew | typeof clockTolerance>

function withClaims(changes: Parameters<typeof accessToken>[0], clock: Clock = {}) {
  return validate(request(`Bearer ${accessToken(changes)}`), clock)
}

it.each<[seconds: number, clock: Clock]>([
  [-29, {}],
  [1, { [clockTolerance]: 0 }],
  [-59, { [clockTolerance]: 60 }],
  [-59, { [clockSkew]: -30 }],
  [31, { [clockSkew]: 60 }],
])('exp in %d s holds with %o (RFC 9068 4 item 6)', async (seconds, clock) => {
  expect(await withClaims({ exp: NOW + seconds }, clock)).toMatchObject({ sub: 'anna' })
})

it.each<[seconds: number, clock: Clock]>([
  [-30, {}],
  [-30.5, {}],
  [0, { [clockTolerance]: 0 }],
  [-60, { [clockTolerance]: 60 }],
  [-60, { [clockSkew]: -30 }],
  [30, { [clockSkew]: 60 }],
  // values that count for none
  [-30, { [clockTolerance]: Infinity }],
  [-30, { [clockTolerance]: -60 }],
  [-30, { [clockSkew]: -Infinity }],
])('exp in %d s is refused with %o (RFC 9068 4 item 6)', async (seconds, clock) => {
  const exp = NOW + seconds
  const error = await refuses(claimRules.JWT_NOT_EXPIRED, () => withClaims({ exp }, clock))
  expect(error).toMatchObject({ actual: exp })
})

it.each<[seconds: number, clock: Clock]>([
  [30, {}],
  [0, { [clockTolerance]: 0 }],
  [60, { [clockSkew]: 30 }],
])('nbf in %d s holds with %o (RFC 7519 4.1.5)', async (seconds, clock) => {
  expect(await withClaims({ nbf: NOW + seconds }, clock)).toMatchObject({ sub: 'anna' })
})

it.each<[seconds: number, clock: Clock]>([
  [31, {}],
  [1, { [clockTolerance]: 0 }],
  [61, { [clockSkew]: 30 }],
])('nbf in %d s is refused with %o (RFC 7519 4.1.5)', async (seconds, clock) => {
  await refuses(claimRules.JWT_ALREADY_VALID, () => withClaims({ nbf: NOW + seconds }, clock))
})

it.each([0, NOW - 86_400, NOW + 86_400])('iat of %d is a time like any other', async (iat) => {
  expect(await withClaims({ iat })).toMatchObject({ iat })
})

it.each([
  ['exp', claimRules.JWT_EXPIRES, [claimRules.JWT_NOT_EXPIRED]],
  ['iat', claimRules.JWT_ISSUED_AT, []],
  ['nbf', claimRules.JWT_NOT_BEFORE, [claimRules.JWT_ALREADY_VALID]],
] as const)('%s is refused as anything but a number (RFC 7519 2)', async (claim, rule, backstops) => {
  for (const [, value] of everyTypeBut('missing', 'zero', 'a number')) {
    await refuses(rule, () => withClaims({ [claim]: value }), ...backstops)
  }
})
