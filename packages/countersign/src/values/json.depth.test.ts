import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'

function nested(depth: number, open = '[', close = ']'): string {
  return open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth)
}

describe('the depth of JSON (RFC 8259 section 9)', () => {
  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('is read to 1,000 levels of %s, and no deeper', (_, open, close) => {
    expect(parseJson(nested(1000, open, close))).not.toBe(undefined)
    expect(parseJson(nested(1001, open, close))).toBe(undefined)
  })

  it('is read to 1,000 levels also where there are more brackets than that', () => {
    const text = `[[],${nested(999)}]`
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  it('is not what brackets in strings make of it', () => {
    const text = JSON.stringify({ a: '['.repeat(2000), b: `\\"${'{'.repeat(2000)}`, c: [] })
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  it('is not the number of members', () => {
    const text = JSON.stringify(Array.from({ length: 3000 }, () => [{}]))
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })
})
