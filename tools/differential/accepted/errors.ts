import type { Accepted } from '../harness/accepted.ts'
import type { Comparable } from '../harness/comparable.ts'
import { SERVER_WORDS } from '../harness/outcome.ts'
import { memberOf, refusalOf } from '../harness/refusal.ts'
import type { Record } from '../harness/scene.ts'

const NATIVE = ['TypeError', 'RangeError', 'SyntaxError', 'URIError', 'DOMException']

export const errorDifferences: readonly Accepted[] = [
  {
    id: 'A cause is evidence',
    reason:
      'An error’s `cause` has every member that it has in oauth4webapi, with the same value, and more: what was expected and what came, or the response, also where oauth4webapi has nothing. It has neither a whole token, which oauth4webapi keeps there as text or as what was signed beside the signature, nor an error of the runtime, whose message repeats what could not be read; and of a value that is no JSON it has a description.',
    spec: 'No specification speaks of it; SECURITY.md, What is promised: errors are safe to log.',
    covers({ path, theirs }, { theirs: record }) {
      if (path[2] !== 'cause' || SERVER_WORDS.includes(refusalOf(record, path[0])?.class ?? '')) return false
      const cause = memberOf(memberOf(record[path[0] ?? ''], path[1] ?? ''), 'cause')
      if (theirs === undefined || cause === 'absent' || holdsToken(cause) || isLoud(cause)) return true
      return path[3] === 'expected' && isNoJson(memberOf(cause, 'expected'))
    },
  },
  {
    id: 'A refusal is never an accident',
    reason:
      'Where oauth4webapi runs into an error of the runtime without a code of its own (a member of the wrong type on which a method is called, a key that the runtime cannot import), we refuse in the same way, thrown or rejected, with one of our errors and its code.',
    spec: 'RFC 8259 §8 and RFC 7517 §4 say what a member may be; a value of another type is an invalid response.',
    covers({ path: [label, how, member] }, { theirs, ours }) {
      const [there, here] = [refusalOf(theirs, label), refusalOf(ours, label)]
      if (there === undefined || here?.code === undefined || how === undefined || member === undefined) return false
      const accident = NATIVE.includes(there.class) && !isOurKind(there.code) && thrownAs(theirs, label) === how
      return accident && thrownAs(ours, label) === how && isOurKind(here.code)
    },
  },
  {
    id: 'Every error has a code',
    reason: 'Where oauth4webapi refuses a response with an OperationProcessingError without a code, ours has one.',
    spec: 'No specification speaks of it.',
    covers({ path, theirs, ours }, record) {
      const [there, here] = [refusalOf(record.theirs, path[0]), refusalOf(record.ours, path[0])]
      const same = there?.class === 'OperationProcessingError' && here?.class === there.class
      return same && path[2] === 'code' && theirs === undefined && ours === 'OAUTH_INVALID_RESPONSE'
    },
  },
]

/** A text, which is a token or a part of one, or what goes with a signature: all that the token is made of. */
function holdsToken(cause: Comparable | undefined): boolean {
  if (typeof cause === 'string') return !cause.startsWith('‹')
  return memberOf(cause, 'data') !== undefined && memberOf(cause, 'signature') !== undefined
}

/** An error of the runtime, whose message repeats what it could not read. */
function isLoud(cause: Comparable | undefined): boolean {
  return typeof cause === 'string' && /^‹error (?:TypeError|SyntaxError|DOMException)›$/.test(cause)
}

/** A function, a promise, an instance of a class. */
function isNoJson(value: Comparable | undefined): boolean {
  if (typeof value === 'string') return value.startsWith('‹') && value !== '‹undefined›'
  return typeof value === 'object' && value !== null && Object.keys(value).some((member) => member.startsWith('‹'))
}

/** A code of these libraries, not one of the runtime such as ERR_INVALID_URL. */
function isOurKind(code: string | undefined): boolean {
  return code !== undefined && /^(?:OAUTH|ERR_INVALID_ARG)_/.test(code)
}

function thrownAs(record: Record, label: string | undefined): string | undefined {
  const outcome = record[label ?? '']
  return ['throws', 'rejects'].find((how) => memberOf(outcome, how) !== undefined)
}
