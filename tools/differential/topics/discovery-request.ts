import fc from 'fast-check'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

const ISSUERS = [
  'https://as.example',
  'https://as.example/tenant',
  'https://as.example/tenant/',
  'https://as.example//',
  'https://as.example/a/b?query=1#fragment',
  'https://as.example/.well-known/openid-configuration',
  'https://as.example/ü%20',
  'https://user:password@as.example/',
  'http://as.example',
  'http://127.0.0.1:8080/tenant',
  'ftp://as.example/',
  'urn:as:example',
]

interface Input {
  readonly issuer: { readonly text: string } | { readonly garbage: unknown }
  readonly algorithm: unknown
  readonly options: RequestOptionsInput
}

export const discoveryRequest: Topic = topic<Input>({
  name: 'discovery request',
  needs: ['discoveryRequest'],
  weight: 3,
  input: fc.record({
    issuer: mostlyFrom(
      pick(...ISSUERS).map((text) => ({ text })),
      garbage.map((value) => ({ garbage: value })),
      20,
    ),
    algorithm: mostly<unknown, unknown>(undefined, fc.oneof(pick('oauth2', 'oidc', 'oauth2', 'OIDC'), garbage), 1),
    options: requestOptions,
  }),
  stage:
    ({ issuer, algorithm, options }) =>
    async (scene) => {
      const wire = transport(scene, [() => new Response('{}')])
      const given = makeOptions(options, scene, wire, present({ algorithm }))
      const url: unknown = 'text' in issuer ? new URL(issuer.text) : issuer.garbage
      await scene.call('discoveryRequest', () => scene.library.discoveryRequest(wrong(url), wrong(given)))
      scene.note('the issuer afterwards', url)
      scene.note('requests', wire.count())
    },
})
