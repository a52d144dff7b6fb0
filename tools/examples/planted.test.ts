// Examples that are wrong, each in one way: that the tests of the real ones pass means something.
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compileExamples } from './compile.ts'
import { examplesOfDocstrings } from './docstrings.ts'
import { type Example, fencesOf, titlesOf } from './example.ts'
import { fixtureOf } from './fixture.ts'
import { examplesOfMarkdown } from './markdown.ts'
import { exampleProvider } from './provider.ts'
import { runExample } from './run.ts'
import { createSigner, type Signer } from './signer.ts'

const IMPORT = "import * as countersign from 'countersign'"

function exampleOf(...lines: string[]): Example {
  return { file: 'planted.ts', subject: 'planted', code: [IMPORT, ...lines].join('\n') }
}

describe('examples are found', () => {
  const docstring = '/**\n * @example\n *\n * ```ts\n * const answer = 42\n * ```\n */'
  const fenced = '```ts\nconst answer = 42\n```'

  it.each([
    `${docstring}\nexport const documented: number = 1`,
    `${docstring}\nexport function documented() {}`,
    `${docstring}\nexport interface documented {}`,
    `export interface Options {\n${docstring}\n  documented: string\n}`,
  ])('in a docstring, under the name of what is documented (%#)', (text) => {
    const expected = { file: 'a.ts', subject: 'documented', code: 'const answer = 42\n' }
    expect(examplesOfDocstrings('a.ts', text)).toEqual([expected])
  })

  it('in a document, under the heading before', () => {
    expect(examplesOfMarkdown('a.md', `# One\n\n## Two\n\n${fenced}\n\n${fenced}\n`)).toEqual([
      { file: 'a.md', subject: '"Two"', code: 'const answer = 42\n' },
      { file: 'a.md', subject: '"Two"', code: 'const answer = 42\n' },
    ])
  })

  it('with a number for the second one of the same name', () => {
    const titles = titlesOf([exampleOf(), exampleOf()]).map(([title]) => title)
    expect(titles).toEqual(['planted.ts planted', 'planted.ts planted (2)'])
  })

  it('or refused where a fence does not end, or an @example has none', () => {
    expect(() => fencesOf('```ts\nconst answer = 42\n')).toThrow(/fence/)
    expect(() => examplesOfDocstrings('a.ts', '/**\n * @example\n */\nexport const a = 1')).toThrow(/@example/)
  })
})

describe('a wrong example is reported', () => {
  let signer: Signer

  beforeAll(async () => {
    signer = await createSigner()
  })

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  async function run(example: Example): Promise<{ misunderstood: readonly string[]; end: unknown }> {
    const { fetch, misunderstood } = exampleProvider(signer)
    vi.stubGlobal('fetch', fetch)
    const end = await runExample('planted', example, fixtureOf(signer)).catch((error: unknown) => error)
    return { misunderstood, end }
  }

  it('by the compiler, with its line', () => {
    const example = exampleOf('const nobody = 1', 'countersign.generateRandomState(1)')
    expect(compileExamples([example]).get(example)).toEqual([expect.stringMatching(/^line 3: Expected 0 arguments/)])
  })

  it('when it declares what the fixture does not have', async () => {
    const { end } = await run(exampleOf('declare const surprise: string', 'console.log(surprise)'))
    expect(String(end)).toBe('Error: the example declares surprise, and tools/examples/fixture.ts has no value for it')
  })

  it('when it imports what the library does not publish', async () => {
    const { end } = await run(exampleOf("import { join } from 'node:path'", 'console.log(join("a", "b"))'))
    expect(String(end)).toMatch(/^Error: the example imports node:path/)
  })

  it.each([
    ['without a hint', { scope: 'openid' }],
    ['without openid', { scope: 'profile', login_hint: 'anna' }],
    ['with two hints', { scope: 'openid', login_hint: 'anna', id_token_hint: 'a.b.c' }],
  ])('when it asks %s (CIBA Core 7.1)', async (_title, parameters) => {
    const { misunderstood } = await run(
      exampleOf(
        'declare const as: countersign.AuthorizationServer',
        'declare const client: countersign.Client',
        'declare const clientAuth: countersign.ClientAuth',
        `await countersign.backchannelAuthenticationRequest(as, client, clientAuth, ${JSON.stringify(parameters)})`,
      ),
    )
    expect(misunderstood).toEqual(['POST https://op.example.com/backchannel'])
  })

  it('when it asks another server', async () => {
    const { misunderstood } = await run(
      exampleOf("await countersign.discoveryRequest(new URL('https://other.example.com'))"),
    )
    expect(misunderstood).toEqual(['GET https://other.example.com/.well-known/openid-configuration'])
  })
})
