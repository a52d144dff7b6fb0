import type { Accepted } from '../harness/accepted.ts'
import { refusalOf } from '../harness/refusal.ts'

/** Options of which oauth4webapi passes over a value of another type, or looks at it late, or not in every case. */
const OPTIONS = [
  'expectedNonce',
  'maxAge',
  'default_max_age',
  'signingAlgorithms',
  'handle',
  'initialAccessToken',
  'metadata',
]

export const argumentDifferences: readonly Accepted[] = [
  {
    id: 'A wrong option is refused',
    reason:
      'An `expectedNonce`, `maxAge`, `default_max_age`, `signingAlgorithms`, DPoP handle, `initialAccessToken` or client metadata of another type is the caller’s mistake, whatever the answer is, and before it is read. oauth4webapi takes some of them for an absent option, so that a nonce that was meant to be expected is not and a token that was meant to be bound is sent without a proof, and searches a text for the name of an algorithm.',
    spec: 'OIDC Core §3.1.3.7 (11) and (13): the values of the request must be compared; RFC 8725 §3.1: the algorithm must be one of a list.',
    covers: (_, { input, ours }) =>
      Object.keys(ours).some((label) => refusalOf(ours, label)?.code?.startsWith('ERR_INVALID_ARG_') === true) &&
      hasOption(input),
  },
  {
    id: 'Claims come before keys',
    reason:
      'Where more than one thing is wrong in an ID Token beside a code, another one may be named, and no keys are fetched for a token whose claims have the wrong form; it is refused in both.',
    spec: 'No specification orders these checks.',
    covers: (_, { topic, theirs, ours }) =>
      topic === 'code and ID Token response' &&
      Object.keys(ours).some((label) => refusalOf(ours, label) !== undefined && refusalOf(theirs, label) !== undefined),
  },
]

function hasOption(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false
  return Object.entries(input).some(
    ([name, value]: [string, unknown]) => (OPTIONS.includes(name) && value !== undefined) || hasOption(value),
  )
}
