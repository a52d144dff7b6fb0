import fc from 'fast-check'
import {
  authentication,
  type AuthenticationInput,
  keyOfTheMethods,
  makeAuthentication,
  SECRET,
} from '../generators/authentication.ts'
import { aliasing, endpoint } from '../generators/endpoints.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties, serverOf } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { makeParameters, parameters, type ParametersInput } from '../generators/parameters.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { opened } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly parties: Parties
  readonly authentication: AuthenticationInput
  readonly authReqId: unknown
  readonly additional: ParametersInput | 'absent'
  readonly options: RequestOptionsInput
  /** What stands as the DPoP handle, where it is not a handle. */
  readonly handle: unknown
}

/** CIBA Core §10.1: the request that polls, with whatever else the caller adds to it. */
export const tokenRequest: Topic = topic<Input>({
  name: 'backchannel token request',
  needs: ['backchannelAuthenticationGrantRequest'],
  weight: 5,
  input: fc.record({
    parties: parties(endpoint('token_endpoint'), aliasing),
    authentication,
    authReqId: mostlyFrom<unknown, unknown>(pick('1c266114', '1c266114', 'ü &=', ' '), garbage, 15),
    additional: mostly<Input['additional'], Input['additional']>('absent', parameters, 1),
    options: requestOptions,
    handle: mostly<unknown, unknown>(undefined, garbage, 20),
  }),
  stage: (input) => async (scene) => {
    const key = await keyOfTheMethods()
    const { library } = scene
    const verifier = input.authentication === 'ClientSecretJwt' ? SECRET : key.publicKey
    const wire = transport(scene, [() => new Response('{}')], opened(verifier, undefined))
    const additionalParameters = input.additional === 'absent' ? undefined : makeParameters(input.additional)
    const options = makeOptions(input.options, scene, wire, { additionalParameters, DPoP: input.handle })
    const method = makeAuthentication(input.authentication, scene, key)
    const client = clientOf(input.parties, library)
    const request = library.backchannelAuthenticationGrantRequest
    await scene.call('backchannelAuthenticationGrantRequest', () =>
      request(serverOf(input.parties), client, method, wrong(input.authReqId), wrong(options)),
    )
    scene.note('the additional parameters afterwards', additionalParameters)
    scene.note('requests', wire.count())
  },
})
