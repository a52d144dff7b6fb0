import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compileExamples } from './compile.ts'
import { type Example, titlesOf } from './example.ts'
import { findExamples, textOf } from './find.ts'
import { fixtureOf } from './fixture.ts'
import { exampleProvider } from './provider.ts'
import { runExample } from './run.ts'
import { createSigner, type Signer } from './signer.ts'

const examples = titlesOf(findExamples())
const programs = examples.filter(([, { quotes }]) => quotes === undefined)
const quotations = examples.filter(([, { quotes }]) => quotes !== undefined)

describe('an example', () => {
  let complaints: ReadonlyMap<Example, readonly string[]>
  let signer: Signer

  beforeAll(async () => {
    complaints = compileExamples(programs.map(([, example]) => example))
    signer = await createSigner()
  })

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it.each(programs)('compiles: %s', (_title, example) => {
    expect(complaints.get(example)).toEqual([])
  })

  it.each(programs)('runs: %s', async (title, example) => {
    const provider = exampleProvider(signer)
    vi.stubGlobal('fetch', provider.fetch)
    const written = await runExample(title, example, fixtureOf(signer))
    expect(provider.misunderstood).toEqual([])
    expect(written.filter((line) => /\b(undefined|NaN)\b|\[object /.test(line))).toEqual([])
  })

  it.each(quotations)('is quoted as it stands in its source: %s', (_title, { code, quotes = '' }) => {
    const source = linesOf(textOf(quotes))
    // an ellipsis at the end of a line leaves out the rest of it
    const stands = (line: string) =>
      source.some((own) => (line.endsWith('…') ? own.startsWith(line.slice(0, -1)) : own === line))
    expect(linesOf(code).filter((line) => !stands(line))).toEqual([])
  })
})

/** Lines without their indentation, which a quotation need not keep. */
function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim())
}
