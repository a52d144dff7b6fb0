import { describe, expect, it } from 'vitest'
import { mutantsOf } from './instrumented.ts'

/** The parts of a text that are replaced in the mutants that are tried, of those that Stryker makes. */
async function triedIn(content: string): Promise<string[]> {
  const mutants = await mutantsOf(content)
  return mutants.filter(({ mutator }) => mutator !== 'StatementRemoval').map(({ original }) => original)
}

describe('what is left out of the mutants', () => {
  it.each([
    ["export const A = rule('id-token.iss', OIDC_CORE, '3.1.3.7 (2)', CODE)"],
    ["check(about, RULE, condition, 'a text', 'missing')"],
    ['check(about, RULE, condition, `until ${time + slack}`, `${size} bytes`)'],
    ["throw invalidArgument('message', code)"],
    ["throw new TypeError('message')"],
    ["assertString(value, 'kid')"],
    ["assertFunction(value, 'options.find')"],
    ['named(name, `after ${time / 1000} seconds`)'],
    ["assertNumber(value, 'now')"],
    ["assertTagged(value, tag, 'response')"],
    ['assertKey(key, type, `${name}.key`)'],
    ["privateKeyOf(key, 'privateKey')"],
    ['const at = `now ${time}`\ncheck(about, RULE, condition, `after (${at})`, exp)'],
    ["const message = 'message'\nthrow invalidArgument(message, code)"],
  ])('%s', async (text) => {
    expect(await triedIn(text)).toEqual([])
  })
})

describe('what is not left out', () => {
  it.each([
    ["check(about, RULE, type === 'text')", ["type === 'text'", "type === 'text'", "type === 'text'", "'text'"]],
    ["check(about, RULE, isOne(of, 'text'), 'a text')", ["'text'"]],
    ["check(about, RULE, condition, describe('text'))", ["'text'"]],
    ["check(about, RULE, condition, aa === 'b' ? 'c' : 'd')", ["aa === 'b'", "aa === 'b'", "aa === 'b'", "'b'"]],
    ["rule('id', DOCUMENT, '2', 'CODE')", ["'CODE'"]],
    ["throw invalidArgument('message', 'ERR_INVALID_ARG_TYPE')", ["'ERR_INVALID_ARG_TYPE'"]],
    ["assertTagged(value, 'Response', 'response')", ["'Response'"]],
    ["assertKey(key, 'private', 'key')", ["'private'"]],
    ["check(about, RULE, given ?? 'none')", ["given ?? 'none'", "'none'"]],
    [
      "const alg = 'none'\ncheck(about, RULE, given !== alg, alg)",
      ["'none'", 'given !== alg', 'given !== alg', 'given !== alg'],
    ],
    ["let kind = 'a'\nkind = 'b'\ncheck(about, RULE, condition, kind)", ["'a'", "'b'"]],
    ["check(about, RULE, condition, url ?? 'a URL', actual)", ["url ?? 'a URL'"]],
    ["other('text')", ["'text'"]],
  ])('%s', async (text, tried) => {
    expect((await triedIn(text)).sort()).toEqual([...tried].sort())
  })
})
