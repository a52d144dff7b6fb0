import fc, { type Arbitrary } from 'fast-check'

/** What a hostile server sends: the generators of the tests that call themselves hostile. */

/** The seed of this run; `COUNTERSIGN_SEED` repeats another one. */
export const SEED = Number(process.env.COUNTERSIGN_SEED ?? Math.trunc(Math.random() * 0x7fffffff))

/** How deep a document can nest within the largest body that is read. */
const DEPTH = 100_000

/** JSON that nests as deep as a body can hold. */
export const DEEP: readonly (readonly [name: string, text: string])[] = [
  ['arrays', '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
  ['objects', '{"a":'.repeat(DEPTH) + '1' + '}'.repeat(DEPTH)],
  ['both', '[{"a":'.repeat(DEPTH / 2) + '1' + '}]'.repeat(DEPTH / 2)],
]

/** Texts of JSON values that are easily mistaken. */
const TRAPS = [
  '1e400',
  '-1e400',
  '-0',
  '1e-400',
  '9'.repeat(400),
  '0.1e1',
  '9007199254740993',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"\ufeff"',
  '"\u2028"',
  '""',
  '" "',
  '"https://op.example.com"',
  '"shop"',
  '["shop","shop"]',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":null,"valueOf":null}',
  '{"length":1,"0":"shop"}',
  '{"then":"x"}',
  '"__proto__"',
  '"constructor"',
  '"none"',
  'null',
  'true',
  'false',
]

/** The text of a JSON value. */
export const jsonText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TRAPS),
  fc.json({ maxDepth: 3 }),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.double().map((number) => JSON.stringify(number)),
)

/** The text of a valid JSON object in which members are changed, left out, named twice and out of order. */
export function jsonObjectText(valid: object, ...more: string[]): Arbitrary<string> {
  const members = Object.entries(valid).map(([name, value]) => [name, JSON.stringify(value)] as const)
  const names = fc.constantFrom(...Object.keys(valid), '__proto__', 'error', 'toJSON', 'then', ...more)
  const changes = fc.array(fc.tuple(names, fc.option(jsonText, { nil: undefined })), { maxLength: 3 })
  return fc.tuple(changes, fc.boolean()).map(([changed, twice]) => {
    const kept = members.filter(([name]) => twice || !changed.some(([other]) => other === name))
    const added = changed.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]))
    return `{${[...kept, ...added].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`
  })
}

interface Mutation {
  readonly kind: 'flip' | 'insert' | 'delete' | 'repeat'
  readonly at: number
  readonly byte: number
  readonly length: number
}

const mutation: Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'insert', 'delete', 'repeat'),
  at: fc.nat(),
  byte: fc.integer({ min: 1, max: 255 }),
  length: fc.integer({ min: 1, max: 8 }),
})

function mutate(bytes: readonly number[], { kind, at, byte, length }: Mutation): number[] {
  const place = at % (bytes.length + 1)
  const head = bytes.slice(0, place)
  const tail = bytes.slice(place)
  switch (kind) {
    case 'flip':
      return [...head, ...tail.slice(0, 1).map((value) => value ^ byte), ...tail.slice(1)]
    case 'insert':
      return [...head, byte, ...tail]
    case 'delete':
      return [...head, ...tail.slice(length)]
    case 'repeat':
      return [...head, ...tail.slice(0, length), ...tail]
  }
}

/** The bytes of a valid text of which some are flipped, inserted, deleted or repeated. */
export function mutated(valid: Arbitrary<string>): Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc
    .tuple(valid, fc.array(mutation, { maxLength: 4 }))
    .map(([text, mutations]) => Uint8Array.from(mutations.reduce(mutate, [...new TextEncoder().encode(text)])))
}

/** What a header can hold: the bytes that no HTTP implementation rejects. */
const headerCharacter = fc
  .integer({ min: 0x20, max: 0xff })
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code))

/** The value of a header, in bytes that are anything. */
export const headerText: Arbitrary<string> = fc.string({ unit: headerCharacter, maxLength: 60 })

const CHALLENGE_PIECES = [
  'Bearer',
  'DPoP',
  'Basic',
  ' ',
  ',',
  '=',
  '"',
  '\\',
  'realm',
  'error',
  'use_dpop_nonce',
  'a=b',
]

/** The value of a `WWW-Authenticate` header, in pieces that challenges have. */
export const challengeText: Arbitrary<string> = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...CHALLENGE_PIECES, '__proto__', 'abc==', '\t') }, headerText),
    {
      maxLength: 14,
    },
  )
  .map((pieces) => pieces.join(''))

/** The value of a `Content-Type` header. */
export const contentTypeText: Arbitrary<string | undefined> = fc.oneof(
  fc.constantFrom('application/json', 'application/jwt', 'application/jwk-set+json', 'text/html', '', ';', undefined),
  headerText,
)

/** A status with which an answer can have a body. */
export const status: Arbitrary<number> = fc.oneof(
  fc.constantFrom(200, 400, 401),
  fc.integer({ min: 200, max: 599 }).filter((code) => ![204, 205, 304].includes(code)),
)
