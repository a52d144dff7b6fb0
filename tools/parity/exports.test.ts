import { describe, expect, it } from 'vitest'
import { parameterExceptions } from './parameter-exceptions.ts'
import { ADDED_WORDS, added, disagreements, missing, MISSING_WORDS } from './missing.ts'
import { exportsOfOurs, exportsOfTheirs } from './packages.ts'

const shared = [...exportsOfTheirs.keys()].filter((name) => exportsOfOurs.has(name))

describe('the run-time exports', () => {
  it('lack exactly the names of missing.json', () => {
    const absent = [...exportsOfTheirs.keys()].filter((name) => !exportsOfOurs.has(name))
    expect(disagreements(absent, missing.values, MISSING_WORDS)).toEqual([])
  })

  it('go beyond oauth4webapi by exactly the names of added.json', () => {
    const extra = [...exportsOfOurs.keys()].filter((name) => !exportsOfTheirs.has(name))
    expect(disagreements(extra, added.values, ADDED_WORDS)).toEqual([])
  })

  it.each(shared)('%s is the same kind of thing, with the same number of parameters or the same text', (name) => {
    const { parameters } = parameterExceptions.find((exception) => exception.name === name) ?? {}
    const expected = { ...shape(exportsOfTheirs.get(name)), ...(parameters === undefined ? {} : { parameters }) }
    expect(shape(exportsOfOurs.get(name))).toEqual(expected)
  })

  it.each(parameterExceptions)('$name still needs its exception', ({ name, parameters }) => {
    expect(shape(exportsOfTheirs.get(name)).parameters).not.toBe(parameters)
  })

  const errors = shared.filter((name) => shape(exportsOfTheirs.get(name)).kind === 'class')

  it.each(errors)('an instance of %s has the same name, built-in parents and own members', (name) => {
    expect(instance(exportsOfOurs.get(name))).toEqual(instance(exportsOfTheirs.get(name)))
  })

  it('are different symbols wherever theirs are different', () => {
    expect(namesPerSymbol(exportsOfOurs)).toEqual(namesPerSymbol(exportsOfTheirs))
  })
})

/** Of the shared names: which of them stand for one and the same symbol. */
function namesPerSymbol(exported: ReadonlyMap<string, unknown>): string[][] {
  const symbols = shared.filter((name) => typeof exported.get(name) === 'symbol')
  return symbols.map((name) => symbols.filter((other) => exported.get(other) === exported.get(name)))
}

interface Shape {
  kind: string
  text?: string
  parameters?: number
}

function shape(value: unknown): Shape {
  if (typeof value === 'string') return { kind: 'string', text: value }
  if (typeof value !== 'function') return { kind: typeof value }
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function'
  return { kind, parameters: value.length }
}

/** Every exported class is an error: made with the richest options that any of them reads. */
function instance(constructor: unknown): unknown {
  if (typeof constructor !== 'function') throw new TypeError('not a class')
  const cause = Object.assign(new URLSearchParams({ error: 'access_denied' }), { error: 'access_denied' })
  const options = { cause, response: new Response(null, { status: 403 }), code: 'a code' }
  const made: unknown = Reflect.construct(constructor, ['a sentence', options])
  if (!(made instanceof Error)) throw new TypeError('not a class of errors')
  const builtIn = [TypeError, RangeError, SyntaxError, Error].filter((one) => made instanceof one)
  const members = Object.keys(made).sort()
  const sameCause = made.cause === cause
  return { constructor: made.constructor.name, name: made.name, message: made.message, sameCause, builtIn, members }
}
