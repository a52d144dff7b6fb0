import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import type { Evidence, SpecReference } from '../errors/evidence.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import type { Context } from './context.ts'
import type { Rule } from './rule.ts'

/** The paragraph that a rule stands on, as errors and traces carry it. */
export function specOf(rule: Rule): SpecReference {
  return { document: rule.document, section: rule.section }
}

/** The error of a rule that did not hold. */
export function refusal(
  context: Context,
  rule: Rule,
  expected: unknown,
  actual: unknown,
): OperationProcessingError | UnsupportedOperationError {
  const message = `${rule.id}: ${comparison(expected, actual)} (${rule.document}, section ${rule.section})`
  const evidence = { rule: rule.id, spec: specOf(rule), expected, actual, ...answerOf(context.response) }
  const options = { cause: causeOf(context, rule, expected, actual), code: rule.code, evidence }
  return rule.code === UNSUPPORTED_OPERATION
    ? new UnsupportedOperationError(message, options)
    : new OperationProcessingError(message, options)
}

/** Where an answer came from and how it introduced itself. */
export function answerOf(response: Response | undefined): Evidence {
  if (response === undefined) return {}
  const { url, status, headers } = response
  return { ...(url && { endpoint: url }), status, contentType: headers.get('content-type') }
}

function comparison(expected: unknown, actual: unknown): string {
  return expected === undefined ? 'refused' : `expected ${show(expected)}, got ${show(actual)}`
}

// JSON escapes line breaks and control characters, so that a server cannot write into somebody's log
function show(value: unknown): string {
  // what has no JSON, such as undefined, becomes none, which the declared type forgets
  const text = JSON.stringify(value) as string | undefined
  return (text ?? 'nothing').slice(0, 200)
}

const MEMBER = { body: 'attribute', claims: 'claim', header: 'parameter' } as const

/** `cause` in the form that users of oauth4webapi read, with its payload out of the reach of loggers. */
function causeOf(context: Context, rule: Rule, expected: unknown, actual: unknown): unknown {
  const { document, response } = context
  if (document === undefined) return context.cause ?? response ?? { expected, actual }
  const cause = { [MEMBER[document.kind]]: memberOf(rule), expected, actual }
  return Object.defineProperty(cause, document.kind, { value: document.value })
}

/** The member that a rule is about: of `jwt.exp-time`, `exp`. */
function memberOf({ id }: Rule): string {
  return id.replace(/^.*\.|-.*$/g, '')
}
