import { tame } from '../values/quote.ts'
import type { Context } from './context.ts'
import { inWords, refusal, specOf } from './refusal.ts'
import type { Rule } from './rule.ts'

/**
 * Applies a rule: goes on when the condition holds, and throws the rule's error when it does not. The condition is
 * asserted, so that the same line validates and narrows.
 *
 * `expected` and `actual` go into the error, its message and the trace: never a token, a secret or a personal claim,
 * but a description of it. What takes a moment to put into words, a function does when somebody asks.
 */
export function check(
  context: Context,
  rule: Rule,
  condition: unknown,
  expected?: unknown,
  actual?: unknown,
): asserts condition {
  context.trace?.({
    rule: rule.id,
    spec: specOf(rule),
    passed: Boolean(condition),
    expected: tame(inWords(expected)),
    actual: tame(actual),
  })
  if (!condition) throw refusal(context, rule, expected, actual)
}
