import type { Accepted } from '../harness/accepted.ts'
import { refusalOf } from '../harness/refusal.ts'

const NATIVE = ['TypeError', 'RangeError', 'SyntaxError', 'URIError', 'DOMException']

export const errorDifferences: readonly Accepted[] = [
  {
    id: 'A cause is evidence',
    reason:
      'Beside the error answer of a server and its challenges, whose `cause` is the same, an error carries in `cause` what was expected and what came, or the response, wherever oauth4webapi has nothing, an object of its own, a whole token or an error of the runtime there. Where its cause is the response, ours is too.',
    spec: 'No specification speaks of it; oauth4webapi documents no other cause.',
    covers: ({ path, theirs, ours }) =>
      path.at(-1) === 'cause' &&
      typeof ours === 'string' &&
      (theirs === 'object' || theirs === 'string' || theirs === 'absent' || isErrorOfTheRuntime(theirs)),
  },
  {
    id: 'A refusal is never an accident',
    reason:
      'Where oauth4webapi runs into an error of the runtime without a code of its own (a member of the wrong type on which a method is called, a key that the runtime cannot import), we refuse with one of our errors and its code.',
    spec: 'RFC 8259 §8 and RFC 7517 §4 say what a member may be; a value of another type is an invalid response.',
    covers({ path }, { theirs, ours }) {
      const [there, here] = [refusalOf(theirs, path[0]), refusalOf(ours, path[0])]
      if (there === undefined || here?.code === undefined) return false
      return (
        NATIVE.includes(there.class) && !isArgumentCode(there.code) && /^(?:OAUTH|ERR_INVALID_ARG)_/.test(here.code)
      )
    },
  },
  {
    id: 'Every error has a code',
    reason: 'Where oauth4webapi refuses a response with an OperationProcessingError without a code, ours has one.',
    spec: 'No specification speaks of it.',
    covers({ path }, { theirs, ours }) {
      const [there, here] = [refusalOf(theirs, path[0]), refusalOf(ours, path[0])]
      return path.at(-1) === 'code' && there?.class === here?.class && there?.code === undefined
    },
  },
]

function isErrorOfTheRuntime(cause: unknown): boolean {
  return typeof cause === 'string' && /^‹error (?:TypeError|SyntaxError|DOMException)›$/.test(cause)
}

function isArgumentCode(code: string | undefined): boolean {
  return code?.startsWith('ERR_INVALID_ARG_') === true
}
