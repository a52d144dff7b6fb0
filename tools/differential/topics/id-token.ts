import fc from 'fast-check'
import { type Grant, grant, GRANTS } from '../generators/grants.ts'
import { wrong } from '../generators/garbage.ts'
import { idTokenClaims, makeToken, signed, type SignedInput } from '../generators/id-token.ts'
import { clientOf, seldom, serverOf } from '../generators/metadata.ts'
import { mostly, pick } from '../generators/mostly.ts'
import {
  makeProcessing,
  processing,
  type ProcessingInput,
  withDecryption,
  withoutDecryption,
} from '../generators/token-response.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly grant: Grant
  readonly signed: SignedInput
  readonly processing: ProcessingInput
  /** What stands in the answer: the token itself, or five parts that the caller's hook decrypts (RFC 7516 §3.1). */
  readonly sent: string
}

const tokens = signed(idTokenClaims, {
  client: 'id_token_signed_response_alg',
  server: 'id_token_signing_alg_values_supported',
  more: {
    client: { require_auth_time: seldom(true, true, false, 1), default_max_age: seldom(0, 60, 60, 3600, -1, 0.5) },
  },
})

const stage: Topic<Input>['stage'] = (input) => {
  const token = makeToken(input.signed)
  const body = JSON.stringify({ access_token: 'token', token_type: 'Bearer', id_token: input.sent || token })
  return async (scene) => {
    const { library } = scene
    const response = scene.name(new Response(body, { headers: { 'content-type': 'application/json' } }), 'the response')
    const client = clientOf(input.signed.parties, library)
    const options = makeProcessing(input.processing, scene, token)
    scene.clock.at(input.signed.milliseconds)
    const result = await scene.call(input.grant, () =>
      library[input.grant](serverOf(input.signed.parties), client, response, wrong(options)),
    )
    if (result === undefined) return
    await scene.call('getValidatedIdTokenClaims', () => library.getValidatedIdTokenClaims(result))
  }
}

const needs = [...GRANTS, 'getValidatedIdTokenClaims', 'jweDecrypt']

/** OIDC Core §3.1.3.7 and JWT: header, claims, times at their edges, and damaged encodings. */
export const idToken: Topic = topic<Input>({
  name: 'ID Token',
  needs,
  weight: 16,
  input: fc.record({ grant, signed: tokens, processing: processing(withoutDecryption), sent: fc.constant('') }),
  stage,
})

export const encryptedIdToken: Topic = topic<Input>({
  name: 'encrypted ID Token',
  needs,
  weight: 3,
  input: fc.record({
    grant,
    signed: tokens,
    processing: processing(withDecryption),
    sent: mostly('e30.a.b.c.d', pick('....', 'a.b.c.d.e.f', 'e30.a.b.c.', '.a.b.c.d', 'a.b.c.d', '!.!.!.!.!')),
  }),
  stage,
})
