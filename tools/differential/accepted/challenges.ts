import { isChallengeList } from '../generators/challenge-grammar.ts'
import type { Accepted, Case } from '../harness/accepted.ts'
import { refusalOf, texts } from '../harness/refusal.ts'
import type { Record } from '../harness/scene.ts'

const CHALLENGE = 'WWWAuthenticateChallengeError'

export const challengeDifferences: readonly Accepted[] = [
  {
    id: 'A challenge by the grammar',
    reason:
      'A `WWW-Authenticate` header with empty list elements, more padding after a token68 than base64 needs, or a scheme with signs in its name holds challenges; oauth4webapi takes some of these for none at all, and the answer for one without.',
    spec: 'RFC 9110 §11.6.1 and §11.2: challenge, auth-param, token68; §5.6.1.2: a recipient must parse and ignore empty list elements.',
    covers({ path }, all) {
      const label = Object.keys(all.ours).find((one) => isChallenge(all.ours, one))
      if (label === undefined || isChallenge(all.theirs, label)) return false
      const [place = ''] = path
      return (place === label || isAfter(place, label, all)) && headerOf(all).some(isUnusual)
    },
  },
  {
    id: 'A challenge parameter called `__proto__`',
    reason:
      'A parameter of this name is kept like any other; oauth4webapi loses it, and takes what follows for something else, or finds challenges in a header that has none.',
    spec: 'RFC 9110 §11.2: a parameter’s name is any token.',
    covers({ path: [place = ''] }, all) {
      if (!headerOf(all).some((header) => /__proto__\s*=/i.test(header))) return false
      const [there, here] = [all.theirs, all.ours].map((record) =>
        Object.keys(record).find((one) => isChallenge(record, one)),
      )
      const label = there ?? here
      if (label === undefined || place === label) return label !== undefined
      // what came after it, such as whether the body was read, where only one of them saw challenges
      return there !== here && isAfter(place, label, all)
    },
  },
]

/** What came after the call that only one of them refused for challenges, or what only the other one did. */
function isAfter(place: string, label: string, { theirs, ours }: Case): boolean {
  const order = Object.keys(ours)
  return !(place in theirs) || !(place in ours) || order.indexOf(place) > order.indexOf(label)
}

function isChallenge(record: Record, label: string): boolean {
  return refusalOf(record, label)?.class === CHALLENGE
}

/** Valid or not, with a comma that oauth4webapi stumbles over, or signs that it does not know. */
const EMPTY_ELEMENT = /,\s*(?:,|$)|(?:^|[\s,"])[^\s,="]+\s+,/
const PADDING = /={3}(?:\s|,|$)/
const SIGNS_IN_SCHEME = /(?:^|[,\s"])[\w-]*[!#$%&'*+.^`|~][^\s,="]*(?:[\s,]|$)/

function isUnusual(header: string): boolean {
  return isChallengeList(header) || [EMPTY_ELEMENT, PADDING, SIGNS_IN_SCHEME].some((form) => form.test(header))
}

function headerOf({ input }: Case): string[] {
  const lines = texts(input).filter(({ name }) => name === 'challenges' || name === 'challenge')
  if (lines.length > 0) return [lines.map(({ text }) => text).join(', ')]
  const pairs = texts(input).filter(({ name }) => name === 'headers')
  const at = pairs.findIndex(({ text }) => text === 'www-authenticate')
  const found = at === -1 ? undefined : pairs[at + 1]
  return found === undefined ? [] : [found.text]
}
