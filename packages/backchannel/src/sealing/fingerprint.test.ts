import { expect, it } from 'vitest'
import { fingerprintOf } from './fingerprint.ts'

it('is the same for the same parameters in any order, whatever the user_code (CIBA Core 7.1.2)', () => {
  const one = fingerprintOf('ciba', { scope: 'openid', login_hint: 'anna', user_code: '1234' })
  expect(fingerprintOf('ciba', { user_code: '5678', login_hint: 'anna', scope: 'openid' })).toBe(one)
  expect(fingerprintOf('ciba', { login_hint: 'anna', scope: 'openid' })).toBe(one)
  expect(fingerprintOf('device', { login_hint: 'anna', scope: 'openid' })).not.toBe(one)
  expect(fingerprintOf('ciba', { login_hint: 'anna', scope: 'openid', acr_values: '2' })).not.toBe(one)
})
