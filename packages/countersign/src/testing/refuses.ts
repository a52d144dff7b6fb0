import { appendFileSync } from 'node:fs'
import { expect } from 'vitest'
import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import type { Rule } from '../rules/rule.ts'
import { withoutRule } from './observed-check.ts'

/**
 * Asserts that a rule refuses something, and that it is this rule which does it: with the rule's class, code and
 * paragraph; and without the rule nothing else refuses it, but for its backstops.
 *
 * @param rule The rule that is to refuse.
 * @param act What is to be refused. It is done twice, so it makes its answers anew each time.
 * @param backstops Rules that rightly refuse the same thing where this one is gone, such as the comparison of a claim
 *   that is missing.
 * @returns The error, for a look at what else it carries.
 */
export async function refuses(
  rule: Rule,
  act: () => unknown,
  ...backstops: Rule[]
): Promise<OperationProcessingError | UnsupportedOperationError> {
  const error = await rejectionOf(act)
  const errorClass = rule.code === UNSUPPORTED_OPERATION ? UnsupportedOperationError : OperationProcessingError
  expect(error).toBeInstanceOf(errorClass)
  expect(error).toMatchObject({
    code: rule.code,
    rule: rule.id,
    spec: { document: rule.document, section: rule.section },
  })

  const next = await withoutRule(rule, () => rejectionOf(act))
  expect([undefined, ...backstops.map(({ id }) => id)]).toContain(ruleOf(next))

  // for the proof that every rule was seen to refuse, tools/rulebook
  const log = process.env.COUNTERSIGN_RULE_LOG
  if (log !== undefined) appendFileSync(log, `${rule.id}\n`)
  return error as OperationProcessingError | UnsupportedOperationError
}

/** What something throws or rejects with; `undefined` when it does neither. */
export async function rejectionOf(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  return undefined
}

function ruleOf(error: unknown): string | undefined {
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) return error.rule
  return undefined
}
