import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freezeJson, isJsonObject, parseJson } from './json.ts'

describe('parseJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value)
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('gives a JSON value or undefined for any text, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'{}[]",:0e-.tn\\') })),
        (text) => {
          const value = parseJson(text)
          if (value !== undefined) expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value))
          else expect(() => JSON.parse(text)).toThrow(SyntaxError)
        },
      ),
    )
  })

  it('keeps a member named __proto__ a member (RFC 8259 section 4)', () => {
    const value = parseJson('{"__proto__":{"admin":true}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(value).not.toHaveProperty('admin')
  })
})

describe('isJsonObject', () => {
  it.each([[{}], [{ length: 1 }], [parseJson('{"a":[]}')]])('is true for %j', (value) => {
    expect(isJsonObject(value)).toBe(true)
  })

  it.each([[undefined], [null], [[]], [[{}]], ['{}'], [5], [false]])('is false for %j', (value) => {
    expect(isJsonObject(value)).toBe(false)
  })
})

describe('freezeJson', () => {
  it('freezes any JSON value down to its last member, and gives it back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        const value = JSON.parse(JSON.stringify(any)) as Parameters<typeof freezeJson>[0]
        expect(freezeJson(value)).toBe(value)
        expect(isFrozen(value)).toBe(true)
      }),
    )
    expect(freezeJson({ a: null, b: [null] })).toEqual({ a: null, b: [null] })
  })
})

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isFrozen)
}
