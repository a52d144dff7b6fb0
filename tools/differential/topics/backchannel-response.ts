import fc from 'fast-check'
import { errorBody } from '../generators/error-body.ts'
import { member, membersOf, objectBody, optional } from '../generators/json.ts'
import { clientOf, parties, type Parties, serverOf } from '../generators/metadata.ts'
import { give, possibly, type PossibleResponse } from '../generators/possible-response.ts'
import { responseWith } from '../generators/response.ts'
import { type Topic, topic } from '../harness/topic.ts'

const acknowledgement = membersOf(
  member('auth_req_id', '"1c266114-a1be-4252-8ad1-04986c5b9ac1"', '"x"', '" "'),
  member('expires_in', '120', '"120"', '0', '-1', '0.5', '1e3', '1e999', '"0"', '" 5 "', '"0x10"', '"5s"'),
  optional('interval', '5', '"5"', '0', '-1', '0.5', '1e999', '"0"', 'null'),
)

/** CIBA Core §7.3 and §13: the acknowledgement, and the refusal. */
export const backchannelResponse: Topic = topic<{ readonly parties: Parties; readonly response: PossibleResponse }>({
  name: 'backchannel authentication response',
  needs: ['processBackchannelAuthenticationResponse'],
  weight: 8,
  input: fc.record({
    parties: parties(),
    response: possibly(
      fc.oneof(
        { withCrossShrink: true },
        { arbitrary: responseWith(objectBody(acknowledgement)), weight: 3 },
        { arbitrary: responseWith(errorBody, 400), weight: 1 },
      ),
    ),
  }),
  stage: (input) => async (scene) => {
    const { library } = scene
    const { response, noteBody } = await give(scene, input.response)
    const client = clientOf(input.parties, library)
    await scene.call('processBackchannelAuthenticationResponse', () =>
      library.processBackchannelAuthenticationResponse(serverOf(input.parties), client, response),
    )
    noteBody()
  },
})
