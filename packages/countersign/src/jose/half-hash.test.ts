import { describe, expect, it } from 'vitest'
import { leftHalfOf } from '../testing/hybrid-response.ts'
import { refuses } from '../testing/refuses.ts'
import { HALF_HASH, halfHash } from './half-hash.ts'

const context = { trace: undefined }

describe('half hash', () => {
  it('is what the example of the specification has (OIDC Core A.4, A.6)', async () => {
    const code = 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'
    expect(await halfHash(context, 'RS256', code)).toBe('LDktKdoQak3Pk0cnXxCltA')
    const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'
    expect(await halfHash(context, 'RS256', accessToken)).toBe('77QmUPtjPfzWtF2AnpK9RQ')
  })

  it.each([
    ['RS256', 'sha256', 22],
    ['PS256', 'sha256', 22],
    ['ES256', 'sha256', 22],
    ['RS384', 'sha384', 32],
    ['PS384', 'sha384', 32],
    ['ES384', 'sha384', 32],
    ['RS512', 'sha512', 43],
    ['PS512', 'sha512', 43],
    ['ES512', 'sha512', 43],
    ['Ed25519', 'sha512', 43],
    ['EdDSA', 'sha512', 43],
  ] as const)('under %s is the left half of %s, %s characters (OIDC Core 3.3.2.11)', async (alg, hash, length) => {
    for (const text of ['SplxlOBeZQQYbYS6WxSbIA', 'ü€𝄞', '', 'x'.repeat(1000)]) {
      const value = await halfHash(context, alg, text)
      expect(value).toBe(leftHalfOf(hash, text))
      expect(value).toHaveLength(length)
    }
  })

  it.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'none', '', 'RS', 'eddsa', 'Ed448', 'ES256K'])(
    'is not defined under %j (OIDC Core 3.3.2.11)',
    async (alg) => {
      const error = await refuses(HALF_HASH, () => halfHash(context, alg, 'code'))
      expect(error).toMatchObject({ actual: alg })
    },
  )
})
