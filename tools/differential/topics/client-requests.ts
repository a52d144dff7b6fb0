import fc from 'fast-check'
import {
  authentication,
  type AuthenticationInput,
  keyOfTheMethods,
  makeAuthentication,
  SECRET,
} from '../generators/authentication.ts'
import { aliasing, endpoint } from '../generators/endpoints.ts'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties, seldom, serverOf } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { makeParameters, parameters, type ParametersInput } from '../generators/parameters.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { functionOf } from '../harness/library.ts'
import { opened } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly parties: Parties
  readonly authentication: AuthenticationInput
  /** The argument that is a text: a token, a code, a grant type. */
  readonly text: unknown
  readonly parameters: ParametersInput | 'absent'
  readonly options: RequestOptionsInput
  /** `true` for a handle of the library. */
  readonly handle: unknown
  readonly requestJwtResponse: unknown
}

interface Kind {
  readonly name: string
  readonly call: string
  readonly endpoint: string
  /** What stands between the client's authentication and the options. */
  readonly takes: 'text' | 'parameters' | 'text, parameters'
}

const KINDS: readonly Kind[] = [
  { name: 'refresh request', call: 'refreshTokenGrantRequest', endpoint: 'token_endpoint', takes: 'text' },
  { name: 'device code request', call: 'deviceCodeGrantRequest', endpoint: 'token_endpoint', takes: 'text' },
  {
    name: 'client credentials request',
    call: 'clientCredentialsGrantRequest',
    endpoint: 'token_endpoint',
    takes: 'parameters',
  },
  {
    name: 'request of any grant',
    call: 'genericTokenEndpointRequest',
    endpoint: 'token_endpoint',
    takes: 'text, parameters',
  },
  {
    name: 'device authorization request',
    call: 'deviceAuthorizationRequest',
    endpoint: 'device_authorization_endpoint',
    takes: 'parameters',
  },
  {
    name: 'pushed authorization request',
    call: 'pushedAuthorizationRequest',
    endpoint: 'pushed_authorization_request_endpoint',
    takes: 'parameters',
  },
  { name: 'revocation request', call: 'revocationRequest', endpoint: 'revocation_endpoint', takes: 'text' },
  { name: 'introspection request', call: 'introspectionRequest', endpoint: 'introspection_endpoint', takes: 'text' },
]

/** RFC 6749, 7009, 7662, 8628, 8693, 9126: every request in which the client says who it is. */
export const clientRequests: readonly Topic[] = KINDS.map((kind) =>
  topic<Input>({
    name: kind.name,
    needs: [kind.call, 'DPoP'],
    weight: 2.5,
    input: fc.record({
      parties: parties(endpoint(kind.endpoint), {
        ...aliasing,
        introspection_signed_response_alg: seldom('ES256', '', 'none'),
      }),
      authentication,
      text: mostlyFrom<unknown, unknown>(pick('1c266114', '1c266114', 'ü &=', ' '), garbage, 15),
      parameters: mostly<Input['parameters'], Input['parameters']>('absent', parameters, 1),
      options: requestOptions,
      handle: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, true), garbage), 8),
      requestJwtResponse: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, false), garbage), 6),
    }),
    stage: (input) => async (scene) => {
      const key = await keyOfTheMethods()
      const { library } = scene
      const verifier = input.authentication === 'ClientSecretJwt' ? SECRET : key.publicKey
      const wire = transport(scene, [() => new Response('{}')], opened(verifier, key.publicKey))
      const given = input.parameters === 'absent' ? undefined : makeParameters(input.parameters)
      const handle = input.handle === true ? library.DPoP({}, key) : input.handle
      const more = present({
        additionalParameters: kind.takes === 'text' ? given : undefined,
        DPoP: handle,
        requestJwtResponse: input.requestJwtResponse,
      })
      const args = [
        serverOf(input.parties),
        clientOf(input.parties, library),
        makeAuthentication(input.authentication, scene, key),
        ...(kind.takes.includes('text') ? [input.text] : []),
        ...(kind.takes.includes('parameters') ? [given] : []),
        makeOptions(input.options, scene, wire, more),
      ]
      await scene.call<unknown>(kind.call, () => wrong(functionOf(library, kind.call)(...args)))
      scene.note('the parameters afterwards', given)
      scene.note('requests', wire.count())
    },
  }),
)
