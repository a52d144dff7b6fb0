import { expect, it } from 'vitest'
import { expectedAlgorithms } from './expected-algorithms.ts'

it('are the one that the client registered, whatever the server publishes (OIDC Core 3.1.3.7 item 7)', () => {
  expect(expectedAlgorithms('PS256', ['RS256'], 'RS256')).toEqual({
    names: ['PS256'],
    particulars: { expected: 'PS256', reason: 'client configuration' },
  })
})

it('are those that the server publishes, where the client registered none', () => {
  expect(expectedAlgorithms(undefined, ['ES256', 'PS256'], 'RS256')).toEqual({
    names: ['ES256', 'PS256'],
    particulars: { expected: ['ES256', 'PS256'], reason: 'authorization server metadata' },
  })
})

it('are the default where neither says any', () => {
  expect(expectedAlgorithms(undefined, undefined, 'RS256')).toEqual({
    names: ['RS256'],
    particulars: { expected: 'RS256', reason: 'default value' },
  })
})

it('are none at all where neither says any and there is no default', () => {
  expect(expectedAlgorithms(undefined, undefined)).toStrictEqual({
    names: [],
    particulars: { client: undefined, issuer: undefined, fallback: undefined },
  })
})

it('are none at all where the server publishes an empty list', () => {
  expect(expectedAlgorithms(undefined, [], 'RS256').names).toEqual([])
})

it('are the word of whoever says it, to the letter: what must not be signed by, other rules refuse', () => {
  expect(expectedAlgorithms(undefined, ['none', 'RS256'], 'RS256').names).toEqual(['none', 'RS256'])
  expect(expectedAlgorithms('', ['RS256'], 'RS256').names).toEqual([''])
})

it.each([['RS256'], [null], [{}]])('pass over what the server publishes when it is no list, but %j', (published) => {
  expect(Reflect.apply(expectedAlgorithms, undefined, [undefined, published, 'ES256']).names).toEqual(['ES256'])
})
