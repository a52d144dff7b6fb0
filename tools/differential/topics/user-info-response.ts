import fc from 'fast-check'
import { errorBody } from '../generators/error-body.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { makeToken, signed, type SignedInput } from '../generators/id-token.ts'
import { member, membersOf, objectBody, optional } from '../generators/json.ts'
import { clientOf, parties, type Parties, seldom, serverOf } from '../generators/metadata.ts'
import { mostlyFrom, pick } from '../generators/mostly.ts'
import { atAnEdge } from '../generators/moment.ts'
import { give, possibly, type PossibleResponse } from '../generators/possible-response.ts'
import { type ResponseInput, responseWith } from '../generators/response.ts'
import {
  makeDecryption,
  type ProcessingInput,
  processing,
  withDecryption,
  withoutDecryption,
} from '../generators/token-response.ts'
import type { Scene } from '../harness/scene.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly parties: Parties
  readonly subject: Subject
  readonly response: PossibleResponse
  readonly processing: ProcessingInput
}

type Subject = 'skip' | { readonly given: unknown }

const subject = mostlyFrom<Subject, Subject>(
  pick<Subject>({ given: 'someone' }, { given: 'someone' }, 'skip'),
  fc.oneof(pick<unknown>('other', '', 'SOMEONE'), garbage).map((given) => ({ given })),
  10,
)

const claims = membersOf(
  member('sub', '"someone"', '"other"', '" someone"'),
  optional('name', '"Some One"'),
  optional('email_verified', 'true', '"true"'),
  optional('address', '{}', '{"country":"X"}'),
  optional('updated_at', '1', '"1"'),
)

const needs = ['processUserInfoResponse', 'skipSubjectCheck', 'jweDecrypt']

async function act(scene: Scene, input: Input, token: string, milliseconds: number): Promise<void> {
  const { library } = scene
  const { response, noteBody } = await give(scene, input.response)
  const client = clientOf(input.parties, library)
  const expected = input.subject === 'skip' ? library.skipSubjectCheck : input.subject.given
  const options =
    input.processing.whole === 'object'
      ? makeDecryption(input.processing.decrypt, scene, token)
      : input.processing.whole.garbage
  scene.clock.at(milliseconds)
  await scene.call('processUserInfoResponse', () =>
    library.processUserInfoResponse(serverOf(input.parties), client, wrong(expected), response, wrong(options)),
  )
  noteBody()
}

/** OIDC Core §5.3.2 and §5.3.4: claims as JSON, and the subject that must be the ID Token's. */
export const userInfoResponse: Topic = topic<Input>({
  name: 'UserInfo response',
  needs,
  weight: 5,
  input: fc.record({
    parties: parties({}, { userinfo_signed_response_alg: seldom('ES256', '', 'none') }),
    subject,
    response: possibly(
      fc.oneof(
        { withCrossShrink: true },
        { arbitrary: responseWith(objectBody(claims)), weight: 4 },
        { arbitrary: responseWith(errorBody, 401), weight: 1 },
      ),
    ),
    processing: processing(withoutDecryption),
  }),
  stage: (input) => (scene) => act(scene, input, 'text', 0),
})

const signedClaims = membersOf(
  member('iss', '"https://as.example"', '"https://other.example"'),
  member('aud', '"client"', '["client"]', '["client","other"]', '"other"'),
  member('sub', '"someone"', '"other"'),
  mostlyFrom(
    fc.constant([]),
    fc.tuple(pick('exp', 'iat', 'nbf'), atAnEdge).map((one) => [one]),
    2,
  ),
  optional('exp', '"x"', '0'),
  optional('azp', '"other"'),
)

interface SignedUserInfo {
  readonly signed: SignedInput
  readonly encrypted: boolean
  readonly subject: Subject
  readonly response: ResponseInput
  readonly processing: ProcessingInput
}

/** OIDC Core §5.3.2: claims as a JWT, signed and perhaps encrypted. */
export const signedUserInfo: Topic = topic<SignedUserInfo>({
  name: 'signed UserInfo response',
  needs,
  weight: 6,
  input: fc.record({
    signed: signed(signedClaims, {
      client: 'userinfo_signed_response_alg',
      server: 'userinfo_signing_alg_values_supported',
    }),
    encrypted: mostlyFrom(fc.constant(false), fc.constant(true), 5),
    subject,
    response: responseWith(fc.constant(''), 200, 'application/jwt'),
    processing: processing(mostlyFrom(withoutDecryption, withDecryption, 1)),
  }),
  stage: ({ signed: token, encrypted, response, ...rest }) => {
    const text = makeToken(token)
    const body = encrypted ? 'e30.a.b.c.d' : text
    return (scene) =>
      act(scene, { ...rest, parties: token.parties, response: { ...response, body } }, text, token.milliseconds)
  },
})
