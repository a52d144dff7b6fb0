import fc from 'fast-check'
import { mostly, pick } from './mostly.ts'

/**
 * JSON as text, not as values: what a server sends can hold a member twice, a number that overflows, or a member
 * called `__proto__`, and none of that survives `JSON.stringify`.
 */
export type JsonText = string

/** The members of an object in order; a name may come twice. */
export type Members = readonly (readonly [name: string, text: JsonText])[]

/** Every type, and the boundaries of each. */
export const anyJson: fc.Arbitrary<JsonText> = fc.oneof(
  pick(
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1',
    '-1',
    '0.5',
    '1e3',
    '1e999',
    '-1e999',
    '9007199254740993',
    '"1"',
    '"0"',
  ),
  pick('""', '" "', '"text"', '"\\u0000"', '"\\ud800"', '"ü"', '[]', '[null]', '[""]', '["text"]', '[["text"]]', '[1]'),
  pick('{}', '{"a":1}', '{"__proto__":{"a":1}}', '{"length":1,"0":"text"}'),
  fc.string({ maxLength: 8, unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.integer().map(String),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
)

/** A member that is usually as it should be, and otherwise absent, of another type, or there twice. */
export function member(name: string, right: JsonText, ...alternatives: JsonText[]): fc.Arbitrary<Members> {
  return memberFrom(name, right, alternatives.length === 0 ? anyJson : fc.oneof(pick(...alternatives), anyJson))
}

/** A member that is usually absent. */
export function optional(name: string, ...alternatives: JsonText[]): fc.Arbitrary<Members> {
  return rarely(6, name, ...alternatives)
}

/** A member that is absent so and so many times for each time that it is there. */
export function rarely(absent: number, name: string, ...alternatives: JsonText[]): fc.Arbitrary<Members> {
  const wrong = fc.oneof(pick(...alternatives), pick(...alternatives), anyJson)
  return mostly<Members, Members>(
    [],
    wrong.map((text): Members => [[name, text]]),
    absent,
  )
}

export function memberFrom(name: string, right: JsonText, wrong: fc.Arbitrary<JsonText>): fc.Arbitrary<Members> {
  const replaced = wrong.map((text): Members => [[name, text]])
  const twice = wrong.map((text): Members => [
    [name, text],
    [name, right],
  ])
  const twiceLast = wrong.map((text): Members => [
    [name, right],
    [name, text],
  ])
  return mostly<Members, Members>([[name, right]], fc.oneof(fc.constant([]), replaced, replaced, twice, twiceLast))
}

/** Members that nobody asked for: `__proto__` and `constructor` are ordinary names in JSON. */
const extra: fc.Arbitrary<Members> = mostly<Members, Members>(
  [],
  fc.tuple(pick('__proto__', 'constructor', 'toString', '', 'x', 'error', 'ü'), anyJson).map((one): Members => [one]),
  6,
)

export function membersOf(...parts: fc.Arbitrary<Members>[]): fc.Arbitrary<Members> {
  return fc.tuple(...parts, extra).map((list) => list.flat())
}

export function objectText(members: Members): JsonText {
  return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}

/** What may stand where a JSON object is expected: usually one. */
export function objectBody(members: fc.Arbitrary<Members>): fc.Arbitrary<string> {
  const broken = pick(
    '',
    ' ',
    '{',
    '{}',
    '[]',
    'null',
    '"{}"',
    '1',
    '\ufeff{}',
    'text',
    '{"a":1,}',
    "{'a':1}",
    '<html>',
  )
  const wrapped = members.map((one) => `[${objectText(one)}]`)
  const spaced = members.map((one) => `\r\n ${objectText(one)}\n`)
  const marked = members.map((one) => `\ufeff${objectText(one)}`)
  const cut = members.map((one) => objectText(one).slice(0, -1))
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: members.map(objectText), weight: 30 },
    { arbitrary: fc.oneof(broken, wrapped, spaced, marked, cut, anyJson), weight: 1 },
  )
}
