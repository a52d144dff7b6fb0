import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { garbage, present, wrong } from '../generators/garbage.ts'
import { member, memberFrom, type Members, membersOf, optional } from '../generators/json.ts'
import { assemble, type JwtInput, jwtWith } from '../generators/jwt.ts'
import { serverKey } from '../generators/keys.ts'
import { ISSUER, parties, type Parties, serverOf, usually } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { fromNow } from '../generators/moment.ts'
import { keySet, thumbprint } from '../generators/server-keys.ts'
import type { Scene } from '../harness/scene.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly server: Parties
  readonly token: JwtInput
  readonly proof: JwtInput
  readonly scheme: string
  /** What stands behind the scheme, with a mark for the token. */
  readonly credentials: string
  readonly proofs: readonly string[]
  readonly request: { readonly method: string; readonly url: string } | { readonly garbage: unknown }
  readonly audience: unknown
  readonly options: {
    readonly requireDPoP: unknown
    readonly signingAlgorithms: unknown
    readonly clockSkew: unknown
    readonly clockTolerance: unknown
  }
}

const URL_OF_THE_RESOURCE = 'https://rs.example/accounts'
const OTHER_URLS = [
  `${URL_OF_THE_RESOURCE}?page=2`,
  `${URL_OF_THE_RESOURCE}/`,
  'https://RS.example:443/accounts#f',
  'https://rs.example/Accounts',
  'http://rs.example/accounts',
  'relative',
]

function header(typ: string, ...others: string[]): fc.Arbitrary<Members> {
  return membersOf(
    member('alg', '"ES256"', '"none"', '"RS256"', '"HS256"', '"es256"'),
    member('typ', `"${typ}"`, `"application/${typ}"`, `"${typ.toUpperCase()}"`, '"JWT"', ...others),
    optional('crit', '[]', '["exp"]'),
  )
}

const signer = mostlyFrom(
  fc.constant({ key: 'ES256', alg: 'ES256' } as const),
  fc.constant({ key: 'ES256-other', alg: 'ES256' } as const),
  25,
)
const proofSigner = mostlyFrom(
  fc.constant({ key: 'ES256-other', alg: 'ES256' } as const),
  fc.constant({ key: 'ES256', alg: 'ES256' } as const),
  25,
)

const times = [-301, -300.5, -300, -30.5, -30, -1, 0, 29, 30, 30.5, 300, 300.5, 301].map(fromNow)

function claims(bound: boolean): fc.Arbitrary<Members> {
  const jkt = `{"jkt":"${thumbprint('ES256-other')}"}`
  const others = ['{}', '{"jkt":1}', '{"jkt":""}', '{"x5t#S256":"x"}', '{"jkt":"x","x5t#S256":"x"}', jkt]
  const cnf = bound ? member('cnf', jkt, ...others) : optional('cnf', ...others)
  return membersOf(
    member('iss', JSON.stringify(ISSUER), '"https://other.example"'),
    memberFrom('exp', fromNow(300), pick(...times, '"x"')),
    optional('nbf', ...times),
    member('aud', `"${URL_OF_THE_RESOURCE}"`, `["other","${URL_OF_THE_RESOURCE}"]`, '"other"', '[]'),
    member('sub', '"someone"', '""'),
    memberFrom('iat', fromNow(0), pick(...times, '"x"')),
    member('jti', '"jti"', '""'),
    member('client_id', '"client"', '""'),
    cnf,
    optional('scope', '"read"'),
  )
}

const proofHeader: fc.Arbitrary<Members> = fc
  .tuple(
    header('dpop+jwt'),
    member(
      'jwk',
      JSON.stringify(serverKey('ES256-other').jwk),
      JSON.stringify(serverKey('ES256').jwk),
      JSON.stringify(serverKey('RS256').jwk),
      JSON.stringify(serverKey('Ed25519').jwk),
      '{"kty":"oct","k":"AA"}',
      '{"kty":"EC"}',
    ),
  )
  .map((parts) => parts.flat())

const proofClaims = membersOf(
  member('htm', '"GET"', '"get"', '"POST"'),
  member('htu', `"${URL_OF_THE_RESOURCE}"`, ...OTHER_URLS.map((url) => JSON.stringify(url))),
  member('ath', '"‹ath›"', '"x"', '""'),
  member('jti', '"jti"', '""'),
  memberFrom('iat', fromNow(0), pick(...times, '"x"')),
  optional('exp', ...times),
  optional('nonce', '"nonce"'),
)

function inputFor(bound: boolean): fc.Arbitrary<Input> {
  return fc.record({
    server: parties({ jwks_uri: usually('https://as.example/jwks') }),
    token: jwtWith(header('at+jwt'), claims(bound), signer),
    proof: jwtWith(proofHeader, proofClaims, proofSigner),
    scheme: mostly(bound ? 'DPoP ' : 'Bearer ', pick('bearer ', 'dpop ', 'DPoP ', 'Bearer  ', 'Bearer', 'Basic ', '')),
    credentials: mostly('‹token›', pick('', 'opaque', '‹token› x', '‹token›,', 'a.b.c.d.e', 'a.b.c')),
    proofs: mostly<readonly string[], readonly string[]>(
      bound ? ['‹proof›'] : [],
      pick<readonly string[]>(['‹proof›', '‹proof›'], [''], ['x'], [], ['‹proof›'], ['a.b.c']),
    ),
    request: mostlyFrom<Input['request'], Input['request']>(
      fc.record({
        method: mostly('GET', pick('POST', 'patch')),
        url: mostly(URL_OF_THE_RESOURCE, pick(...OTHER_URLS.slice(0, -1))),
      }),
      garbage.map((value) => ({ garbage: value })),
      40,
    ),
    audience: mostlyFrom<unknown, unknown>(fc.constant(URL_OF_THE_RESOURCE), garbage, 30),
    options: fc.record({
      requireDPoP: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, false), garbage)),
      signingAlgorithms: mostly<unknown, unknown>(
        undefined,
        fc.oneof(pick<unknown>(['ES256'], ['RS256'], []), garbage),
      ),
      clockSkew: mostly<unknown, unknown>(undefined, fc.oneof(pick(5, -5), garbage)),
      clockTolerance: mostly<unknown, unknown>(undefined, fc.oneof(pick(0, 5), garbage)),
    }),
  })
}

/** RFC 9068 §4, RFC 6750 §2.1 and RFC 9449 §4.3 and §7.1: a request as a resource server sees it. */
export const accessToken: Topic = topic<Input>({
  name: 'JWT access token',
  needs: ['validateJwtAccessToken'],
  weight: 12,
  input: fc.oneof({ withCrossShrink: true }, inputFor(false), inputFor(true)),
  stage: (input) => {
    const token = assemble(input.token)
    const ath = createHash('sha256').update(token).digest('base64url')
    const proof = assemble({ ...input.proof, payload: input.proof.payload.replaceAll('‹ath›', ath) })
    return async (scene) => {
      const { library } = scene
      const request = makeRequest(input, token, proof)
      await scene.call('validateJwtAccessToken', () =>
        library.validateJwtAccessToken(
          serverOf(input.server),
          wrong(request),
          wrong(input.audience),
          wrong(optionsOf(input, scene)),
        ),
      )
    }
  },
})

function makeRequest({ request, scheme, credentials, proofs }: Input, token: string, proof: string): unknown {
  if ('garbage' in request) return request.garbage
  const headers = new Headers()
  const authorization = `${scheme}${credentials.replaceAll('‹token›', token)}`
  if (authorization !== '') headers.set('authorization', authorization)
  for (const one of proofs) headers.append('dpop', one.replaceAll('‹proof›', proof))
  return new Request(request.url, { method: request.method, headers })
}

function optionsOf({ options: { clockSkew, clockTolerance, ...rest } }: Input, scene: Scene): object {
  const { library } = scene
  return {
    ...present(rest),
    ...(clockSkew === undefined ? {} : { [library.clockSkew]: clockSkew }),
    ...(clockTolerance === undefined ? {} : { [library.clockTolerance]: clockTolerance }),
    [library.customFetch]: transport(scene, [() => keySet('ES256')]).fetch,
  }
}
