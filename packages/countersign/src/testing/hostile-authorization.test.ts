import fc, { type Arbitrary } from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { AuthorizationResponseError } from '../errors/authorization-response-error.ts'
import * as countersign from '../index.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import { as, client as unregistered, encodePart, idTokenClaims } from './answers.ts'
import * as hostile from './hostile.ts'
import { CODE, hybridClaims, hybridParameters, NONCE, STATE } from './hybrid-response.ts'
import { keyServer } from './key-server.ts'
import { resolvesOrRefuses } from './resolves-or-refuses.ts'
import { signatureOf, signedJwt, signingKey } from './signed.ts'

/*
 * No parameters with which a browser comes back make the functions that validate them do anything but return, or refuse
 * with an error of this library, which a log can take; and what they return was in what the server signed.
 */

const PARAMETERS = { seed: hostile.SEED, numRuns: 200 }

// a machine that does much else at the same time is slow
vi.setConfig({ testTimeout: 30_000 })

beforeAll(() => {
  console.log(`hostile authorization responses: COUNTERSIGN_SEED=${hostile.SEED} repeats it`)
})

const key = signingKey('ES256', 'k')
const client = {
  ...unregistered,
  id_token_signed_response_alg: 'ES256',
  authorization_signed_response_alg: 'ES256',
}
const { options } = keyServer(key.jwk)
// fetches its keys once
const server = { ...as }
const naming = { ...as, authorization_response_iss_parameter_supported: true }

function jarmClaims() {
  return { ...idTokenClaims(), code: CODE, state: STATE }
}

type Validate = (parameters: URLSearchParams) => Promise<URLSearchParams>

const FUNCTIONS: readonly (readonly [name: string, validate: Validate, valid: () => URLSearchParams])[] = [
  [
    'validateAuthResponse',
    async (parameters) => await Promise.resolve(countersign.validateAuthResponse(naming, client, parameters, STATE)),
    () => new URLSearchParams({ code: CODE, state: STATE, iss: as.issuer }),
  ],
  [
    'validateJwtAuthResponse',
    (parameters) => countersign.validateJwtAuthResponse(server, client, parameters, STATE, options),
    () => new URLSearchParams({ response: signedJwt(key, jarmClaims()) }),
  ],
  [
    'validateCodeIdTokenResponse',
    (parameters) =>
      countersign.validateCodeIdTokenResponse(server, client, parameters, NONCE, STATE, undefined, options),
    () => hybridParameters(key),
  ],
  [
    'validateDetachedSignatureResponse',
    (parameters) =>
      countersign.validateDetachedSignatureResponse(server, client, parameters, NONCE, STATE, undefined, options),
    () => hybridParameters(key),
  ],
]

/** Tells whether something resolved; an error of the server in what it sent is one of the ends that are right. */
async function ends(act: () => Promise<unknown>): Promise<boolean> {
  let fromServer = false
  const resolved = await resolvesOrRefuses(async () => {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof AuthorizationResponseError)) throw error
      fromServer = true
    }
  })
  return resolved && !fromServer
}

const name = fc.oneof(
  fc.constantFrom('code', 'state', 'iss', 'response', 'id_token', 'token', 'error', 'error_description', '__proto__'),
  fc.string({ unit: 'binary' }),
)
const value = fc.oneof(
  fc.constantFrom('', CODE, STATE, as.issuer, 'a.b.c', 'a.b.c.d.e', '..', 'null', '{}'),
  fc.string({ unit: 'binary' }),
  hostile.jsonText,
)
const pairs: Arbitrary<[string, string][]> = fc.array(fc.tuple(name, value), { maxLength: 8 })

async function holds<T>(input: Arbitrary<T>, act: (input: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(input, act), PARAMETERS)
}

describe.each(FUNCTIONS)(`%s, seed ${hostile.SEED}`, (_, validate, valid) => {
  it('takes a valid response', async () => {
    expect((await validate(valid())).get('code')).toBe(CODE)
  })

  it('resolves or refuses, whatever the parameters are', async () => {
    await holds(pairs, async (parameters) => {
      await ends(() => validate(new URLSearchParams(parameters)))
    })
  })

  it('resolves or refuses, whatever bytes they are', async () => {
    await holds(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), async (text) => {
      await ends(() => validate(new URLSearchParams(text)))
    })
  })

  it('gives no code and no state but those that were sent, whatever is added to a valid response', async () => {
    await holds(pairs, async (more) => {
      const parameters = new URLSearchParams([...valid(), ...more])
      await ends(async () => {
        const result = await validate(parameters)
        expect(result.getAll('state')).toEqual([STATE])
        expect(result.get('code')).toBe(CODE)
      })
    })
  })

  it('resolves or refuses, when the bytes of a valid response were changed', async () => {
    const text = String(valid())
    await holds(hostile.mutated(fc.constant(text)), async (bytes) => {
      const parameters = new URLSearchParams(new TextDecoder().decode(bytes))
      await ends(async () => {
        expect((await validate(parameters)).get('state')).toBe(STATE)
      })
    })
  })
})

/** Signs a payload as it is written, with members that stand there twice and numbers that are too large. */
function signText(text: string): string {
  const input = `${encodePart({ alg: key.alg, kid: 'k' })}.${encodeBase64url(encodeText(text))}`
  return `${input}.${signatureOf(key.alg, key.privateKey, input)}`
}

describe(`what a server signed, seed ${hostile.SEED}`, () => {
  it('resolves or is refused, as a JWT of JARM', async () => {
    const claims = hostile.jsonObjectText(jarmClaims(), 'error', 'response', 'id_token', 'iat', 'nbf', 'scope')
    await holds(claims, async (text) => {
      const response = signText(text)
      await ends(() =>
        countersign.validateJwtAuthResponse(server, client, new URLSearchParams({ response }), STATE, options),
      )
    })
  })

  it.each([
    ['validateCodeIdTokenResponse', countersign.validateCodeIdTokenResponse],
    ['validateDetachedSignatureResponse', countersign.validateDetachedSignatureResponse],
  ])('resolves or is refused, as an ID Token for %s', async (_, validate) => {
    await holds(hostile.jsonObjectText(hybridClaims(), 'auth_time', 'azp', 'nbf'), async (text) => {
      const parameters = new URLSearchParams({ code: CODE, state: STATE, id_token: signText(text) })
      await ends(() => validate(server, client, parameters, NONCE, STATE, 300, options))
    })
  })
})
