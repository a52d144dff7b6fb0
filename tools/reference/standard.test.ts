import { readdirSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'
import { findExamples, textOf } from '../examples/find.ts'
import { packageProgram, programOf, ROOT } from '../rulebook/package-program.ts'
import { LIBRARY, REFERENCES } from './references.ts'
import { docstringFaults, publicExports } from './standard.ts'

// the compiler reads the whole library first
vi.setConfig({ testTimeout: 60_000 })

/** Each module of each package. */
const MODULES = REFERENCES.flatMap((reference) => {
  const program = programOf(reference.tsconfig)
  return reference.entryPoints.map((path) => ({ reference, path, program, name: reference.folder.split('/').at(-2) }))
})

describe('the docstrings of what is published', () => {
  it.each(MODULES)('say what everybody must know, and of errors what the code says: $name, $path', (module) => {
    expect(docstringFaults(module.program, module.path, module.reference)).toEqual([])
  })

  it('or the examples show each function and option at work', () => {
    const programs = readdirSync(`${ROOT}examples`).filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
    const shown = [
      ...findExamples().map(({ code }) => code),
      ...programs.map((name) => textOf(`examples/${name}`)),
    ].join('\n')
    const values = MODULES.flatMap(({ program, path, reference }) => publicExports(program, path, reference)).filter(
      isToBeShown,
    )
    const hidden = values.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(shown))
    expect(hidden.map(({ name }) => name)).toEqual([])
  })
})

/**
 * Functions, classes and options: not the constants that hold codes, which the errors' docstrings list, and not what gives
 * up a check, which nobody shall copy.
 */
function isToBeShown({ name, flags }: ts.Symbol): boolean {
  return (flags & ts.SymbolFlags.Value) !== 0 && !/^([A-Z_]+|(skip|expectNo|allowInsecure).*|nopkce)$/.test(name)
}

const COMPLETE = `/**
 * Says something.
 *
 * @param value What.
 * @param seconds How long, in seconds.
 * @returns Nothing.
 * @throws {TypeError} \`ERR_INVALID_ARG_TYPE\`, \`ERR_INVALID_ARG_VALUE\`: no text.
 * @see RFC 6749, section 1
 */`

const FUNCTION = `
export function planted(value: unknown, seconds: number): void {
  assertString(value, String(seconds))
}`

const DEEP = `
export function planted(value: unknown, seconds: number): void {
  below({ value, seconds })
}
const below = ({ value }: { value: unknown; seconds: number }): void => lowest(value)
function lowest(value: unknown): void {
  assertString(value, 'value')
  throw new ResponseBodyError('', { cause: { error: 'error' }, response: new Response() })
}`

const NUMBER = `
export interface planted {
  /** How long. */
  wait: number
}`

const THROWS = / \* @throws.*\n/

/** A function that makes an object of methods, one of which can throw. */
function factory(promise: string): string {
  return `
export function planted(value: unknown, seconds: number): Made {
  return { act: () => assertString(value, String(seconds)) }
}
interface Made {
  ${promise}
  act(): void
}`
}

/** A docstring with one fault each, and the code under it. */
const FAULTS: readonly (readonly [fault: string, docstring: string, code?: string])[] = [
  ['no summary', COMPLETE.replace('Says something.', '')],
  ['not each parameter, in order', COMPLETE.replace('@param value What.', '')],
  ['not each parameter, in order', COMPLETE.replace('@param value What.', '@param value')],
  ['not each parameter, in order', COMPLETE.replace('@param value', '@param other')],
  ['no @returns', COMPLETE.replace(/@returns.*/, '')],
  ['no @see', COMPLETE.replace(/@see.*/, '')],
  ['can throw TypeError ERR_INVALID_ARG_TYPE, and does not say so', COMPLETE.replace('`ERR_INVALID_ARG_TYPE`, ', '')],
  [
    'says that it throws TypeError OAUTH_PARSE_ERROR, and cannot',
    COMPLETE.replace(': no', ', `OAUTH_PARSE_ERROR`: no'),
  ],
  ['can throw ResponseBodyError OAUTH_RESPONSE_BODY_ERROR, and does not say so', COMPLETE, DEEP],
  [
    'can throw TypeError ERR_INVALID_ARG_VALUE, and does not say so',
    COMPLETE.replace(THROWS, ''),
    factory('/** @throws {TypeError} `ERR_INVALID_ARG_TYPE`: no text. */'),
  ],
  [
    'says that it throws TypeError ERR_INVALID_ARG_TYPE, and cannot',
    '',
    '\nexport interface planted {\n  /** @throws {TypeError} `ERR_INVALID_ARG_TYPE`: no text. */\n  act(): void\n}',
  ],
  ['wait is a number without unit', '', NUMBER],
]

/** As they are right: nothing is lacking. */
const RIGHT: readonly (readonly [docstring: string, code: string])[] = [
  [COMPLETE, FUNCTION],
  [
    COMPLETE.replace(THROWS, ''),
    factory('/** @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no text. */'),
  ],
  ['/** @internal */', FUNCTION],
  ['', NUMBER.replace('long', 'long, in seconds')],
]

describe('a docstring', () => {
  const IMPORTS = `import { assertString } from './errors/invalid-argument.ts'
    import { ResponseBodyError } from './errors/response-body-error.ts'\n`
  const pathOf = (index: number): string => `planted-${index}.ts`
  const texts = [
    ...FAULTS.map(([, docstring, code = FUNCTION]) => docstring + code),
    ...RIGHT.map((parts) => parts.join('')),
  ]
  const planted = packageProgram(Object.fromEntries(texts.map((text, index) => [pathOf(index), IMPORTS + text])))

  it.each(FAULTS.map(([fault], index) => [fault, index] as const))('is refused: %s (%#)', (fault, index) => {
    expect(docstringFaults(planted, pathOf(index), LIBRARY)).toEqual([`planted: ${fault}`])
  })

  it.each(RIGHT.map((_parts, index) => FAULTS.length + index))('is not refused for nothing (%#)', (index) => {
    expect(docstringFaults(planted, pathOf(index), LIBRARY)).toEqual([])
  })
})
