import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { ArgumentErrorCode } from './codes.ts'
import * as assertions from './invalid-argument.ts'

function thrownBy(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

/** What a call of an assertion throws is a caller's mistake with this code. */
function expectRefusal(act: () => void, code: ArgumentErrorCode): void {
  const error = thrownBy(act)
  expect(error).toBeInstanceOf(TypeError)
  expect(Object(error).constructor).toBe(TypeError)
  expect(error).toHaveProperty('code', code)
}

describe('invalidArgument', () => {
  it('makes a TypeError whose code is its only enumerable property', () => {
    const error = assertions.invalidArgument('message', 'ERR_INVALID_ARG_VALUE')
    expect(error).toBeInstanceOf(TypeError)
    expect(Object.keys(error)).toEqual(['code'])
    expect(error).toMatchObject({ name: 'TypeError', message: 'message', code: 'ERR_INVALID_ARG_VALUE' })
    expect(error.cause).toBeUndefined()
  })

  it('keeps a cause', () => {
    const cause = new Error('underneath')
    expect(assertions.invalidArgument('message', 'ERR_INVALID_ARG_TYPE', cause).cause).toBe(cause)
  })
})

describe('assertObject', () => {
  it.each([[undefined], [null], ['as'], [5], [true], [() => undefined]])('refuses %j', (value) => {
    expectRefusal(() => assertions.assertObject(value, 'as'), 'ERR_INVALID_ARG_TYPE')
  })

  it.each([[{}], [[]], [Object.create(null)]])('accepts %j', (value) => {
    expect(thrownBy(() => assertions.assertObject(value, 'as'))).toBeUndefined()
  })
})

describe('assertString', () => {
  it.each([[undefined], [null], [5], [{}], [['a']], [Object('a')]])('refuses %j for its type', (value) => {
    expectRefusal(() => assertions.assertString(value, 'kid'), 'ERR_INVALID_ARG_TYPE')
  })

  it('refuses an empty string for its value', () => {
    expectRefusal(() => assertions.assertString('', 'kid'), 'ERR_INVALID_ARG_VALUE')
  })

  it('accepts a string of one character', () => {
    expect(thrownBy(() => assertions.assertString(' ', 'kid'))).toBeUndefined()
  })

  it('names the argument, and repeats nothing of its value', () => {
    const error = thrownBy(() => assertions.assertString({ secret: 'hunter2' }, 'clientSecret'))
    expect(String(error)).toContain('clientSecret')
    expect(String(error)).not.toContain('hunter2')
  })
})

describe('assertTagged', () => {
  it.each([[undefined], [null], ['https://op.example.com'], [{ href: 'https://op.example.com' }]])(
    'refuses %j',
    (value) => {
      expectRefusal(() => assertions.assertTagged(value, 'URL', 'issuer'), 'ERR_INVALID_ARG_TYPE')
    },
  )

  it('accepts an instance of the class, also where it is a subclass', () => {
    class Answer extends Response {}
    expect(thrownBy(() => assertions.assertTagged(new URL('https://op.example.com'), 'URL', 'issuer'))).toBeUndefined()
    expect(thrownBy(() => assertions.assertTagged(new Answer(), 'Response', 'response'))).toBeUndefined()
  })

  it('accepts an object of another realm that is none of instanceof', () => {
    const foreign: unknown = runInNewContext('new Map()')
    expect(foreign).not.toBeInstanceOf(Map)
    expect(thrownBy(() => assertions.assertTagged(foreign, 'Map', 'map'))).toBeUndefined()
  })
})

describe('assertSeconds', () => {
  it.each([[undefined], [null], ['5'], [NaN], [Infinity], [-Infinity], [{}]])('refuses %j for its type', (value) => {
    expectRefusal(() => assertions.assertSeconds(value, 'max_age'), 'ERR_INVALID_ARG_TYPE')
  })

  it('refuses a negative number for its value', () => {
    expectRefusal(() => assertions.assertSeconds(-1, 'max_age'), 'ERR_INVALID_ARG_VALUE')
  })

  it.each([[0], [0.5], [86_400]])('accepts %d', (value) => {
    expect(thrownBy(() => assertions.assertSeconds(value, 'max_age'))).toBeUndefined()
  })
})
