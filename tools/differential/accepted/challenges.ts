import { isChallengeList } from '../generators/challenge-grammar.ts'
import type { Accepted, Case } from '../harness/accepted.ts'
import { texts } from '../harness/refusal.ts'

/** Allowed by the grammar: three signs of padding, empty elements of a list, a scheme with signs in its name. */
const PADDING = /={3}(?:\s|,|$)/
const EMPTY_ELEMENT = /^\s*,|,\s*(?:,|$)|(?:^|,)\s*[^\s,="]+\s+,/
const SIGNS_IN_SCHEME = /(?:^|,)\s*[\w-]*[!#$%&'*+.^`|~][^\s,="]*(?:[ ,]|$)/
const UNUSUAL = [PADDING, EMPTY_ELEMENT, SIGNS_IN_SCHEME]

export const challengeDifferences: readonly Accepted[] = [
  {
    id: 'A challenge by the grammar',
    reason:
      'A `WWW-Authenticate` header that does not follow the grammar is no challenge, and one with empty list elements, more padding after a token68 than base64 needs, or a scheme with signs in its name is one. oauth4webapi takes the readable beginning of a malformed header for the whole.',
    spec: 'RFC 9110 §11.6.1 and §11.2: challenge, auth-param, token68.',
    covers: (_, all) =>
      headerOf(all).some((header) => !isChallengeList(header) || UNUSUAL.some((form) => form.test(header))),
  },
  {
    id: 'A challenge parameter called `__proto__`',
    reason: 'A parameter of this name is kept like any other; oauth4webapi loses it.',
    spec: 'RFC 9110 §11.2: a parameter’s name is any token.',
    covers: (_, all) => headerOf(all).some((header) => header.includes('__proto__')),
  },
]

function headerOf({ input }: Case): string[] {
  const lines = texts(input).filter(({ name }) => name === 'challenges' || name === 'challenge')
  if (lines.length > 0) return [lines.map(({ text }) => text).join(', ')]
  const pairs = texts(input).filter(({ name }) => name === 'headers')
  const at = pairs.findIndex(({ text }) => text === 'www-authenticate')
  const found = at === -1 ? undefined : pairs[at + 1]
  return found === undefined ? [] : [found.text]
}
