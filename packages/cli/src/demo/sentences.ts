import {
  type Evidence as KnownEvidence,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'countersign'
import { DemoFailure } from './failures.ts'
import { printable } from './terminal.ts'

/** One sentence that says what failed, with the library's code and rule, and no stack trace. */
export function sentenceFor(error: unknown): string {
  return printable(wordsFor(error))
}

function wordsFor(error: unknown): string {
  if (error instanceof DemoFailure) {
    return error.message
  }
  if (error instanceof ResponseBodyError) {
    const said = error.error_description === undefined ? '' : ` (${error.error_description})`
    const who = error.error === 'access_denied' ? 'the person refused to sign in' : 'the provider refused the request'
    return `${who}: the answer was ${error.status} ${error.error}${said}${evidenceOf(error)}`
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    const schemes = error.cause.map(({ scheme, parameters }) => `${scheme} ${parameters.error ?? ''}`.trim())
    return `the provider refused: ${error.status} with the challenge ${schemes.join(', ')}${evidenceOf(error)}`
  }
  if (error instanceof OperationProcessingError) {
    return `refused: ${error.message}${evidenceOf(error)}`
  }
  if (error instanceof UnsupportedOperationError) {
    return `not supported: ${error.message}${evidenceOf(error)}`
  }
  return error instanceof Error ? `unexpected: ${error.name}: ${error.message}${evidenceOf(error)}` : String(error)
}

type Evidence = { readonly code?: unknown } & Pick<KnownEvidence, 'rule' | 'spec' | 'expected' | 'actual'>

/** What an error knows beside its message. The library's messages about a rule say all of it except the code. */
function evidenceOf(error: Error & Evidence): string {
  const { code, rule, spec, expected, actual } = error
  const unsaid = [
    rule !== undefined && `rule ${rule}`,
    spec && `${spec.document}, section ${spec.section}`,
    expected !== undefined && `expected ${JSON.stringify(expected)}`,
    actual !== undefined && `got ${JSON.stringify(actual)}`,
  ]
  const said = rule !== undefined && error.message.includes(rule)
  const parts = [code, ...(said ? [] : unsaid)].filter(Boolean)
  return parts.length === 0 ? '' : ` [${parts.join('; ')}]`
}
