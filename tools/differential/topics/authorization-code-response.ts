import fc from 'fast-check'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { idTokenClaims, makeToken, signed, type SignedInput } from '../generators/id-token.ts'
import { clientOf, seldom, serverOf } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { makeProcessing, processing, type ProcessingInput, withoutDecryption } from '../generators/token-response.ts'
import type { Library } from '../harness/library.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly signed: SignedInput
  readonly withIdToken: boolean
  readonly tokenType: string
  /** `'none'` and `'skip'` stand for the symbols, which each library has its own of. */
  readonly expectedNonce: unknown
  readonly maxAge: unknown
  readonly requireIdToken: unknown
  readonly processing: ProcessingInput
}

const tokens = signed(idTokenClaims, {
  client: 'id_token_signed_response_alg',
  server: 'id_token_signing_alg_values_supported',
  more: {
    client: { require_auth_time: seldom(true, true, false, 1), default_max_age: seldom(0, 60, 60, 3600, -1, 0.5) },
  },
})

/** OIDC Core §3.1.3.7 items 11 and 13: the nonce and the age of the sign-in, as they were asked for. */
export const authorizationCodeResponse: Topic = topic<Input>({
  name: 'authorization code response',
  needs: ['processAuthorizationCodeResponse', 'expectNoNonce', 'skipAuthTimeCheck', 'getValidatedIdTokenClaims'],
  weight: 10,
  input: fc.record({
    signed: tokens,
    withIdToken: mostly(true, fc.constant(false), 6),
    tokenType: mostly('Bearer', pick('DPoP', 'mac')),
    expectedNonce: mostlyFrom<unknown, unknown>(pick<unknown>(undefined, undefined, 'nonce', 'none'), garbage, 8),
    maxAge: mostlyFrom<unknown, unknown>(pick<unknown>(undefined, undefined, undefined, 60, 'skip'), garbage, 8),
    requireIdToken: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, false), garbage), 3),
    processing: processing(withoutDecryption),
  }),
  stage: (input) => {
    const { maxAge } = input
    const token = makeToken(input.signed, typeof maxAge === 'number' ? maxAge : undefined)
    const id_token = input.withIdToken ? token : undefined
    const body = JSON.stringify({ access_token: 'token', token_type: input.tokenType, id_token })
    return async (scene) => {
      const { library, clock, call, name } = scene
      const response = name(new Response(body, { headers: { 'content-type': 'application/json' } }), 'the response')
      clock.at(input.signed.milliseconds)
      const processed = makeProcessing(input.processing, scene, token)
      const options =
        input.processing.whole === 'object' ? Object.assign({}, processed, requested(input, library)) : processed
      const result = await call('processAuthorizationCodeResponse', () =>
        library.processAuthorizationCodeResponse(
          serverOf(input.signed.parties),
          clientOf(input.signed.parties, library),
          response,
          wrong(options),
        ),
      )
      if (result !== undefined) await call('claims', () => library.getValidatedIdTokenClaims(result))
    }
  },
})

function requested({ expectedNonce, maxAge, requireIdToken }: Input, library: Library): object {
  return present({
    expectedNonce: expectedNonce === 'none' ? library.expectNoNonce : expectedNonce,
    maxAge: maxAge === 'skip' ? library.skipAuthTimeCheck : maxAge,
    requireIdToken,
  })
}
