import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WWWAuthenticateChallenge } from '../errors/www-authenticate-challenge-error.ts'
import { parseChallenges } from './challenges.ts'

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
  .tuple(
    token,
    blanks,
    blanks,
    fc.oneof(
      quotedString,
      token.map((text): Written<string> => ({ text, value: text })),
    ),
  )
  .map(([name, before, after, { text, value }]) => ({
    text: `${name}${before}=${after}${text}`,
    value: [name.toLowerCase(), value],
  }))

const parameters = fc.uniqueArray(parameter, { selector: ({ value }) => value[0], minLength: 1, maxLength: 4 })

const challenge: fc.Arbitrary<Written<Omit<WWWAuthenticateChallenge, 'scheme'> & { scheme: string }>> = fc.oneof(
  token.map((scheme) => ({ text: scheme, value: { scheme: scheme.toLowerCase(), parameters: {} } })),
  fc
    .tuple(
      token,
      spaces,
      fc.string({ unit: fc.constantFrom(...TOKEN68), minLength: 1 }),
      fc.constantFrom('', '=', '=='),
    )
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
  .tuple(
    fc.array(challenge, { minLength: 1, maxLength: 4 }),
    comma,
    fc.option(comma, { nil: '' }),
    fc.option(comma, { nil: '' }),
  )
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
    fc.assert(
      fc.property(header, ({ text, value }) => {
        expect(parseChallenges(text)).toEqual(value)
      }),
      { numRuns: 500 },
    )
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
      { numRuns: 2000 },
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
    ['quoted pairs with text behind', `a b="${'\\\\'.repeat(many / 2)}"@`, undefined],
    ['commas', ','.repeat(many), undefined],
    ['commas behind a scheme', `a${' ,'.repeat(many / 2)}@`, undefined],
    ['schemes', 'a,'.repeat(many / 2), many / 2],
    ['schemes with token68', 'a b,'.repeat(many / 4), many / 4],
    ['parameters of one name', `a ${'b=c,'.repeat(many / 4)}`, 1],
    ['parameters with a broken one at the end', `a ${'b=c,'.repeat(many / 4)}"`, undefined],
    ['quotes', '"'.repeat(many), undefined],
    [
      'schemes before a quoted string that does not end',
      `${'a,'.repeat(many / 4)}b="${'c'.repeat(many / 2)}`,
      undefined,
    ],
  ])('of 100 kB takes time in proportion to its length: %s', (_title, text, count) => {
    const start = performance.now()
    const challenges = parseChallenges(text)
    // what grows with the square of the length takes far longer than this, and what is linear a few milliseconds
    expect(performance.now() - start).toBeLessThan(4000)
    expect(challenges?.length).toBe(count)
  })
})
