import fc from 'fast-check'
import { anyJson, type JsonText, type Members, membersOf, objectText, optional } from './json.ts'
import { type KeyName, serverKey } from './keys.ts'
import { mostly, mostlyFrom, pick } from './mostly.ts'

/** RFC 7517: one key of a server, by its name here, and what is written beside its numbers. */
export interface JwkInput {
  readonly key: KeyName
  readonly more: Members
  /** A member of the key itself that is left out, or another value for it. */
  readonly spoilt: readonly [name: string, text: JsonText] | null
}

export interface JwksInput {
  readonly keys: readonly (JwkInput | JsonText)[]
  /** The whole document, when it is not an object with keys. */
  readonly instead: string | null
}

const more = membersOf(
  optional('kid', '"a"', '"a"', '"b"', '""'),
  optional('alg', '"ES256"', '"RS256"', '"PS256"', '"none"'),
  optional('use', '"sig"', '"sig"', '"enc"'),
  optional('key_ops', '["verify"]', '["sign"]', '[]', '["verify","sign"]', '"verify"'),
  optional('ext', 'true', 'false'),
)

const spoilt = fc.tuple(
  pick('x', 'y', 'n', 'e', 'crv', 'kty', 'd'),
  fc.oneof(pick('undefined', '"AQAB"', '"P-256"', '"RSA"'), anyJson),
)

function jwk(key: fc.Arbitrary<KeyName>): fc.Arbitrary<JwkInput> {
  return fc.record({ key, more, spoilt: mostly<JwkInput['spoilt'], JwkInput['spoilt']>(null, spoilt, 25) })
}

const NAMES: readonly KeyName[] = [
  'ES256',
  'ES256-other',
  'RS256',
  'RS256-other',
  'ES384',
  'ES512',
  'Ed25519',
  'RSA-1024',
]
const broken = pick('', '[]', 'null', '{}', '{"keys":{}}', '{"keys":null}', '{"keys":"text"}', '{"keys":[[]]}', 'text')

/** The key that is needed stands among others, or does not. */
export function jwksFor(key: KeyName): fc.Arbitrary<JwksInput> {
  const right = jwk(fc.constant(key))
  const other = jwk(pick(...NAMES))
  return fc.record({
    keys: fc
      .tuple(
        fc.array(mostlyFrom<JwkInput, JsonText>(other, anyJson, 15), { maxLength: 2 }),
        mostlyFrom<readonly JwkInput[], readonly JwkInput[]>(
          right.map((one) => [one]),
          fc.constant([]),
          12,
        ),
        fc.array(mostlyFrom<JwkInput, JsonText>(other, anyJson, 15), { maxLength: 1 }),
      )
      .map((parts) => parts.flat()),
    instead: mostly<string | null, string>(null, broken, 25),
  })
}

export function jwksText({ keys, instead }: JwksInput): string {
  if (instead !== null) return instead
  return `{"keys":[${keys.map((one) => (typeof one === 'string' ? one : jwkText(one))).join(',')}]}`
}

function jwkText({ key, more: members, spoilt: change }: JwkInput): JsonText {
  const own = Object.entries(serverKey(key).jwk)
    .map(([name, value]): [string, JsonText] => [name, JSON.stringify(value)])
    .map(([name, text]): [string, JsonText] => (change?.[0] === name ? [name, change[1]] : [name, text]))
    .filter(([, text]) => text !== 'undefined')
  return objectText([...own, ...members])
}
