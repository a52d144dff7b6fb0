import { describe, expect, it } from 'vitest'
import { jsonLines } from './json-lines.ts'

describe('JSON for reading', () => {
  it('puts one member on a line and short lists on one', () => {
    expect(jsonLines({ a: 1, list: ['x', 'y'], none: [], nested: { b: null } })).toBe(
      '{\n  "a": 1,\n  "list": ["x", "y"],\n  "none": [],\n  "nested": {\n    "b": null\n  }\n}',
    )
  })

  it('breaks lists that are long or hold objects', () => {
    expect(jsonLines({ keys: [{ kid: '1' }] })).toBe('{\n  "keys": [\n    {\n      "kid": "1"\n    }\n  ]\n}')
    expect(jsonLines(['a'.repeat(60), 'b'.repeat(60)])).toBe(`[\n  "${'a'.repeat(60)}",\n  "${'b'.repeat(60)}"\n]`)
  })

  it.each(['access_token', 'auth_req_id', 'id_token', 'refresh_token', 'client_secret'])('shortens %s', (name) => {
    expect(jsonLines({ [name]: 'abcdefghijkl' })).toBe(`{\n  "${name}": "abcdefgh… (12 characters)"\n}`)
    expect(jsonLines({ [name]: ['abcdefghijkl'] })).toBe(`{\n  "${name}": ["abcdefgh… (12 characters)"]\n}`)
  })

  it('prints no control character', () => {
    expect(jsonLines({ text: 'a\u001b\u009b\u202e\nb' })).toBe('{\n  "text": "a\\u001b��\\nb"\n}')
  })
})
