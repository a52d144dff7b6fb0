import fc from 'fast-check'
import { keyOfTheMethods } from '../generators/authentication.ts'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { member, membersOf, objectBody, optional } from '../generators/json.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { give, possibly, type PossibleResponse } from '../generators/possible-response.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { anyStatus, responseWith } from '../generators/response.ts'
import { wwwAuthenticate } from '../generators/challenge.ts'
import { symbolOf } from '../harness/library.ts'
import { opened } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface CallInput {
  readonly accessToken: unknown
  readonly method: unknown
  readonly url: unknown
  readonly headers: readonly (readonly [string, string])[] | undefined
  readonly body: unknown
  readonly status: number
  readonly challenge: string | undefined
  readonly options: RequestOptionsInput
  /** `true` for a handle of the library. */
  readonly handle: unknown
}

const URLS = ['https://rs.example/a?b#c', 'https://rs.example/', 'http://rs.example/', 'ftp://rs.example/']

/** RFC 6750 §2.1, RFC 9449 §7: any request with an access token, and challenges in answers of any status. */
export const protectedResource: Topic = topic<CallInput>({
  name: 'protected resource request',
  needs: ['protectedResourceRequest', 'DPoP'],
  weight: 4,
  input: fc.record({
    accessToken: mostlyFrom<unknown, unknown>(pick('token', 'two words', 'a\nb'), garbage, 20),
    method: mostlyFrom<unknown, unknown>(pick('GET', 'POST', 'pAtCh'), garbage, 20),
    url: mostlyFrom<unknown, unknown>(
      pick(...URLS).map((text) => new URL(text)),
      garbage,
      30,
    ),
    headers: mostly<CallInput['headers'], CallInput['headers']>(
      undefined,
      fc.array(
        fc.tuple(pick('Accept', 'dpop', 'Authorization', 'user-agent', 'content-type', 'a b'), pick('x', ' y ')),
        { maxLength: 3 },
      ),
      2,
    ),
    body: mostly<unknown, unknown>(
      undefined,
      fc.oneof(pick<unknown>('text', null, new URLSearchParams('a=b')), garbage),
      4,
    ),
    status: mostly(200, anyStatus, 3),
    challenge: mostly<string | undefined, string>(undefined, wwwAuthenticate, 3),
    options: requestOptions,
    handle: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, true), garbage), 5),
  }),
  stage: (input) => async (scene) => {
    const key = await keyOfTheMethods()
    const { library } = scene
    const headers = input.challenge === undefined ? {} : { 'www-authenticate': input.challenge }
    const empty = [204, 205, 304].includes(input.status)
    const answer = (): Response => new Response(empty ? null : '{}', { status: input.status, headers })
    const wire = transport(scene, [answer], opened(undefined, key.publicKey))
    const handle = input.handle === true ? library.DPoP({}, key) : input.handle
    await scene.call('protectedResourceRequest', () =>
      library.protectedResourceRequest(
        wrong(input.accessToken),
        wrong(input.method),
        wrong(input.url),
        wrong(input.headers?.map(([name, value]) => [name, value])),
        wrong(input.body),
        wrong(makeOptions(input.options, scene, wire, present({ DPoP: handle }))),
      ),
    )
    scene.note('requests', wire.count())
  },
})

const IDENTIFIERS = [
  'https://rs.example',
  'https://rs.example/api',
  'https://rs.example/api/',
  'https://rs.example//',
  'https://rs.example/?query#f',
  'http://rs.example',
  'urn:rs',
]

interface RequestInput {
  readonly identifier: { readonly text: string } | { readonly garbage: unknown }
  readonly options: RequestOptionsInput
}

const identifier = mostlyFrom<RequestInput['identifier'], RequestInput['identifier']>(
  pick(...IDENTIFIERS).map((text) => ({ text })),
  garbage.map((value) => ({ garbage: value })),
  30,
)

/** RFC 9728 §3.1: where the metadata of a resource is. */
export const resourceMetadataRequest: Topic = topic<RequestInput>({
  name: 'resource metadata request',
  needs: ['resourceDiscoveryRequest'],
  weight: 2,
  input: fc.record({ identifier, options: requestOptions }),
  stage: (input) => async (scene) => {
    const wire = transport(scene, [() => new Response('{}')])
    const url: unknown = 'text' in input.identifier ? new URL(input.identifier.text) : input.identifier.garbage
    const options = makeOptions(input.options, scene, wire)
    await scene.call('resourceDiscoveryRequest', () =>
      scene.library.resourceDiscoveryRequest(wrong(url), wrong(options)),
    )
    scene.note('the identifier afterwards', url)
  },
})

const EXPECTED = '"https://rs.example/api"'
const metadata = membersOf(
  member('resource', EXPECTED, ...IDENTIFIERS.map((text) => JSON.stringify(text)), '"relative"'),
  optional('authorization_servers', '["https://as.example"]', '"https://as.example"'),
  optional('issuer', '"https://as.example"'),
)

interface ResponseInput {
  /** `'unchecked'` stands for the symbol. */
  readonly expected: unknown
  readonly call: 'processResourceDiscoveryResponse' | 'processDiscoveryResponse'
  readonly response: PossibleResponse
}

/** RFC 9728 §3.3: the metadata must name the resource; and what stands for any name. */
export const resourceMetadataResponse: Topic = topic<ResponseInput>({
  name: 'resource metadata response',
  needs: ['processResourceDiscoveryResponse', '_nodiscoverycheck', 'processDiscoveryResponse'],
  weight: 4,
  input: fc.record({
    expected: mostlyFrom<unknown, unknown>(
      pick<unknown>(new URL('https://rs.example/api'), new URL('https://rs.example/api'), 'unchecked'),
      garbage,
      30,
    ),
    call: mostly('processResourceDiscoveryResponse', fc.constant('processDiscoveryResponse' as const), 4),
    response: possibly(responseWith(objectBody(metadata))),
  }),
  stage: (input) => async (scene) => {
    const { library } = scene
    const { response, noteBody } = await give(scene, input.response)
    const expected: unknown = input.expected === 'unchecked' ? symbolOf(library, '_nodiscoverycheck') : input.expected
    await scene.call<unknown>(input.call, () => library[input.call](wrong(expected), response))
    noteBody()
  },
})
