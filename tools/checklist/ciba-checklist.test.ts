// Holds docs/ciba-checklist.md to what is there: each test that it names is one, and each of its lines names some.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../../', import.meta.url)

function textOf(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')
}

/** A link is the title of a test, and leads to its file. */
const LINK = /\[((?:\\.|[^\\\]])+)\]\(\.\.\/([\w./-]+\.test\.ts)\)/g

const rows = textOf('docs/ciba-checklist.md')
  .split('\n')
  .filter((line) => /^\| (?!-+ |Section|What happens)/.test(line))
  .map((line) => ({
    line,
    tests: [...line.matchAll(LINK)].map(([, title = '', path = '']) => ({
      title: title.replace(/\\(.)/g, '$1'),
      path,
    })),
  }))

describe('the checklist of CIBA', () => {
  it('has lines, and tests in each of them', () => {
    expect(rows.length).toBeGreaterThan(70)
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([])
  })

  it('names tests that are there, as the title of a test or of a group of them', () => {
    const absent = rows
      .flatMap(({ tests }) => tests)
      .filter(({ title, path }) => !titlesIn(path).some((one) => one.includes(title)))
    expect(absent).toEqual([])
  })
})

/** The texts in quotes that stand where `it`, `describe` and their tables have their title. */
function titlesIn(path: string): string[] {
  const source = textOf(path)
  const texts = source.matchAll(/(?:\(|^)\s*(['"`])((?:\\.|(?!\1)[^\\\n])+)\1,/gm)
  return [...texts].map(([, , title = '']) => title.replace(/\\(.)/g, '$1'))
}
