import { describe } from '../values/describe.ts'
import { isFiniteNumber } from '../values/number.ts'
import type { ArgumentErrorCode } from './codes.ts'

/** A caller's own mistake: a `TypeError` with a code, before anything was sent or read. */
export function invalidArgument(message: string, code: ArgumentErrorCode, cause?: unknown): TypeError {
  return Object.assign(new TypeError(message, cause === undefined ? undefined : { cause }), { code })
}

/** The argument is an object, such as metadata or options. */
export function assertObject(value: unknown, name: string): asserts value is object {
  if (typeof value !== 'object' || value === null) {
    throw invalidArgument(`"${name}" must be an object, it is ${describe(value)}`, 'ERR_INVALID_ARG_TYPE')
  }
}

/** The argument is a function. */
export function assertFunction(value: unknown, name: string): asserts value is (...parameters: never[]) => unknown {
  if (typeof value !== 'function') {
    throw invalidArgument(`"${name}" must be a function, it is ${describe(value)}`, 'ERR_INVALID_ARG_TYPE')
  }
}

/** The argument is a string with at least one character. */
export function assertString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') {
    throw invalidArgument(`"${name}" must be a string, it is ${describe(value)}`, 'ERR_INVALID_ARG_TYPE')
  }
  if (value === '') {
    throw invalidArgument(`"${name}" must not be empty`, 'ERR_INVALID_ARG_VALUE')
  }
}

/** What the platform's class of that name makes. */
type PlatformObject<Name extends keyof typeof globalThis> = (typeof globalThis)[Name] extends abstract new (
  ...parameters: never[]
) => infer Instance
  ? Instance
  : never

/**
 * The argument is an instance of a platform class. Objects of another realm and of another implementation of the same
 * standard count, such as the `Response` of a fetch library: they say what they are by their string tag.
 */
export function assertTagged<Tag extends keyof typeof globalThis>(
  value: unknown,
  tag: Tag,
  name: string,
): asserts value is PlatformObject<Tag> {
  // whatever it is, it can be asked for a member, unless there is nothing
  const { [Symbol.toStringTag]: actual } = (value ?? {}) as { readonly [Symbol.toStringTag]?: unknown }
  if (actual !== tag) {
    throw invalidArgument(`"${name}" must be an instance of ${tag}, it is ${describe(value)}`, 'ERR_INVALID_ARG_TYPE')
  }
}

/** The argument is a number of seconds, 0 or more. */
export function assertSeconds(value: unknown, name: string): asserts value is number {
  assertNumber(value, name)
}

/** The argument is a finite number, 0 or more: a length of time, a moment, a count. */
export function assertNumber(value: unknown, name: string): asserts value is number {
  if (!isFiniteNumber(value)) {
    throw invalidArgument(`"${name}" must be a number, it is ${describe(value)}`, 'ERR_INVALID_ARG_TYPE')
  }
  if (value < 0) throw invalidArgument(`"${name}" must be 0 or more`, 'ERR_INVALID_ARG_VALUE')
}
