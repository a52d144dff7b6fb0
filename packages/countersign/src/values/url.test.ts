import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseUrl } from './url.ts'

it('gives the URL of an absolute one', () => {
  expect(parseUrl('https://op.example.com/a?b#c')).toEqual(new URL('https://op.example.com/a?b#c'))
})

it.each([[''], ['/token'], ['op.example.com/token'], ['//op.example.com'], ['https://'], ['https://a b/']])(
  'gives undefined for %j',
  (text) => {
    expect(parseUrl(text)).toBeUndefined()
  },
)

it('gives a URL or undefined for any text, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
      const url = parseUrl(text)
      return url === undefined || url instanceof URL
    }),
  )
})
