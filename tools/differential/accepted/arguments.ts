import type { Accepted, Case } from '../harness/accepted.ts'
import type { Difference } from '../harness/difference.ts'
import { comesOf } from '../harness/comes-of.ts'
import { memberOf, refusalOf, texts } from '../harness/refusal.ts'

/** Our name of an argument in an error, where a case holds it, and what is right for it. */
type Option = readonly [argument: string, member: string, isRight: (value: unknown) => boolean]

const OPTIONS: readonly Option[] = [
  ['"expectedNonce"', 'expectedNonce', isText],
  ['"maxAge"', 'maxAge', isAge],
  ['"options.signingAlgorithms"', 'signingAlgorithms', Array.isArray],
  ['"options.DPoP"', 'handle', () => false],
  ['"options.initialAccessToken"', 'initialAccessToken', isText],
]

const DEFAULT_AGE: Option = ['"client.default_max_age"', 'default_max_age', isAge]

function isAge(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** What is wrong with the ID Token itself, apart from its signature. */
const OF_CLAIMS = /^(?:id-token|hybrid-response|jwt)\.|^"(?:expectedNonce|maxAge|client\.default_max_age)"$/

export const argumentDifferences: readonly Accepted[] = [
  {
    id: 'A wrong option is refused',
    reason:
      'An `expectedNonce`, `maxAge`, `signingAlgorithms`, DPoP handle or `initialAccessToken` of another type is the caller’s mistake, whatever the answer is, and before it is read. oauth4webapi takes some of them for an absent option, so that a nonce or an age that was meant to be expected is not, and a token that was meant to be bound is sent without a proof; it searches a text for the name of an algorithm, so that `ES256K` allows `ES256`; and it writes an object out, so that what was no token leaves in a header.',
    spec: 'OIDC Core §3.1.3.7 (11) and (13): the values of the request must be compared; RFC 8725 §3.1: the algorithm must be one of a list.',
    covers: (found, all) =>
      OPTIONS.some(
        ([argument, member, isRight]) => comesOf(found, all, argument) && !valuesOf(all.input, member).every(isRight),
      ),
  },
  {
    id: 'One of two mistakes is named',
    reason:
      'Where a caller makes two mistakes at once, the error may be about the other one; it is a TypeError in both.',
    spec: 'No specification speaks of it.',
    covers: (found, all) => all.topic.endsWith('code response') && areBothArguments(found, all),
  },
  {
    id: 'Claims come before keys',
    reason:
      'Where more than one thing is wrong in an ID Token beside a code, another one may be named, such as `azp` before `nonce`, and no keys are fetched for a token whose claims have the wrong form; it is refused in both.',
    spec: 'No specification orders these checks.',
    covers: ({ path }, all) => {
      const { topic, theirs, ours, reasons } = all
      if (topic !== 'code and ID Token response') return false
      const label = Object.keys(reasons).find((one) => OF_CLAIMS.test(reasons[one] ?? ''))
      const [there, here] = [refusalOf(theirs, label), refusalOf(ours, label)]
      if (there === undefined || here === undefined) return false
      if (path[0] === label) return there.code !== here.code || (path[2] === 'cause' && isPartyBeforeNonce(all, label))
      return path[0]?.startsWith('request ') === true && !(path[0] in ours)
    },
  },
]

/** Where a token is for several, we ask for whom it was issued before we look at its `nonce`; both errors have one code. */
function isPartyBeforeNonce({ input, theirs, reasons }: Case, label: string | undefined): boolean {
  const cause = memberOf(memberOf(theirs[label ?? ''], 'rejects'), 'cause')
  return (
    reasons[label ?? '']?.startsWith('id-token.azp') === true &&
    memberOf(cause, 'claim') === 'nonce' &&
    texts(input).some(({ name, text }) => name === 'payload' && /"aud":\["[^"]+",/.test(text))
  )
}

/** Where an option is wrong and we named another argument. */
function areBothArguments({ path }: Difference, { input, theirs, ours, reasons }: Case): boolean {
  const refusals = [refusalOf(theirs, path[0]), refusalOf(ours, path[0])]
  const both = refusals.every((one) => one?.code?.startsWith('ERR_INVALID_ARG_') === true)
  return (
    both &&
    path[2] === 'code' &&
    [...OPTIONS, DEFAULT_AGE].some(
      ([argument, member, isRight]) => !valuesOf(input, member).every(isRight) && reasons[path[0] ?? ''] !== argument,
    )
  )
}

/** Every value that a case has for a member, wherever it is. */
function valuesOf(input: unknown, member: string): unknown[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([name, value]: [string, unknown]) =>
    name === member && value !== undefined ? [value] : valuesOf(value, member),
  )
}
