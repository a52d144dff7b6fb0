// The tests of one platform, runtime or browser: every flow with keys of every algorithm, less what cannot.ts names.
import {
  AUTHORIZATION_RESPONSE_ERROR,
  INVALID_RESPONSE,
  JSON_ATTRIBUTE_COMPARISON,
  RESPONSE_BODY_ERROR,
} from 'countersign'
import { describe, expect, it } from 'vitest'
import { cannot } from './cannot.ts'
import type { Configuration, Flow, Outcome } from './program/configuration.ts'
import { type Algorithm, ALGORITHMS, PLAIN_CLIENT, REDIRECT_URI, RESOURCE, type TestProvider } from './provider.ts'

export interface Platform {
  readonly name: string
  /** It is not here, and need not be. */
  readonly leftOut: boolean
  readonly run: (configuration: Configuration) => Promise<Outcome>
}

const SIGNATURES = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'],
  ...['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
]

export function testPlatform({ name, leftOut, run }: Platform, provider: () => TestProvider): void {
  /** A client whose own key and whose ID Tokens are of this algorithm. */
  function configurationOf(flow: Flow, alg: Algorithm): Configuration {
    const running = provider()
    const { privateJwk, importAlgorithm } = running.clientKey(alg)
    return {
      flow,
      issuer: running.issuer,
      person: running.person,
      redirectUri: REDIRECT_URI,
      resource: RESOURCE,
      clientId: alg,
      clientKey: privateJwk,
      clientKeyAlgorithm: importAlgorithm,
      algorithm: alg,
      signed: true,
      decision: 'approve',
    }
  }

  const signedIn = (alg: Algorithm) => ({
    claims: { iss: provider().issuer, sub: 'anna', aud: alg },
    tokenType: 'dpop',
  })
  const userInfo = { sub: 'anna', name: 'Anna Example' }

  describe.skipIf(leftOut)(`in ${name}`, { timeout: 90_000 }, () => {
    it.each(ALGORITHMS)('CIBA, approved, with keys of %s on both sides', async (alg) => {
      const outcome = await run(configurationOf('ciba', alg))
      expect(outcome).toMatchObject({ ...signedIn(alg), userInfo, waited: true })
    })

    it("CIBA, refused by the person: the server's error, with its class and code", async () => {
      expect(await run({ ...configurationOf('ciba', 'ES256'), decision: 'deny' })).toEqual({
        error: { name: 'ResponseBodyError', code: RESPONSE_BODY_ERROR, oauthError: 'access_denied' },
      })
    })

    it('refused by a rule of the library, with its class and code', async () => {
      const configuration = configurationOf('ciba', 'ES256')
      const issuer = configuration.issuer.replace('127.0.0.1', 'localhost')
      expect(await run({ ...configuration, issuer })).toEqual({
        error: { name: 'OperationProcessingError', code: JSON_ATTRIBUTE_COMPARISON },
      })
    })

    it.each(ALGORITHMS)(
      'authorization code with PKCE, PAR, JAR, JARM, DPoP with nonces, UserInfo, refresh, introspection, revocation: %s',
      async (alg) => {
        expect(await run(configurationOf('authorization-code', alg))).toMatchObject({
          ...signedIn(alg),
          jarm: true,
          userInfo,
          refreshed: { tokenType: 'dpop', sub: 'anna', isNew: true },
          introspection: { active: true, client_id: alg, sub: 'anna' },
          signedIntrospection: { active: true, client_id: alg, sub: 'anna' },
          revoked: { active: false },
        })
      },
    )

    it('the same without JAR, JARM and signed UserInfo', async () => {
      const configuration = configurationOf('authorization-code', 'ES256')
      const outcome = await run({ ...configuration, clientId: PLAIN_CLIENT, signed: false })
      expect(outcome).toMatchObject({ claims: { sub: 'anna', aud: PLAIN_CLIENT }, jarm: false, userInfo })
    })

    it('authorization code, refused by the person: AuthorizationResponseError', async () => {
      expect(await run({ ...configurationOf('authorization-code', 'ES256'), decision: 'deny' })).toEqual({
        error: {
          name: 'AuthorizationResponseError',
          code: AUTHORIZATION_RESPONSE_ERROR,
          oauthError: 'access_denied',
        },
      })
    })

    it('device authorization (RFC 8628)', async () => {
      expect(await run(configurationOf('device', 'ES256'))).toMatchObject({ ...signedIn('ES256'), waited: true })
    })

    it.each(ALGORITHMS)('client credentials, and validateJwtAccessToken with DPoP, signed by %s', async (alg) => {
      expect(await run(configurationOf('client-credentials', alg))).toMatchObject({
        tokenType: 'dpop',
        claims: { iss: provider().issuer, aud: RESOURCE, client_id: alg, scope: 'read' },
      })
    })

    it('registration (RFC 7591), and client_secret_basic', async () => {
      expect(await run(configurationOf('registration', 'ES256'))).toEqual({
        name: 'registered by a program',
        tokenType: 'bearer',
      })
    })

    it.each(SIGNATURES)('signs and verifies by %s', async (algorithm) => {
      const outcome = await run({ ...configurationOf('signature', 'ES256'), algorithm })
      const limit = cannot(name, algorithm)
      if (limit === undefined) {
        expect(outcome).toEqual({ sub: 'anna', alg: algorithm, forged: INVALID_RESPONSE })
      } else {
        // it still cannot: what it has learnt meanwhile must leave the list
        expect(outcome, limit.reason).toMatchObject({ error: limit.error })
      }
    })
  })
}
