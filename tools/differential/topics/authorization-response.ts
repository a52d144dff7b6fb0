import fc from 'fast-check'
import {
  authentication,
  type AuthenticationInput,
  keyOfTheMethods,
  makeAuthentication,
  SECRET,
} from '../generators/authentication.ts'
import {
  codeResponse,
  type Entries,
  entriesOf,
  type ExpectedState,
  expectedState,
  parameter,
} from '../generators/front-channel.ts'
import { aliasing, endpoint } from '../generators/endpoints.ts'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties, seldom, serverOf } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { makeParameters, parameters, type ParametersInput } from '../generators/parameters.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { type Library, symbolOf } from '../harness/library.ts'
import { opened } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

type Form = 'URLSearchParams' | 'query' | 'fragment' | { readonly garbage: unknown }

interface Input {
  readonly parties: Parties
  readonly entries: Entries
  readonly form: Form
  readonly expectedState: ExpectedState
}

/** The `expectedState` that a library knows. */
export function stateOf(input: ExpectedState, library: Library): never {
  return wrong(typeof input === 'string' ? library[input] : input.given)
}

/** RFC 6749 §4.1.2 and RFC 9207 §2.4: the parameters of a plain response, in every form. */
export const authorizationResponse: Topic = topic<Input>({
  name: 'authorization response',
  needs: ['validateAuthResponse', 'expectNoState', 'skipStateCheck', 'AuthorizationResponseError'],
  weight: 6,
  input: fc.record({
    parties: parties({ authorization_response_iss_parameter_supported: seldom(true, true, false, 'true') }),
    entries: entriesOf(...codeResponse, parameter('id_token', undefined, 'a.b.c')),
    form: mostlyFrom<Form, Form>(
      pick('URLSearchParams', 'query', 'fragment', 'query'),
      garbage.map((value) => ({ garbage: value })),
      20,
    ),
    expectedState,
  }),
  stage: (input) => async (scene) => {
    const { library, call, name } = scene
    const given = inForm(input.form, input.entries)
    name(given instanceof URL ? given.searchParams : given, 'the parameters')
    const result = await call('validateAuthResponse', () =>
      library.validateAuthResponse(
        serverOf(input.parties),
        clientOf(input.parties, library),
        wrong(given),
        stateOf(input.expectedState, library),
      ),
    )
    scene.note('the very parameters', result === given)
  },
})

function inForm(form: Form, entries: Entries): unknown {
  const made = new URLSearchParams(entries.map(([name, value]): [string, string] => [name, value]))
  switch (form) {
    case 'URLSearchParams':
      return made
    case 'query':
    case 'fragment':
      return new URL(`https://client.example/callback${form === 'query' ? '?' : '#'}${made.toString()}`)
    default:
      return form.garbage
  }
}

interface RequestInput {
  readonly parties: Parties
  readonly authentication: AuthenticationInput
  readonly entries: Entries
  /** What is given back: what was validated, a copy of it, or something else. */
  readonly callback: 'validated' | 'changed' | 'copied' | { readonly garbage: unknown }
  readonly redirectUri: unknown
  readonly codeVerifier: unknown
  readonly additional: ParametersInput | 'absent'
  readonly options: RequestOptionsInput
  readonly handle: unknown
}

/** Stands for a symbol, which each library has its own of. */
class Marked {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

const NOPKCE = new Marked('nopkce')
const NOPKCE_BY_ANOTHER_NAME = new Marked('_nopkce')

/** RFC 6749 §4.1.3 and RFC 7636 §4.5: the code against tokens. */
export const codeRequest: Topic = topic<RequestInput>({
  name: 'authorization code request',
  needs: ['validateAuthResponse', 'authorizationCodeGrantRequest', 'nopkce', '_nopkce', 'DPoP'],
  weight: 5,
  input: fc.record({
    parties: parties(endpoint('token_endpoint'), aliasing),
    authentication,
    entries: entriesOf(
      parameter('code', 'code', 'ü&', 'other'),
      parameter('state', 'state'),
      parameter('own', undefined, 'x'),
    ),
    callback: mostly<RequestInput['callback'], RequestInput['callback']>(
      'validated',
      fc.oneof(
        pick('changed', 'copied'),
        garbage.map((value) => ({ garbage: value })),
      ),
    ),
    redirectUri: mostlyFrom<unknown, unknown>(pick('https://client.example/callback', 'x', ' '), garbage, 15),
    codeVerifier: mostlyFrom<unknown, unknown>(
      pick<unknown>('verifier', 'x', NOPKCE, NOPKCE_BY_ANOTHER_NAME),
      garbage,
      15,
    ),
    additional: mostly<RequestInput['additional'], RequestInput['additional']>('absent', parameters, 2),
    options: requestOptions,
    handle: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, true), garbage), 8),
  }),
  stage: (input) => async (scene) => {
    const key = await keyOfTheMethods()
    const { library } = scene
    const verifier = input.authentication === 'ClientSecretJwt' ? SECRET : key.publicKey
    const wire = transport(scene, [() => new Response('{}')], opened(verifier, key.publicKey))
    const additionalParameters = input.additional === 'absent' ? undefined : makeParameters(input.additional)
    const handle = input.handle === true ? library.DPoP({}, key) : input.handle
    const options = makeOptions(input.options, scene, wire, present({ additionalParameters, DPoP: handle }))
    const callback = givenBack(input, library)
    const marked = input.codeVerifier instanceof Marked
    const codeVerifier = marked ? symbolOf(library, input.codeVerifier.name) : input.codeVerifier
    await scene.call('authorizationCodeGrantRequest', () =>
      library.authorizationCodeGrantRequest(
        serverOf(input.parties),
        clientOf(input.parties, library),
        makeAuthentication(input.authentication, scene, key),
        wrong(callback),
        wrong(input.redirectUri),
        wrong(codeVerifier),
        wrong(options),
      ),
    )
    scene.note('requests', wire.count())
  },
})

function givenBack({ callback, entries }: RequestInput, library: Library): unknown {
  if (typeof callback === 'object') return callback.garbage
  const seen = new Set<string>()
  // `state` twice would be refused before; `code` twice would not
  const once = entries.filter(([name]) => name === 'code' || (!seen.has(name) && seen.add(name)))
  const given = new URLSearchParams(once.map(([name, value]): [string, string] => [name, value]))
  const as = { issuer: 'https://as.example' }
  const validated = library.validateAuthResponse(as, { client_id: 'client' }, given, library.skipStateCheck)
  if (callback === 'changed') validated.set('code', 'changed')
  return callback === 'copied' ? new URLSearchParams(validated) : validated
}
