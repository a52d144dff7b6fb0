import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { JSON_ATTRIBUTE_COMPARISON, RESPONSE_BODY_ERROR } from 'countersign'
import { buildPrograms, type Programs } from './programs.ts'
import { run } from './run.ts'
import { type Command, isInstalled, type Runtime, RUNTIMES } from './runtimes.ts'
import type { SignInConfiguration } from './sign-in.ts'

const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'Ed25519'] as const
type Algorithm = (typeof ALGORITHMS)[number]

/** Set where every runtime must be there, so that none is left out in silence. */
const REQUIRE_ALL = process.env.COUNTERSIGN_REQUIRE_ALL === '1'

function isLeftOut(runtime: Runtime): boolean {
  return !REQUIRE_ALL && !isInstalled(runtime)
}

for (const { name } of RUNTIMES.filter(isLeftOut)) {
  console.log(`skipped: CIBA in ${name}, which is not installed here; \`npm run setup:runtimes\` installs it`)
}

describe('a whole CIBA sign-in with the published build', { timeout: 60_000 }, () => {
  const keys = new Map<Algorithm, ClientKey>()
  let provider: RunningProvider
  let programs: Programs
  let scratch: string

  beforeAll(async () => {
    for (const alg of ALGORITHMS) {
      keys.set(alg, await generateClientKey(alg))
    }
    provider = await startProvider({
      signingAlgorithms: ALGORITHMS,
      clients: [...keys].map(([alg, { publicJwk }]) => ({
        client_id: alg,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicJwk] },
        id_token_signed_response_alg: alg,
      })),
    })
    programs = await buildPrograms()
    scratch = await mkdtemp(join(tmpdir(), 'countersign-'))
  })

  afterAll(async () => {
    await provider.close()
    await rm(scratch, { recursive: true })
  })

  /** A client whose own key and whose ID Tokens are of this algorithm. */
  function configurationOf(alg: Algorithm): SignInConfiguration {
    const key = keys.get(alg)
    if (!key) {
      throw new Error(`no key was made for ${alg}`)
    }
    return {
      issuer: provider.issuer,
      clientId: alg,
      clientKey: key.privateJwk,
      clientKeyAlgorithm: key.importAlgorithm,
      idTokenAlgorithm: alg,
      loginHint: 'anna',
      bindingMessage: 'W4SCT',
      defaultInterval: 0.1,
    }
  }

  describe.each(RUNTIMES)('in $name', (runtime) => {
    const leftOut = isLeftOut(runtime)

    async function commandFor(configuration: SignInConfiguration): Promise<Command> {
      if (!isInstalled(runtime)) {
        throw new Error(`${runtime.name} is not installed here; \`npm run setup:runtimes\` installs it`)
      }
      return await runtime.command(programs, configuration, scratch)
    }

    it.skipIf(leftOut).each(ALGORITHMS)('approved, with keys of %s on both sides', async (alg) => {
      const command = await commandFor(configurationOf(alg))
      const outcome = await run(command, (authReqId) => provider.phone.approve(authReqId))
      expect(outcome).toMatchObject({
        claims: { iss: provider.issuer, sub: 'anna', aud: alg },
        tokenType: 'dpop',
        userInfo: { sub: 'anna', name: 'Anna Example' },
      })
      // it waited for the person once at least
      expect('polls' in outcome && outcome.polls > 1).toBe(true)
    })

    it.skipIf(leftOut)("refused by the person: the server's error, with its class and code", async () => {
      const command = await commandFor(configurationOf('ES256'))
      expect(await run(command, (authReqId) => provider.phone.deny(authReqId))).toEqual({
        error: { name: 'ResponseBodyError', code: RESPONSE_BODY_ERROR, oauthError: 'access_denied' },
      })
    })

    it.skipIf(leftOut)('refused by a rule of the library, with its class and code', async () => {
      const issuer = provider.issuer.replace('127.0.0.1', 'localhost')
      const command = await commandFor({ ...configurationOf('ES256'), issuer })
      expect(await run(command, (authReqId) => provider.phone.approve(authReqId))).toEqual({
        error: { name: 'OperationProcessingError', code: JSON_ATTRIBUTE_COMPARISON },
      })
    })
  })
})
