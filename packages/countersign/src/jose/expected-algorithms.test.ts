import { expect, it } from 'vitest'
import { expectedAlgorithms } from './expected-algorithms.ts'

it('are the one that the client registered, whatever the server publishes (OIDC Core 3.1.3.7 item 7)', () => {
  expect(expectedAlgorithms('PS256', ['RS256'], ['RS256'])).toEqual(['PS256'])
})

it('are those that the server publishes, where the client registered none', () => {
  expect(expectedAlgorithms(undefined, ['ES256', 'PS256'], ['RS256'])).toEqual(['ES256', 'PS256'])
})

it('are the default where neither says any', () => {
  expect(expectedAlgorithms(undefined, undefined, ['RS256'])).toEqual(['RS256'])
})

it('are none at all where the server publishes an empty list', () => {
  expect(expectedAlgorithms(undefined, [], ['RS256'])).toEqual([])
})

it('are the word of whoever says it, to the letter: what must not be signed by, other rules refuse', () => {
  expect(expectedAlgorithms(undefined, ['none', 'RS256'], ['RS256'])).toEqual(['none', 'RS256'])
  expect(expectedAlgorithms('', ['RS256'], ['RS256'])).toEqual([''])
})

it.each([['RS256'], [null], [{}]])('pass over what the server publishes when it is no list, but %j', (published) => {
  expect(Reflect.apply(expectedAlgorithms, undefined, [undefined, published, ['ES256']])).toEqual(['ES256'])
})
