import { expect } from 'vitest'
import type { ArgumentErrorCode } from '../errors/codes.ts'
import { rejectionOf } from './refuses.ts'

/** Rows for `it.each`: what is no text of one character or more, by name, and the code of the caller's mistake. */
export const NO_TEXTS: readonly (readonly [string, unknown, ArgumentErrorCode])[] = [
  ['nothing', undefined, 'ERR_INVALID_ARG_TYPE'],
  ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ['a number', 7, 'ERR_INVALID_ARG_TYPE'],
  ['bytes', new Uint8Array(32), 'ERR_INVALID_ARG_TYPE'],
  ['a String object', Object('text'), 'ERR_INVALID_ARG_TYPE'],
  ['an empty text', '', 'ERR_INVALID_ARG_VALUE'],
]

/** Asserts that something is the mistake of the caller. */
export async function isCallersMistake(code: ArgumentErrorCode, act: () => unknown): Promise<void> {
  const error = await rejectionOf(act)
  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ code })
}
