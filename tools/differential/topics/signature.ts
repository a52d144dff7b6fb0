import fc from 'fast-check'
import { wrong } from '../generators/garbage.ts'
import { endpoint } from '../generators/endpoints.ts'
import { type Members, membersOf, optional } from '../generators/json.ts'
import { jwksFor, type JwksInput, jwksText } from '../generators/jwks.ts'
import { assemble, headerFor, type JwtInput, jwtWith, type Signer } from '../generators/jwt.ts'
import type { KeyName } from '../generators/keys.ts'
import { parties, type Parties, serverOf } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { fromNow } from '../generators/moment.ts'
import { makeOptions, requestOptions, type RequestOptionsInput } from '../generators/request-options.ts'
import { makeResponse, type ResponseInput, responseWith } from '../generators/response.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly alg: string
  readonly jwt: JwtInput
  readonly carrier:
    'token response' | 'UserInfo response' | 'encrypted' | 'unprocessed' | 'another response' | 'no token'
  readonly server: Parties
  readonly jwks: JwksInput
  readonly answer: ResponseInput
  readonly options: RequestOptionsInput
  readonly cache: unknown
}

const SIGNERS: readonly Signer[] = [
  { key: 'ES256', alg: 'ES256' },
  { key: 'RS256', alg: 'RS256' },
  { key: 'RS256', alg: 'PS256' },
  { key: 'ES384', alg: 'ES384' },
  { key: 'ES512', alg: 'ES512' },
  { key: 'Ed25519', alg: 'EdDSA' },
  { key: 'Ed25519', alg: 'Ed25519' },
  { key: 'RSA-1024', alg: 'RS256' },
]

const claims: fc.Arbitrary<Members> = fc.constant([
  ['iss', '"https://as.example"'],
  ['sub', '"someone"'],
  ['aud', '"client"'],
  ['exp', fromNow(300)],
  ['iat', fromNow(0)],
])

function header(alg: string): fc.Arbitrary<Members> {
  return fc
    .tuple(membersOf(optional('kid', '"a"', '"b"', '""')), fc.constant<Members>([['alg', JSON.stringify(alg)]]))
    .map((parts) => parts.flat())
}

function inputFor({ key, alg }: Signer): fc.Arbitrary<Input> {
  const others = pick<KeyName>('ES256-other', 'RS256-other', 'ES256').map((other) => ({ key: other, alg }))
  return fc.record({
    alg: fc.constant(alg),
    jwt: jwtWith(
      mostlyFrom(header(alg), headerFor(alg), 10),
      claims,
      mostlyFrom<Signer, Signer>(fc.constant({ key, alg }), others, 12),
    ),
    carrier: mostly<Input['carrier'], Input['carrier']>(
      'token response',
      pick('UserInfo response', 'UserInfo response', 'encrypted', 'unprocessed', 'another response', 'no token'),
      3,
    ),
    server: parties(endpoint('jwks_uri')),
    jwks: jwksFor(key),
    answer: responseWith(fc.constant(''), 200, 'application/json'),
    options: requestOptions,
    cache: mostly<unknown, unknown>('absent', pick<unknown>('empty', 'empty', 'undefined', 'null', 'text'), 2),
  })
}

/** The signature of a processed answer by the server's keys, and what is left in the caller's cache. */
export const signature: Topic = topic<Input>({
  name: 'application-level signature',
  needs: [
    'validateApplicationLevelSignature',
    'processBackchannelAuthenticationGrantResponse',
    'jwksCache',
    'processUserInfoResponse',
  ],
  weight: 10,
  input: fc.oneof(
    { withCrossShrink: true },
    ...SIGNERS.map((signer, index) => ({ arbitrary: inputFor(signer), weight: index === 0 ? 6 : 1 })),
  ),
  stage: (input) => {
    const token = assemble(input.jwt)
    return async (scene) => {
      const { library, call } = scene
      const reference = scene.name(carrier(input, token), 'the reference')
      const as = serverOf(input.server)
      await processed(input, scene, reference, token)
      const wire = transport(scene, [() => makeResponse({ ...input.answer, body: jwksText(input.jwks) })])
      const cache = makeCache(input.cache)
      const withCache = input.cache === 'absent' ? {} : { [library.jwksCache]: cache }
      const options = makeOptions(input.options, scene, wire, withCache)
      const given = input.carrier === 'another response' ? new Response() : reference
      await call('validateApplicationLevelSignature', () =>
        library.validateApplicationLevelSignature(as, given, wrong(options)),
      )
      scene.note('the cache afterwards', cache)
      scene.note('requests', wire.count())
    }
  },
})

function carrier({ carrier: kind }: Input, token: string): Response {
  if (kind === 'UserInfo response') return new Response(token, { headers: { 'content-type': 'application/jwt' } })
  const id_token = kind === 'no token' ? undefined : kind === 'encrypted' ? 'e30.a.b.c.d' : token
  return Response.json({ access_token: 'token', token_type: 'Bearer', id_token })
}

async function processed(
  input: Input,
  { library, call }: Parameters<ReturnType<Topic['stage']>>[0],
  response: Response,
  token: string,
): Promise<void> {
  if (input.carrier === 'unprocessed') return
  const as = { issuer: 'https://as.example' }
  const client = {
    client_id: 'client',
    id_token_signed_response_alg: input.alg,
    userinfo_signed_response_alg: input.alg,
  }
  const options = { [library.jweDecrypt]: () => Promise.resolve(token) }
  await call<unknown>('the processing before', () =>
    input.carrier === 'UserInfo response'
      ? library.processUserInfoResponse(as, client, 'someone', response)
      : library.processBackchannelAuthenticationGrantResponse(as, client, response, options),
  )
}

function makeCache(input: unknown): unknown {
  return input === 'empty' ? {} : input === 'undefined' ? undefined : input === 'null' ? null : input
}
