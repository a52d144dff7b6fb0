import { describe, expect, it } from 'vitest'
import { as, client } from '../testing/answers.ts'
import { CODE, hybridParameters, leftHalfOf, NONCE, STATE } from '../testing/hybrid-response.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signingKey } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import * as hybrid from './hybrid.rules.ts'
import { validateCodeIdTokenResponse, validateDetachedSignatureResponse } from './hybrid.ts'
import { expectNoState } from './response.ts'

/* c_hash and s_hash of hybrid responses. */

type Members = Record<string, JsonValue | undefined>
type Validate = typeof validateCodeIdTokenResponse

const key = signingKey('ES256', 'k')

function run(
  validate: Validate,
  parameters: URLSearchParams,
  state: string | typeof expectNoState = STATE,
  signer = key,
) {
  const party = { ...client, id_token_signed_response_alg: signer.alg }
  const { options } = keyServer(signer.jwk)
  return validate({ ...as }, party, parameters, NONCE, state, undefined, options)
}

/** A response, with claims changed, and then parameters. */
function changed(claims: Members, parameters: Record<string, string> = {}): URLSearchParams {
  const response = hybridParameters(key, claims)
  for (const [name, value] of Object.entries(parameters)) response.set(name, value)
  return response
}

/** A response without state. */
function stateless(claims: Members): URLSearchParams {
  const response = hybridParameters(key, claims)
  response.delete('state')
  return response
}

describe.each<[string, Validate]>([
  ['validateCodeIdTokenResponse', validateCodeIdTokenResponse],
  ['validateDetachedSignatureResponse', validateDetachedSignatureResponse],
])('%s', (_name, validate) => {
  it.each([
    ['RS256', 'sha256'],
    ['PS256', 'sha256'],
    ['ES256', 'sha256'],
    ['RS384', 'sha384'],
    ['PS384', 'sha384'],
    ['ES384', 'sha384'],
    ['RS512', 'sha512'],
    ['PS512', 'sha512'],
    ['ES512', 'sha512'],
    ['Ed25519', 'sha512'],
    ['EdDSA', 'sha512'],
  ] as const)('under %s takes c_hash and s_hash of %s alone (OIDC Core 3.3.2.11)', async (alg, hash) => {
    const signer = signingKey(alg, 'k')
    for (const other of ['sha256', 'sha384', 'sha512'] as const) {
      const hashes = { c_hash: leftHalfOf(other, CODE), s_hash: leftHalfOf(other, STATE) }
      const act = () => run(validate, hybridParameters(signer, hashes), STATE, signer)
      if (other === hash) expect((await act()).get('code')).toBe(CODE)
      else await refuses(hybrid.CODE_HASH, act, hybrid.STATE_HASH)
    }
  })

  it.each<[string, JsonValue]>([
    ['of another code', leftHalfOf('sha256', 'of-the-attacker')],
    ['of the whole hash', `${leftHalfOf('sha256', CODE)}${leftHalfOf('sha256', CODE)}`],
    ['with padding', `${leftHalfOf('sha256', CODE)}==`],
    ['in another case', leftHalfOf('sha256', CODE).toLowerCase()],
    ['of one character less', leftHalfOf('sha256', CODE).slice(1)],
    ['of the state', leftHalfOf('sha256', STATE)],
    ['that is the code itself', CODE],
  ])('refuses a c_hash %s (OIDC Core 3.3.2.10)', async (_, c_hash) => {
    const error = await refuses(hybrid.CODE_HASH, () => run(validate, changed({ c_hash })))
    expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', cause: { claim: 'c_hash' } })
    expect(error.cause).toMatchObject({ code: CODE, alg: 'ES256' })
  })

  it.each(['of-the-attacker', `${CODE} `, CODE.toLowerCase(), `${CODE}\u0000`])(
    'refuses a code that was replaced, by %j (OIDC Core 3.3.2.10)',
    async (code) => {
      await refuses(hybrid.CODE_HASH, () => run(validate, changed({}, { code })))
    },
  )

  it('takes a code of any characters by its UTF-8 (OIDC Core 3.3.2.11)', async () => {
    const code = 'ü€𝄞 +%'
    const parameters = changed({ c_hash: leftHalfOf('sha256', code) }, { code })
    expect((await run(validate, parameters)).get('code')).toBe(code)
  })

  it.each(everyTypeBut('a text'))('refuses a c_hash that is no text: %s (OIDC Core 3.3.2.11)', async (_, c_hash) => {
    const act = () => run(validate, changed({ c_hash }))
    await refuses(hybrid.CODE_HASH_PRESENT, act, hybrid.CODE_HASH)
  })

  it.each<[string, JsonValue]>([
    ['of another state', leftHalfOf('sha256', 'other')],
    ['with padding', `${leftHalfOf('sha256', STATE)}==`],
    ['of the code', leftHalfOf('sha256', CODE)],
    ['that is the state itself', STATE],
  ])('refuses an s_hash %s (FAPI 1.0 Part 2, 5.2.3.1)', async (_, s_hash) => {
    const error = await refuses(hybrid.STATE_HASH, () => run(validate, changed({ s_hash })))
    expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', cause: { claim: 's_hash' } })
    expect(error.cause).toMatchObject({ state: STATE, alg: 'ES256' })
  })

  it('refuses a response of another request, with its state replaced by this one’s (FAPI 1.0 Part 2, 5.2.3.1)', async () => {
    const s_hash = leftHalfOf('sha256', 'state-of-the-attacker')
    await refuses(hybrid.STATE_HASH, () => run(validate, changed({ s_hash }, { state: STATE })))
  })

  it.each(everyTypeBut('missing', 'a text'))(
    'refuses an s_hash that is no text: %s (FAPI 1.0 Part 2, 5.2.2.1)',
    async (_, s_hash) => {
      const act = () => run(validate, changed({ s_hash }))
      await refuses(hybrid.STATE_HASH_FORM, act, hybrid.STATE_HASH)
    },
  )

  it('refuses an s_hash without a state (FAPI 1.0 Part 2, 5.2.2.1)', async () => {
    const act = () => run(validate, stateless({ s_hash: leftHalfOf('sha256', '') }), expectNoState)
    const error = await refuses(hybrid.STATE_HASH_FORM, act)
    expect(error.cause).toMatchObject({ claim: 's_hash', parameters: expect.any(URLSearchParams) as unknown })
  })

  it('does without s_hash where the request had no state', async () => {
    expect((await run(validate, stateless({ s_hash: undefined }), expectNoState)).get('code')).toBe(CODE)
  })

  it('tells of a hash that differs neither the hash nor the code', async () => {
    for (const claims of [{ c_hash: 'other-hash-4711' }, { s_hash: 'other-hash-4711' }]) {
      const error = await rejectionOf(() => run(validate, changed(claims)))
      expect(JSON.stringify(error)).not.toMatch(new RegExp(`4711|${CODE}|${STATE}`))
    }
  })
})

describe('s_hash in a response with a state', () => {
  const parameters = () => changed({ s_hash: undefined })

  it('is not missing where the ID Token is to be a detached signature (FAPI 1.0 Part 2, 5.2.2.1)', async () => {
    await refuses(hybrid.STATE_HASH_PRESENT, () => run(validateDetachedSignatureResponse, parameters()))
  })

  it('may be missing where it is only an ID Token (OIDC Core 3.3.2.11)', async () => {
    expect((await run(validateCodeIdTokenResponse, parameters())).get('code')).toBe(CODE)
  })
})
