import { describe, expect, it } from 'vitest'
import { json } from '../testing/answers.ts'
import { learnNonce, nonceFor, type Nonces } from './nonces.ts'

function learn(nonces: Nonces, url: string, nonce: string | undefined, status = 200): void {
  learnNonce(nonces, new URL(url), json({}, status, nonce === undefined ? {} : { 'dpop-nonce': nonce }))
}

function known(nonces: Nonces, url: string): string | undefined {
  return nonceFor(nonces, new URL(url))
}

/** An origin of its own for each number. */
function origin(index: number): string {
  return `https://op${index}.example.com/token`
}

describe('the nonces of servers', () => {
  it.each([200, 204, 302, 400, 401, 500])('are learned from answers with status %d (RFC 9449 8.2)', (status) => {
    const nonces: Nonces = new Map()
    const response = new Response(null, { status, headers: { 'DPoP-Nonce': 'eyJ7S' } })
    learnNonce(nonces, new URL('https://op.example.com/token'), response)
    expect(known(nonces, 'https://op.example.com/token')).toBe('eyJ7S')
  })

  it('are those of the whole origin (RFC 9449 8.2, 9)', () => {
    const nonces: Nonces = new Map()
    learn(nonces, 'https://OP.example.com:443/token?a=b', 'first')
    expect(known(nonces, 'https://op.example.com/me')).toBe('first')
  })

  it.each(['http://op.example.com', 'https://op.example.com:8443', 'https://example.com', 'https://rs.example.com'])(
    'are not those of %s, another origin (RFC 9449 9)',
    (url) => {
      const nonces: Nonces = new Map()
      learn(nonces, 'https://op.example.com', 'first')
      expect(known(nonces, url)).toBeUndefined()
      learn(nonces, url, 'second')
      expect(known(nonces, 'https://op.example.com')).toBe('first')
      expect(known(nonces, url)).toBe('second')
    },
  )

  it('are used until another comes (RFC 9449 8.2)', () => {
    const nonces: Nonces = new Map()
    learn(nonces, origin(1), 'first')
    expect([known(nonces, origin(1)), known(nonces, origin(1))]).toEqual(['first', 'first'])
    learn(nonces, origin(1), 'second')
    expect(known(nonces, origin(1))).toBe('second')
  })

  it.each([undefined, ''])('stay where an answer brings %j', (nonce) => {
    const nonces: Nonces = new Map()
    learn(nonces, origin(1), nonce)
    expect(known(nonces, origin(1))).toBeUndefined()
    learn(nonces, origin(1), 'first')
    learn(nonces, origin(1), nonce)
    expect(known(nonces, origin(1))).toBe('first')
  })

  it.each([undefined, null, 'text', {}])('stay where a customFetch gives %j in place of an answer', (value) => {
    const nonces: Nonces = new Map()
    learn(nonces, origin(1), 'first')
    Reflect.apply(learnNonce, undefined, [nonces, origin(1), value])
    expect(known(nonces, origin(1))).toBe('first')
  })

  it('are those of 100 origins at most, without the one that was used longest ago', () => {
    const nonces: Nonces = new Map()
    for (let index = 0; index < 100; index++) learn(nonces, origin(index), `nonce ${index}`)
    expect(nonces.size).toBe(100)

    // asked for, and learned again: the first two are now the latest
    expect(known(nonces, origin(0))).toBe('nonce 0')
    learn(nonces, origin(1), 'new')
    expect(nonces.size).toBe(100)
    learn(nonces, origin(100), 'nonce 100')
    learn(nonces, origin(101), 'nonce 101')

    expect(nonces.size).toBe(100)
    const kept = Array.from({ length: 102 }, (_, index) => index).filter((index) => known(nonces, origin(index)))
    expect(kept).toEqual([0, 1, ...Array.from({ length: 98 }, (_, index) => index + 4)])
    expect(known(nonces, origin(1))).toBe('new')
  })
})
