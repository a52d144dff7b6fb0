import { UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import type { Evidence, SpecReference } from '../errors/evidence.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import { quote, tame } from '../values/quote.ts'
import type { Context } from './context.ts'
import type { Rule } from './rule.ts'

/** The paragraph that a rule stands on, as errors and traces carry it. */
export function specOf(rule: Rule): SpecReference {
  return { document: rule.document, section: rule.section }
}

/** What was expected, where a function of ours puts it into words. */
export function inWords(expected: unknown): unknown {
  return typeof expected === 'function' ? (expected as () => unknown)() : expected
}

/** The error of a rule that did not hold. */
export function refusal(
  context: Context,
  rule: Rule,
  wanted: unknown,
  actual: unknown,
): OperationProcessingError | UnsupportedOperationError {
  const expected = inWords(wanted)
  const message = `${rule.id}: ${comparison(expected, actual)} (${rule.document}, section ${rule.section})`
  const cause = causeOf(context, rule, expected, actual)
  const evidence = {
    rule: rule.id,
    spec: specOf(rule),
    expected: tame(expected),
    actual: tame(actual),
    ...answerOf(context.response),
  }
  const options = { cause, code: rule.code, evidence }
  const error =
    rule.code === UNSUPPORTED_OPERATION
      ? new UnsupportedOperationError(message, options)
      : new OperationProcessingError(message, options)
  // who prints the error prints its cause, a Response with its cookies too; an accessor is not followed
  if (cause === context.response) Object.defineProperty(error, 'cause', { get: () => cause })
  return error
}

/** Where an answer came from and how it introduced itself. */
export function answerOf(response: Response | undefined): Evidence {
  if (response === undefined) return {}
  const { url, status, headers } = response
  return { ...(url && { endpoint: url }), status, contentType: headers.get('content-type') }
}

function comparison(expected: unknown, actual: unknown): string {
  return expected === undefined ? 'refused' : `expected ${quote(expected)}, got ${quote(actual)}`
}

const MEMBER = {
  body: 'attribute',
  claims: 'claim',
  header: 'parameter',
  headers: 'header',
  parameters: 'parameter',
} as const

/** `cause` in the form that users of oauth4webapi read, with its payload out of the reach of loggers. */
function causeOf(context: Context, rule: Rule, expected: unknown, actual: unknown): unknown {
  const { document, response, particulars = {} } = context
  if (document === undefined) return context.cause ?? response ?? { expected: tame(expected), actual: tame(actual) }
  const cause = { [MEMBER[document.kind]]: memberOf(rule), expected: tame(expected), actual: tame(actual) }
  const hidden = { [document.kind]: document.value, ...particulars }
  for (const [name, value] of Object.entries(hidden)) Object.defineProperty(cause, name, { value, enumerable: false })
  return cause
}

/** The member that a rule is about: of `jwt.exp-time`, `exp`. */
function memberOf({ id }: Rule): string {
  return id.replace(/^.*\.|-.*$/g, '')
}
