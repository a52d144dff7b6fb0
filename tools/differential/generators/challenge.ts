import fc from 'fast-check'
import { mostly, pick } from './mostly.ts'

/** `WWW-Authenticate` by the grammar of RFC 9110 §11.6.1 and §5.6, and beside it: valid, doubtful and broken. */
const space = mostly('', pick(' ', '  ', '\t'), 4)
const scheme = pick(
  'Bearer',
  'DPoP',
  'bearer',
  'DPOP',
  'Basic',
  'Negotiate',
  'X-Own',
  'a',
  "!#$%&'*+-.^_`|~1",
  'Bear er',
  'ü',
  '',
)
const parameterName = pick(
  'realm',
  'error',
  'error_description',
  'error_uri',
  'scope',
  'algs',
  'REALM',
  'Error',
  'x-1',
  'a',
  'resource_metadata',
  '__proto__',
  'e rror',
  '',
)
const token = pick(
  'invalid_token',
  'use_dpop_nonce',
  'insufficient_scope',
  'a',
  '1',
  "!#$%&'*+-.^_`|~",
  'a/b',
  'a=b',
  '',
)
const quotedContent = pick(
  '',
  'a',
  'two words',
  'a, b',
  'a=b',
  'realm=\\"x\\"',
  'back\\\\slash',
  '\\a',
  'Bearer x="1"',
  'use_dpop_nonce',
  'invalid_token',
  'é',
  '\t',
  '"',
  '\\',
)
const token68 = pick('dGVzdA==', 'a', 'abc.def-_~+/', '==', 'a=', 'a==b', 'a===', 'YWJj=')

const equals = fc.tuple(space, space).map(([before, after]) => `${before}=${after}`)
const value = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: quotedContent.map((text) => `"${text}"`), weight: 5 },
  { arbitrary: token, weight: 3 },
  { arbitrary: pick('"open', 'close"', "'single'", '"a""b"', '"a"b', '""', '@', '{}', ','), weight: 1 },
)
const parameter = fc.tuple(parameterName, equals, value).map((parts) => parts.join(''))
const comma = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant(', '), weight: 6 },
  { arbitrary: pick(',', ' ,', ' , ', ',,', ', ,', ',\t', ' ', ';', ''), weight: 1 },
)

function separated(items: readonly string[], separators: readonly string[]): string {
  return items.map((item, index) => (index === 0 ? item : `${separators[index - 1] ?? ', '}${item}`)).join('')
}

const parameters = fc
  .tuple(fc.array(parameter, { minLength: 1, maxLength: 4 }), fc.array(comma, { minLength: 3, maxLength: 3 }))
  .map(([items, separators]) => separated(items, separators))

const gap = mostly(' ', pick('  ', '\t', ''), 10)
const challenge = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.tuple(scheme, gap, parameters).map((parts) => parts.join('')), weight: 6 },
  { arbitrary: fc.tuple(scheme, gap, token68).map((parts) => parts.join('')), weight: 2 },
  { arbitrary: fc.tuple(scheme, gap, token68, comma, parameter).map((parts) => parts.join('')), weight: 1 },
  { arbitrary: scheme, weight: 1 },
)

const edge = mostly('', pick(' ', ',', ', ', ' ,', '\t'), 8)
const list = fc
  .tuple(
    edge,
    fc.array(challenge, { minLength: 1, maxLength: 3 }),
    fc.array(comma, { minLength: 2, maxLength: 2 }),
    edge,
  )
  .map(([before, items, separators, after]) => `${before}${separated(items, separators)}${after}`)

/** Every character that a header may hold, without any grammar. */
const noise = fc
  .array(fc.constantFrom(...Array.from('aB1 ,,==""\\\t;/+-é')), { maxLength: 24 })
  .map((characters) => characters.join(''))

export const wwwAuthenticate: fc.Arbitrary<string> = fc
  .oneof({ withCrossShrink: true }, { arbitrary: list, weight: 6 }, { arbitrary: noise, weight: 1 })
  .filter(fitsAHeader)

/** What a `Headers` object accepts as a value: the rest cannot reach a client. */
function fitsAHeader(text: string): boolean {
  return Array.from(text).every((character) => (character.codePointAt(0) ?? 256) < 256)
}
