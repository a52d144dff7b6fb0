import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { invalidArgument } from '../errors/invalid-argument.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'

/**
 * A `binding_message` is short enough to be compared on two screens.
 *
 * Remedy: shorten it, or raise `maximumBindingMessageLength` where the server and the devices show more.
 */
export const BINDING_MESSAGE_LENGTH: Rule = rule(
  'backchannel-request.binding_message-length',
  CIBA_CORE,
  '7.1',
  REQUEST_FORBIDDEN,
)

/**
 * A `binding_message` is plain text: visible characters, with single spaces between them.
 *
 * Remedy: leave out line breaks, control and formatting characters, and spaces that nobody sees.
 */
export const BINDING_MESSAGE: Rule = rule('backchannel-request.binding_message', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/** Characters that a person compares on two screens without losing the thread. */
const MAXIMUM_LENGTH = 64

/** Limits of what a `binding_message` may be. */
export interface BindingMessageOptions {
  /** Characters (Unicode code points) that `binding_message` has at most; an integer, 1 or more. Default 64. */
  maximumBindingMessageLength?: number
}

/** Whether a person can compare the message on two screens. Nothing of it gets into an error. */
export function checkBindingMessage(
  context: Context,
  message: string,
  { maximumBindingMessageLength: maximum = MAXIMUM_LENGTH }: BindingMessageOptions,
): void {
  if (!Number.isSafeInteger(maximum) || maximum < 1) {
    const wrong = '"options.maximumBindingMessageLength" must be a positive integer'
    throw invalidArgument(wrong, 'ERR_INVALID_ARG_VALUE')
  }
  const length = Array.from(message).length
  check(context, BINDING_MESSAGE_LENGTH, length <= maximum, `${maximum} characters at most`, `${length} characters`)
  // no \p{C}: neither control nor bidirectional formatting characters, nor halves of surrogate pairs
  const plain = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+( [\p{L}\p{M}\p{N}\p{P}\p{S}]+)*$/u.test(message)
  check(context, BINDING_MESSAGE, plain, 'visible characters and single spaces between them', 'other characters')
}
