import fc from 'fast-check'
import { NOW } from '../harness/clock.ts'
import { anyJson, type JsonText, member, memberFrom, type Members, membersOf, optional } from './json.ts'
import { assemble, headerFor, type JwtInput, jwtWith, type Signer } from './jwt.ts'
import type { KeyName } from './keys.ts'
import { CLIENT_ID, ISSUER, parties, type Parties, seldom, secondsOf, usually } from './metadata.ts'
import type { MemberOf } from './metadata.ts'
import { mostlyFrom, pick } from './mostly.ts'
import { atAnEdge, settle } from './moment.ts'

/** A signed token for the client, and what both parties have published about how it is signed. */
export interface SignedInput {
  readonly parties: Parties
  readonly jwt: JwtInput
  /** Where in a second the clock stands. */
  readonly milliseconds: number
}

const issuer = JSON.stringify(ISSUER)
const client = JSON.stringify(CLIENT_ID)

const time: fc.Arbitrary<JsonText> = fc.oneof(atAnEdge, atAnEdge, anyJson)

function optionalTime(name: string): fc.Arbitrary<Members> {
  return mostlyFrom<Members, Members>(
    fc.constant([]),
    time.map((text): Members => [[name, text]]),
    6,
  )
}

/** OIDC Core §2 and §3.1.3.7: every claim that the rules look at. */
export const idTokenClaims: fc.Arbitrary<Members> = membersOf(
  member('iss', issuer, '"https://other.example"', '"https://as.example/"'),
  member('sub', '"someone"', '"x"', '"ü"'),
  member(
    'aud',
    client,
    `[${client}]`,
    `[${client},"other"]`,
    `["other",${client}]`,
    '["other"]',
    '"other"',
    `[${client},1]`,
    `[${client},${client}]`,
  ),
  optional('azp', client, client, '"other"'),
  memberFrom('exp', String(NOW + 300), time),
  memberFrom('iat', String(NOW), time),
  optionalTime('nbf'),
  optionalTime('auth_time'),
  optional('nonce', '"nonce"', '""'),
  optional('jti', '"jti"'),
  optional('at_hash', '"x"'),
  optional('cnf', '{}', '{"jkt":"x"}', '"x"'),
  optional('acr', '"1"'),
)

interface Scheme {
  readonly alg: string
  readonly key: KeyName
  readonly others: readonly KeyName[]
}

const SCHEMES: readonly Scheme[] = [
  { alg: 'ES256', key: 'ES256', others: ['ES256-other', 'ES384', 'RS256'] },
  { alg: 'RS256', key: 'RS256', others: ['RS256-other', 'RSA-1024'] },
  { alg: 'PS256', key: 'RS256', others: ['RS256-other'] },
  { alg: 'ES384', key: 'ES384', others: ['ES256'] },
  { alg: 'ES512', key: 'ES512', others: ['ES256'] },
  { alg: 'RS384', key: 'RS256', others: ['RS256-other'] },
  { alg: 'RS512', key: 'RS256', others: ['RS256-other'] },
  { alg: 'EdDSA', key: 'Ed25519', others: ['ES256'] },
  { alg: 'Ed25519', key: 'Ed25519', others: ['ES256'] },
  { alg: 'HS256', key: 'ES256', others: ['ES256'] },
  { alg: 'ES256K', key: 'ES256', others: ['ES256'] },
]

export interface Published {
  /** The client's member, such as `id_token_signed_response_alg`. */
  readonly client: string
  /** The server's member, such as `id_token_signing_alg_values_supported`. */
  readonly server: string
  readonly more?: { readonly as?: Record<string, MemberOf>; readonly client?: Record<string, MemberOf> }
}

/** A token whose algorithm usually follows from what was published: by the client, by the server, or RS256. */
export function signed(
  claims: fc.Arbitrary<Members>,
  published: Published,
  header: readonly fc.Arbitrary<Members>[] = [],
): fc.Arbitrary<SignedInput> {
  const schemes = SCHEMES.map((scheme) => ({
    arbitrary: signedBy(scheme, claims, published, header),
    weight: weightOf(scheme),
  }))
  return fc.oneof({ withCrossShrink: true }, ...schemes)
}

function weightOf({ alg }: Scheme): number {
  return alg === 'ES256' ? 10 : alg === 'RS256' ? 3 : 1
}

function signedBy(
  scheme: Scheme,
  claims: fc.Arbitrary<Members>,
  published: Published,
  header: readonly fc.Arbitrary<Members>[],
): fc.Arbitrary<SignedInput> {
  const { alg, key, others } = scheme
  const lists = [[alg], ['RS256', alg], [alg, 'none'], ['RS256'], [], [alg.toLowerCase()], alg, [1], null]
  const signer = mostlyFrom<Signer, Signer>(
    fc.constant({ key, alg }),
    pick(...others.map((other) => ({ key: other, alg }))),
    20,
  )
  const choice = [
    parties(
      { ...published.more?.as },
      { [published.client]: usually(alg, 'RS256', 'none', ''), ...published.more?.client },
    ),
    parties({ [published.server]: usually([alg], ...lists), ...published.more?.as }, { ...published.more?.client }),
    parties(
      { [published.server]: usually([alg], ...lists), ...published.more?.as },
      { [published.client]: seldom(alg, alg, 'ES256', 'none', ''), ...published.more?.client },
    ),
  ]
  return fc.record({
    parties: fc.oneof({ withCrossShrink: true }, ...choice),
    jwt: jwtWith(headerFor(alg, optional('kid', '"a"'), ...header), claims, signer),
    milliseconds: mostlyFrom(fc.constant(0), pick(1, 499, 500, 999), 6),
  })
}

/** The token, with its times settled by what the client has set, or the caller for this token. */
export function makeToken(
  { jwt, parties: { client: members, clockSkew, clockTolerance } }: SignedInput,
  maxAge: unknown = Reflect.get(members, 'default_max_age'),
): string {
  const clockwork = {
    skew: secondsOf(clockSkew, 0),
    tolerance: secondsOf(clockTolerance, 30),
    maxAge: secondsOf(maxAge, 0),
  }
  return assemble({ ...jwt, payload: settle(jwt.payload, clockwork) })
}
