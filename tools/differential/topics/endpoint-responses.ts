import fc from 'fast-check'
import { errorBody } from '../generators/error-body.ts'
import { wrong } from '../generators/garbage.ts'
import { member, type Members, membersOf, objectBody, optional } from '../generators/json.ts'
import { clientOf, parties, type Parties, seldom, serverOf } from '../generators/metadata.ts'
import { give, possibly, type PossibleResponse } from '../generators/possible-response.ts'
import { responseWith } from '../generators/response.ts'
import { functionOf } from '../harness/library.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Kind {
  readonly name: string
  readonly call: string
  readonly status: number
  readonly members: fc.Arbitrary<Members>
  /** Whether the function takes the metadata of both parties. */
  readonly withParties: boolean
}

const SECONDS = ['"120"', '0', '-1', '0.5', '1e3', '1e999', '"0"', '" 5 "', '"0x10"', '"5s"']

const KINDS: readonly Kind[] = [
  {
    name: 'device authorization response',
    call: 'processDeviceAuthorizationResponse',
    status: 200,
    withParties: true,
    members: membersOf(
      member('device_code', '"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"', '" "'),
      member('user_code', '"WDJB-MJHT"', '" "'),
      member('verification_uri', '"https://as.example/device"', '"relative"'),
      optional('verification_uri_complete', '"https://as.example/device?c"', '""'),
      member('expires_in', '1800', ...SECONDS),
      optional('interval', '5', '"5"', '0', '-1', '0.5', '1e999', 'null'),
    ),
  },
  {
    name: 'pushed authorization response',
    call: 'processPushedAuthorizationResponse',
    status: 201,
    withParties: true,
    members: membersOf(
      member('request_uri', '"urn:ietf:params:oauth:request_uri:6esc"', '" "'),
      member('expires_in', '60', ...SECONDS),
    ),
  },
  {
    name: 'registration response',
    call: 'processDynamicClientRegistrationResponse',
    status: 201,
    withParties: false,
    members: membersOf(
      member('client_id', '"client"', '" "'),
      optional('client_secret', '"secret"', '"secret"', '""'),
      optional('client_secret_expires_at', '0', '0', '1893276000', '"0"', '-1', '0.5', '1e999'),
      optional('redirect_uris', '["https://client.example/"]', '[1]'),
      optional('use_mtls_endpoint_aliases', 'true'),
    ),
  },
  {
    name: 'revocation response',
    call: 'processRevocationResponse',
    status: 200,
    withParties: false,
    members: membersOf(optional('error', '"unsupported_token_type"')),
  },
  {
    name: 'introspection response',
    call: 'processIntrospectionResponse',
    status: 200,
    withParties: true,
    members: membersOf(
      member('active', 'true', 'false', '"true"', '1'),
      optional('exp', '1', '"1"'),
      optional('client_id', '"client"'),
      optional('token_introspection', '{"active":true}'),
    ),
  },
]

interface Input {
  readonly parties: Parties
  readonly response: PossibleResponse
}

/** RFC 7009, 7591, 7662, 8628, 9126: what these endpoints answer as JSON. */
export const endpointResponses: readonly Topic[] = KINDS.map((kind) =>
  topic<Input>({
    name: kind.name,
    needs: [kind.call],
    weight: 3,
    input: fc.record({
      parties: parties({}, { introspection_signed_response_alg: seldom('ES256', 'none') }),
      response: possibly(
        fc.oneof(
          { withCrossShrink: true },
          { arbitrary: responseWith(objectBody(kind.members), kind.status), weight: 4 },
          { arbitrary: responseWith(errorBody, 400), weight: 1 },
        ),
      ),
    }),
    stage: (input) => async (scene) => {
      const { library } = scene
      const { response, noteBody } = await give(scene, input.response)
      const both = kind.withParties ? [serverOf(input.parties), clientOf(input.parties, library)] : []
      await scene.call<unknown>(kind.call, () => wrong(functionOf(library, kind.call)(...both, response)))
      noteBody()
    },
  }),
)
