import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../rulebook/package-program.ts'
import { compare, readExplained, type Survivor, survivorOf } from './survivors.ts'

const SOURCE = `const one = 1
  if (one < 2) {
    return   three
  }
`

const condition: Survivor = { file: 'a.ts', line: 'if (one < 2) {', original: 'one < 2', replacement: 'true' }

describe('survivorOf', () => {
  it('names the line, and the part of it that was replaced', () => {
    const location = { start: { line: 2, column: 7 }, end: { line: 2, column: 14 } }
    expect(survivorOf('a.ts', SOURCE, location, 'true')).toEqual(condition)
  })

  it('writes several lines as one', () => {
    const location = { start: { line: 2, column: 16 }, end: { line: 4, column: 4 } }
    expect(survivorOf('a.ts', SOURCE, location, '{}')).toEqual({
      file: 'a.ts',
      line: 'if (one < 2) {',
      original: '{ return three }',
      replacement: '{}',
    })
  })
})

describe('compare', () => {
  it('finds nothing where each survivor is explained', () => {
    expect(compare([condition], [condition])).toEqual({ unexplained: [], outdated: [] })
  })

  it.each(['file', 'line', 'original', 'replacement'] as const)('takes no entry with another %s', (member) => {
    const other = { ...condition, [member]: 'other' }
    expect(compare([condition], [other])).toEqual({ unexplained: [condition], outdated: [other] })
  })

  it('takes an entry for one survivor, not for two', () => {
    expect(compare([condition, condition], [condition])).toEqual({ unexplained: [condition], outdated: [] })
  })

  it('names the entries whose mutant no longer survives', () => {
    expect(compare([], [condition])).toEqual({ unexplained: [], outdated: [condition] })
  })
})

describe('survivors.json', () => {
  it.each(readExplained().map((entry) => [entry.file, entry.line, entry.original] as const))(
    'explains what is still there: %s, %s',
    (file, line, original) => {
      const source = readFileSync(`${ROOT}packages/countersign/src/${file}`, 'utf8')
      expect(source.split('\n').map((text) => text.trim())).toContain(line)
      expect(source.replace(/\s+/g, ' ')).toContain(original)
    },
  )
})
