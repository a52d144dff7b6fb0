import fc from 'fast-check'
import { keyOfTheMethods } from '../generators/authentication.ts'
import { endpoint } from '../generators/endpoints.ts'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { parties, type Parties, serverOf } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { opened } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly parties: Parties
  readonly metadata: unknown
  readonly initialAccessToken: unknown
  /** `true` for a handle of the library. */
  readonly handle: unknown
  readonly options: RequestOptionsInput
}

const metadata = pick<unknown>(
  { redirect_uris: ['https://client.example/'], client_name: 'ü' },
  { use_mtls_endpoint_aliases: true },
  { nothing: undefined, toJSON: () => ({ own: 1 }) },
)

/** RFC 7591 §3.1: a client that registers itself. */
export const registrationRequest: Topic = topic<Input>({
  name: 'registration request',
  needs: ['dynamicClientRegistrationRequest', 'DPoP'],
  weight: 3,
  input: fc.record({
    parties: parties(endpoint('registration_endpoint')),
    metadata: mostlyFrom<unknown, unknown>(metadata, garbage, 10),
    initialAccessToken: mostlyFrom<unknown, unknown>(pick(undefined, 'token', 'two words'), garbage, 12),
    handle: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, true), garbage), 5),
    options: requestOptions,
  }),
  stage: (input) => async (scene) => {
    const key = await keyOfTheMethods()
    const { library } = scene
    const wire = transport(scene, [() => new Response('{}')], opened(undefined, key.publicKey))
    const handle = input.handle === true ? library.DPoP({}, key) : input.handle
    const more = present({ initialAccessToken: input.initialAccessToken, DPoP: handle })
    await scene.call('dynamicClientRegistrationRequest', () =>
      library.dynamicClientRegistrationRequest(
        serverOf(input.parties),
        wrong(input.metadata),
        wrong(makeOptions(input.options, scene, wire, more)),
      ),
    )
    scene.note('requests', wire.count())
  },
})
