import fc from 'fast-check'
import {
  authentication,
  type AuthenticationInput,
  keyOfTheMethods,
  makeAuthentication,
  SECRET,
} from '../generators/authentication.ts'
import { aliasing, endpoint } from '../generators/endpoints.ts'
import { wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties, serverOf } from '../generators/metadata.ts'
import { makeParameters, parameters, type ParametersInput } from '../generators/parameters.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { opened } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly parties: Parties
  readonly authentication: AuthenticationInput
  readonly parameters: ParametersInput
  readonly options: RequestOptionsInput
}

/** CIBA Core §7.1: what is sent, to where, with which headers, and what is refused before it is sent. */
export const backchannelRequest: Topic = topic<Input>({
  name: 'backchannel authentication request',
  needs: ['backchannelAuthenticationRequest'],
  weight: 6,
  input: fc.record({
    parties: parties(endpoint('backchannel_authentication_endpoint'), aliasing),
    authentication,
    parameters,
    options: requestOptions,
  }),
  stage: (input) => async (scene) => {
    const key = await keyOfTheMethods()
    const { library } = scene
    const verifier = input.authentication === 'ClientSecretJwt' ? SECRET : key.publicKey
    const wire = transport(scene, [() => new Response('{}')], opened(verifier, undefined))
    const method = makeAuthentication(input.authentication, scene, key)
    const given = makeParameters(input.parameters)
    await scene.call('backchannelAuthenticationRequest', () =>
      library.backchannelAuthenticationRequest(
        serverOf(input.parties),
        clientOf(input.parties, library),
        method,
        wrong(given),
        wrong(makeOptions(input.options, scene, wire)),
      ),
    )
    scene.note('the parameters afterwards', given)
    scene.note('requests', wire.count())
  },
})
