import fc from 'fast-check'
import { aliasing, endpoint } from '../generators/endpoints.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties, serverOf, usually } from '../generators/metadata.ts'
import { mostlyFrom, pick } from '../generators/mostly.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly parties: Parties
  readonly accessToken: unknown
  readonly options: RequestOptionsInput
}

/** OIDC Core §5.3.1: the request for claims about the person. */
export const userInfoRequest: Topic = topic<Input>({
  name: 'UserInfo request',
  needs: ['userInfoRequest'],
  weight: 3,
  input: fc.record({
    parties: parties(endpoint('userinfo_endpoint'), {
      ...aliasing,
      userinfo_signed_response_alg: usually(undefined, 'ES256', 'none', ''),
    }),
    accessToken: mostlyFrom<unknown, unknown>(
      pick('token', 'token', 'a.b-c_d~+/=', 'two words', 'ü', 'a\nb'),
      garbage,
      20,
    ),
    options: requestOptions,
  }),
  stage: (input) => async (scene) => {
    const wire = transport(scene, [() => new Response('{}')])
    const { library } = scene
    const client = clientOf(input.parties, library)
    const options = makeOptions(input.options, scene, wire)
    await scene.call('userInfoRequest', () =>
      library.userInfoRequest(serverOf(input.parties), client, wrong(input.accessToken), wrong(options)),
    )
    scene.note('requests', wire.count())
  },
})
