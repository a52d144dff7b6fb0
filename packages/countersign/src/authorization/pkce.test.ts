import { describe, expect, it } from 'vitest'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { makesRandomText } from '../testing/random-text.ts'
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from './pkce.ts'

it('a new code verifier is 256 random bits, as 43 unreserved characters (RFC 7636 4.1, 7.1)', () => {
  makesRandomText(generateRandomCodeVerifier)
})

describe('the code challenge', () => {
  it('is that of the example (RFC 7636 appendix B)', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    expect(await calculatePKCECodeChallenge(verifier)).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  })

  it('of a new verifier is 43 characters of base64url (RFC 7636 4.2)', async () => {
    expect(await calculatePKCECodeChallenge(generateRandomCodeVerifier())).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it.each(NO_TEXTS)('is not calculated of %s', async (_title, verifier, code) => {
    // what callers without types do
    await isCallersMistake(code, () => calculatePKCECodeChallenge(verifier as string))
  })
})
