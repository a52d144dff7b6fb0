import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WWWAuthenticateChallenge } from '../errors/www-authenticate-challenge-error.ts'
import { parseChallenges } from './challenges.ts'

describe('the challenges of a WWW-Authenticate header', () => {
  it('are schemes alone (RFC 9110 11.3)', () => {
    expect(parseChallenges('Basic')).toEqual([{ scheme: 'basic', parameters: {} }])
    expect(parseChallenges('Basic, Negotiate')).toEqual([
      { scheme: 'basic', parameters: {} },
      { scheme: 'negotiate', parameters: {} },
    ])
  })

  it.each(['b', 'b=', 'b==', 'YII=', 'Az09-._~+/', 'Az09-._~+/=='])('are a scheme and token68 %j (11.2)', (token68) => {
    expect(parseChallenges(`Negotiate ${token68}`)).toEqual([{ scheme: 'negotiate', parameters: {}, token68 }])
    expect(parseChallenges(`Negotiate  ${token68} , a b=c`)).toEqual([
      { scheme: 'negotiate', parameters: {}, token68 },
      { scheme: 'a', parameters: { b: 'c' } },
    ])
  })

  it('are a scheme and parameters, as tokens and as quoted strings (RFC 9110 11.2)', () => {
    expect(parseChallenges('Bearer realm="a realm", error=invalid_token, scope=""')).toEqual([
      { scheme: 'bearer', parameters: { realm: 'a realm', error: 'invalid_token', scope: '' } },
    ])
  })

  it('keep their order, and each its own parameters (RFC 9110 11.6.1)', () => {
    const header = 'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\"", Other abc==, Last'
    expect(parseChallenges(header)).toEqual([
      { scheme: 'basic', parameters: { realm: 'simple' } },
      { scheme: 'newauth', parameters: { realm: 'apps', type: '1', title: 'Login to "apps"' } },
      { scheme: 'other', parameters: {}, token68: 'abc==' },
      { scheme: 'last', parameters: {} },
    ])
  })

  it('have case-insensitive schemes and parameter names, and values as they are (RFC 9110 11.1, 11.2)', () => {
    expect(parseChallenges('dPoP ERROR="use_DPoP_nonce", Algs=ES256')).toEqual([
      { scheme: 'dpop', parameters: { error: 'use_DPoP_nonce', algs: 'ES256' } },
    ])
  })

  it.each([
    ['"a\\"b"', 'a"b'],
    ['"\\\\"', '\\'],
    ['"\\a\\b"', 'ab'],
    ['"a, b=\\"c\\", Basic x==y"', 'a, b="c", Basic x==y'],
    ['"\t \x80\xff"', '\t \x80\xff'],
  ])('have quoted strings with quoted pairs: %j is %j (RFC 9110 5.6.4)', (quoted, value) => {
    expect(parseChallenges(`a b=${quoted}, c=d`)).toEqual([{ scheme: 'a', parameters: { b: value, c: 'd' } }])
  })

  it('may have blanks around the equals sign (RFC 9110 11.2, 5.6.3)', () => {
    expect(parseChallenges('a b \t=\t c , d= "e" ,f ="g"')).toEqual([
      { scheme: 'a', parameters: { b: 'c', d: 'e', f: 'g' } },
    ])
  })

  it('may stand between empty elements of a list (RFC 9110 5.6.1.2)', () => {
    expect(parseChallenges(' ,\t, a ,, b=c , ,d=e ,, f ,')).toEqual([
      { scheme: 'a', parameters: { b: 'c', d: 'e' } },
      { scheme: 'f', parameters: {} },
    ])
  })

  it('are read where servers leave out the comma between parameters', () => {
    expect(parseChallenges('DPoP error="use_dpop_nonce" algs="ES256 PS256"')).toEqual([
      { scheme: 'dpop', parameters: { error: 'use_dpop_nonce', algs: 'ES256 PS256' } },
    ])
  })

  it('give the last of several parameters of one name, which the grammar allows and RFC 9110 11.2 does not', () => {
    expect(parseChallenges('a B=c, b="d"')).toEqual([{ scheme: 'a', parameters: { b: 'd' } }])
  })

  it('keep several challenges of one scheme apart (RFC 9110 11.6.1)', () => {
    expect(parseChallenges('Bearer scope=a, Bearer scope=b')).toEqual([
      { scheme: 'bearer', parameters: { scope: 'a' } },
      { scheme: 'bearer', parameters: { scope: 'b' } },
    ])
  })

  it('may have parameters whose names are those of Object.prototype, without touching it', () => {
    const [challenge] = parseChallenges('a __proto__=b, constructor=c, toString=d') ?? []
    expect(Object.entries(challenge?.parameters ?? {})).toEqual([
      ['__proto__', 'b'],
      ['constructor', 'c'],
      ['tostring', 'd'],
    ])
    expect(Object.getPrototypeOf(challenge?.parameters)).toBe(Object.prototype)
  })

  it.each([
    ['nothing', ''],
    ['only blanks and commas', ' ,\t, ,'],
    ['a value without a scheme', '="b"'],
    ['a parameter without a scheme', 'realm="b"'],
    ['a scheme that is no token', 'a/b c=d'],
    ['a scheme outside ASCII', 'é b=c'],
    ['a quoted string that does not end', 'a b="c'],
    ['a quoted string whose end is quoted', 'a b="c\\"'],
    ['a quoted string in place of token68', 'a "b"'],
    ['text behind a quoted string', 'a b="c"d'],
    ['a quote behind a token', 'a b=c"'],
    ['a value that is no token', 'a b=c;d=e'],
    ['a value outside ASCII', 'a b=é'],
    ['a parameter behind token68', 'a b==, c=d'],
    ['a second token68', 'a b c'],
    ['token68 that is only padding', 'a =='],
    ['token68 of another alphabet', 'a b@c'],
    ['padding inside token68', 'a b==c'],
    ['a parameter without a value, before another', 'a b=, c=d'],
    ['a broken challenge behind a good one', 'Bearer error="invalid_token", a "b"'],
  ])('are none in a header with %s', (_title, header) => {
    expect(parseChallenges(header)).toBeUndefined()
  })
})

// the grammar of RFC 9110 §11.2, §11.3, §11.6.1, with what §5.6.1.2 asks recipients of a list to accept
const TCHAR = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
const TOKEN68 = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/'
const QUOTABLE = ['\t', ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)), '\x80', '\xff']

const token = fc.string({ unit: fc.constantFrom(...TCHAR), minLength: 1, maxLength: 8 })
const blanks = fc.constantFrom('', ' ', '\t', ' \t ')
const spaces = fc.constantFrom(' ', '   ')
const comma = fc.stringMatching(/^[ \t]{0,2},(?:[ \t]?,){0,2}[ \t]{0,2}$/)

/** Text as the grammar writes it, with what it stands for. */
interface Written<T> {
  readonly text: string
  readonly value: T
}

const quotedString: fc.Arbitrary<Written<string>> = fc
  .array(fc.tuple(fc.constantFrom(...QUOTABLE), fc.boolean()), { maxLength: 8 })
  .map((characters) => ({
    text: `"${characters.map(([character, pair]) => (pair || /["\\]/.test(character) ? `\\${character}` : character)).join('')}"`,
    value: characters.map(([character]) => character).join(''),
  }))

const parameter: fc.Arbitrary<Written<[string, string]>> = fc
  .tuple(token, blanks, blanks, fc.oneof(quotedString, token.map((text): Written<string> => ({ text, value: text }))))
  .map(([name, before, after, { text, value }]) => ({
    text: `${name}${before}=${after}${text}`,
    value: [name.toLowerCase(), value],
  }))

const parameters = fc.uniqueArray(parameter, { selector: ({ value }) => value[0], minLength: 1, maxLength: 4 })

const challenge: fc.Arbitrary<Written<Omit<WWWAuthenticateChallenge, 'scheme'> & { scheme: string }>> = fc.oneof(
  token.map((scheme) => ({ text: scheme, value: { scheme: scheme.toLowerCase(), parameters: {} } })),
  fc
    .tuple(token, spaces, fc.string({ unit: fc.constantFrom(...TOKEN68), minLength: 1 }), fc.constantFrom('', '=', '=='))
    .map(([scheme, space, characters, padding]) => ({
      text: `${scheme}${space}${characters}${padding}`,
      value: { scheme: scheme.toLowerCase(), parameters: {}, token68: `${characters}${padding}` },
    })),
  fc.tuple(token, spaces, parameters, comma).map(([scheme, space, members, separator]) => ({
    text: `${scheme}${space}${members.map(({ text }) => text).join(separator)}`,
    value: { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(members.map(({ value }) => value)) },
  })),
)

const header = fc
  .tuple(fc.array(challenge, { minLength: 1, maxLength: 4 }), comma, fc.option(comma, { nil: '' }), fc.option(comma, { nil: '' }))
  .map(([challenges, separator, start, end]) => ({
    text: `${start}${challenges.map(({ text }) => text).join(separator)}${end}`,
    value: challenges.map(({ value }) => value),
  }))

/** Writes challenges in the plainest way. */
function write(challenges: WWWAuthenticateChallenge[]): string {
  const written = challenges.map(({ scheme, parameters: members, token68 }) => {
    const values = Object.entries(members).map(([name, value = '']) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`)
    return `${scheme} ${token68 ?? values.join(', ')}`
  })
  return written.join(', ')
}

describe('any header', () => {
  it('that the grammar builds is read as what it was built from (RFC 9110 11.6.1)', () => {
    fc.assert(fc.property(header, ({ text, value }) => expect(parseChallenges(text)).toEqual(value)))
  })

  it.each([
    ['of any characters', fc.string({ unit: 'binary', maxLength: 50 })],
    ['of the characters that the grammar uses', fc.string({ unit: fc.constantFrom(...'ab =",\\\t/;'), maxLength: 30 })],
  ])('%s is read as what can be written again, or as nothing', (_title, text) => {
    fc.assert(
      fc.property(text, (candidate) => {
        const challenges = parseChallenges(candidate)
        if (challenges !== undefined) expect(parseChallenges(write(challenges))).toEqual(challenges)
      }),
    )
  })

  const many = 100_000
  it.each([
    ['a scheme without end', 'a'.repeat(many), 1],
    ['token68 that is none at its end', `a ${'b'.repeat(many)}@`, undefined],
    ['padding that is none at its end', `a b${'='.repeat(many)}@`, undefined],
    ['blanks behind token68', `a b${' '.repeat(many)}@`, undefined],
    ['blanks behind a scheme', `a${' '.repeat(many)}@`, undefined],
    ['blanks before an equals sign that never comes', `a b=c, d${' '.repeat(many)}@`, undefined],
    ['blanks behind an equals sign', `a b=${' '.repeat(many)}@`, undefined],
    ['a quoted string that does not end', `a b="${'c'.repeat(many)}`, undefined],
    ['quoted pairs that do not end', `a b="${'\\"'.repeat(many / 2)}`, undefined],
    ['quoted pairs with text behind', `a b="${'\\\\'.repeat(many / 2)}"c`, undefined],
    ['commas', ','.repeat(many), undefined],
    ['commas behind a scheme', `a${' ,'.repeat(many / 2)}@`, undefined],
    ['schemes', 'a,'.repeat(many / 2), many / 2],
    ['schemes with token68', 'a b,'.repeat(many / 4), many / 4],
    ['parameters of one name', `a ${'b=c,'.repeat(many / 4)}`, 1],
    ['parameters with a broken one at the end', `a ${'b=c,'.repeat(many / 4)}"`, undefined],
    ['quotes', '"'.repeat(many), undefined],
    ['schemes before a quoted string that does not end', `${'a,'.repeat(many / 4)}b="${'c'.repeat(many / 2)}`, undefined],
  ])('of 100 kB takes time in proportion to its length: %s', (_title, text, count) => {
    const start = performance.now()
    const challenges = parseChallenges(text)
    // what grows with the square of the length takes far longer than this, and what is linear a few milliseconds
    expect(performance.now() - start).toBeLessThan(1000)
    expect(challenges?.length).toBe(count)
  })
})
