import { describe, expect, it } from 'vitest'
import { parseChallenges } from './challenges.ts'

describe('the challenges of a WWW-Authenticate header', () => {
  it('are schemes alone (RFC 9110 11.3)', () => {
    expect(parseChallenges('Basic')).toStrictEqual([{ scheme: 'basic', parameters: {} }])
    expect(parseChallenges('Basic, Negotiate')).toEqual([
      { scheme: 'basic', parameters: {} },
      { scheme: 'negotiate', parameters: {} },
    ])
  })

  it.each(['b', 'b=', 'b==', 'YII=', 'Az09-._~+/', 'Az09-._~+/=='])('are a scheme and token68 %j (11.2)', (token68) => {
    expect(parseChallenges(`Negotiate ${token68}`)).toEqual([{ scheme: 'negotiate', parameters: {}, token68 }])
    expect(parseChallenges(`Negotiate  ${token68} , a b=c`)).toEqual([
      { scheme: 'negotiate', parameters: {}, token68 },
      { scheme: 'a', parameters: { b: 'c' } },
    ])
  })

  it('are read of a header of 1 MiB, and of none that is longer', () => {
    const header = `Bearer realm=${'x'.repeat(1_048_576 - 'Bearer realm='.length)}`
    expect(parseChallenges(header)).toHaveLength(1)
    expect(parseChallenges(`${header}x`)).toBeUndefined()
  })

  it('are a scheme and parameters, as tokens and as quoted strings (RFC 9110 11.2)', () => {
    expect(parseChallenges('Bearer realm="a realm", error=invalid_token, scope=""')).toEqual([
      { scheme: 'bearer', parameters: { realm: 'a realm', error: 'invalid_token', scope: '' } },
    ])
  })

  it('keep their order, and each its own parameters (RFC 9110 11.6.1)', () => {
    const header = 'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\"", Other abc==, Last'
    expect(parseChallenges(header)).toEqual([
      { scheme: 'basic', parameters: { realm: 'simple' } },
      { scheme: 'newauth', parameters: { realm: 'apps', type: '1', title: 'Login to "apps"' } },
      { scheme: 'other', parameters: {}, token68: 'abc==' },
      { scheme: 'last', parameters: {} },
    ])
  })

  it('have case-insensitive schemes and parameter names, and values as they are (RFC 9110 11.1, 11.2)', () => {
    expect(parseChallenges('dPoP ERROR="use_DPoP_nonce", Algs=ES256')).toEqual([
      { scheme: 'dpop', parameters: { error: 'use_DPoP_nonce', algs: 'ES256' } },
    ])
  })

  it.each([
    ['"a\\"b"', 'a"b'],
    ['"\\\\"', '\\'],
    ['"\\a\\b"', 'ab'],
    ['"a, b=\\"c\\", Basic x==y"', 'a, b="c", Basic x==y'],
    ['"\t \x80\xff"', '\t \x80\xff'],
  ])('have quoted strings with quoted pairs: %j is %j (RFC 9110 5.6.4)', (quoted, value) => {
    expect(parseChallenges(`a b=${quoted}, c=d`)).toEqual([{ scheme: 'a', parameters: { b: value, c: 'd' } }])
  })

  it('may have blanks around the equals sign (RFC 9110 11.2, 5.6.3)', () => {
    expect(parseChallenges('a b \t=\t c , d= "e" ,f ="g"')).toEqual([
      { scheme: 'a', parameters: { b: 'c', d: 'e', f: 'g' } },
    ])
  })

  it('may stand between empty elements of a list (RFC 9110 5.6.1.2)', () => {
    expect(parseChallenges(' ,\t, a ,, b=c , ,d=e ,, f ,')).toEqual([
      { scheme: 'a', parameters: { b: 'c', d: 'e' } },
      { scheme: 'f', parameters: {} },
    ])
  })

  it('are read where servers leave out the comma before another scheme, as oauth4webapi does', () => {
    expect(parseChallenges('a b="c"d, e f g')).toEqual([
      { scheme: 'a', parameters: { b: 'c' } },
      { scheme: 'd', parameters: {} },
      { scheme: 'e', parameters: {}, token68: 'f' },
      { scheme: 'g', parameters: {} },
    ])
  })

  it('are read where servers leave out the comma between parameters', () => {
    expect(parseChallenges('DPoP error="use_dpop_nonce" algs="ES256 PS256"')).toEqual([
      { scheme: 'dpop', parameters: { error: 'use_dpop_nonce', algs: 'ES256 PS256' } },
    ])
  })

  it('give the last of several parameters of one name, which the grammar allows and RFC 9110 11.2 does not', () => {
    expect(parseChallenges('a B=c, b="d"')).toEqual([{ scheme: 'a', parameters: { b: 'd' } }])
  })

  it('keep several challenges of one scheme apart (RFC 9110 11.6.1)', () => {
    expect(parseChallenges('Bearer scope=a, Bearer scope=b')).toEqual([
      { scheme: 'bearer', parameters: { scope: 'a' } },
      { scheme: 'bearer', parameters: { scope: 'b' } },
    ])
  })

  it('may have parameters whose names are those of Object.prototype, without touching it', () => {
    const [challenge] = parseChallenges('a __proto__=b, constructor=c, toString=d') ?? []
    expect(Object.entries(challenge?.parameters ?? {})).toEqual([
      ['__proto__', 'b'],
      ['constructor', 'c'],
      ['tostring', 'd'],
    ])
    expect(Object.getPrototypeOf(challenge?.parameters)).toBe(Object.prototype)
  })

  it.each([
    ['nothing', ''],
    ['only blanks and commas', ' ,\t, ,'],
    ['a value without a scheme', '="b"'],
    ['a parameter without a scheme', 'realm="b"'],
    ['a scheme that is no token', 'a/b c=d'],
    ['a scheme outside ASCII', 'é b=c'],
    ['a quoted string that does not end', 'a b="c'],
    ['a quoted string whose end is quoted', 'a b="c\\"'],
    ['a quoted string in place of token68', 'a "b"'],
    ['what no token is behind a quoted string', 'a b="c"@'],
    ['a quote behind a token', 'a b=c"'],
    ['a value that is no token', 'a b=c;d=e'],
    ['a value outside ASCII', 'a b=é'],
    ['a parameter behind token68', 'a b==, c=d'],
    ['token68 that is only padding', 'a =='],
    ['token68 of another alphabet', 'a b@c'],
    ['padding inside token68', 'a b==c'],
    ['a token that is no token68, and another challenge right behind it', 'a b!c d'],
    ['a parameter right behind the comma of its scheme', 'a, b="c"'],
    ['a parameter without a value, before another', 'a b=, c=d'],
    ['a broken challenge behind a good one', 'Bearer error="invalid_token", a "b"'],
  ])('are none in a header with %s', (_title, header) => {
    expect(parseChallenges(header)).toBeUndefined()
  })
})
