import fc from 'fast-check'
import { garbage, wrong } from '../generators/garbage.ts'
import { member, membersOf, objectBody, optional } from '../generators/json.ts'
import { mostlyFrom, pick } from '../generators/mostly.ts'
import { give, possibly, type PossibleResponse } from '../generators/possible-response.ts'
import { responseWith } from '../generators/response.ts'
import { type Topic, topic } from '../harness/topic.ts'

const ISSUERS = [
  'https://as.example',
  'https://as.example/',
  'https://as.example/tenant',
  'https://as.example/tenant/',
  'https://as.example:8443',
  'http://as.example',
  'https://AS.example',
  'https://as.example?q',
  'https://as.example/#f',
]

/** Stands for the issuer that the caller expects, so that most answers match it. */
const EXPECTED = '"‹expected›"'

const metadata = membersOf(
  member('issuer', EXPECTED, ...ISSUERS.map((issuer) => JSON.stringify(issuer))),
  optional('token_endpoint', '"https://as.example/token"', '"relative"', '"http://as.example/token"'),
  optional('jwks_uri', '"https://as.example/jwks"'),
  optional('mtls_endpoint_aliases', '{}', '{"token_endpoint":"https://mtls.example/token"}'),
  optional('id_token_signing_alg_values_supported', '["ES256"]', '"ES256"'),
  optional('dpop_signing_alg_values_supported', '["ES256"]'),
)

interface Input {
  readonly expected: { readonly issuer: string } | { readonly garbage: unknown }
  readonly response: PossibleResponse
}

const issuer = fc.oneof(pick(...ISSUERS.slice(0, 1)), pick(...ISSUERS)).map((text) => ({ issuer: text }))

export const discoveryResponse: Topic = topic<Input>({
  name: 'discovery response',
  needs: ['processDiscoveryResponse'],
  weight: 6,
  input: fc.record({
    expected: mostlyFrom(
      issuer,
      garbage.map((value) => ({ garbage: value })),
      40,
    ),
    response: possibly(responseWith(objectBody(metadata))),
  }),
  stage:
    ({ expected, response }) =>
    async (scene) => {
      const text = 'issuer' in expected ? expected.issuer : ''
      const given = await give(scene, named(response, text))
      const url: unknown = 'issuer' in expected ? new URL(expected.issuer) : expected.garbage
      const process = scene.library.processDiscoveryResponse
      await scene.call('processDiscoveryResponse', () => process(wrong(url), given.response))
      given.noteBody()
    },
})

function named(response: PossibleResponse, issuer: string): PossibleResponse {
  return 'body' in response
    ? { ...response, body: response.body.replaceAll(EXPECTED, JSON.stringify(issuer)) }
    : response
}
