import fc from 'fast-check'
import { type Grant, grant, GRANTS } from '../generators/grants.ts'
import { errorBody } from '../generators/error-body.ts'
import { wrong } from '../generators/garbage.ts'
import { type Members, membersOf, objectBody, optional } from '../generators/json.ts'
import { clientOf, parties, type Parties, seldom, serverOf } from '../generators/metadata.ts'
import { give, possibly, type PossibleResponse } from '../generators/possible-response.ts'
import { responseWith } from '../generators/response.ts'
import {
  makeProcessing,
  processing,
  type ProcessingInput,
  tokenMembers,
  withoutDecryption,
} from '../generators/token-response.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly grant: Grant
  readonly parties: Parties
  readonly response: PossibleResponse
  readonly processing: ProcessingInput
}

const idToken = optional('id_token', '"a.b.c"', '"a.b.c.d.e"', '"e30.e30."', '".."', '"...."')
const answer = fc.tuple(tokenMembers, membersOf(idToken)).map((parts): Members => parts.flat())

/** RFC 6749 §5: the members of a token answer and of an error answer, without a whole ID Token. */
export const tokenResponse: Topic = topic<Input>({
  name: 'token response',
  needs: [...GRANTS, 'getValidatedIdTokenClaims', 'jweDecrypt'],
  weight: 8,
  input: fc.record({
    grant,
    parties: parties({}, { require_auth_time: seldom(true, false), default_max_age: seldom(0, 60) }),
    response: possibly(
      fc.oneof(
        { withCrossShrink: true },
        { arbitrary: responseWith(objectBody(answer)), weight: 3 },
        { arbitrary: responseWith(errorBody, 400), weight: 1 },
      ),
    ),
    processing: processing(withoutDecryption),
  }),
  stage: (input) => async (scene) => {
    const { library } = scene
    const { response, noteBody } = await give(scene, input.response)
    const client = clientOf(input.parties, library)
    const options = makeProcessing(input.processing, scene, 'text')
    const result = await scene.call(input.grant, () =>
      library[input.grant](serverOf(input.parties), client, response, wrong(options)),
    )
    noteBody()
    if (result === undefined) return
    await scene.call('getValidatedIdTokenClaims', () => library.getValidatedIdTokenClaims(result))
  },
})
