import type { Accepted } from '../harness/accepted.ts'
import type { Record } from '../harness/scene.ts'
import { refusalOf, texts } from '../harness/refusal.ts'

/** Numbers with an exponent, wherever they stand in a JSON text. */
const NUMBERS = /-?\d[\d.]*e\+?\d+/gi

const LENIENT = [
  'padded header',
  'padded payload',
  'padded signature',
  'standard alphabet',
  'space in the payload',
  'space at the end',
]

export const readingDifferences: readonly Accepted[] = [
  {
    id: 'base64url is strict',
    reason:
      'A JWT with padding, white space or characters of the other base64 alphabet in a part is refused; oauth4webapi reads some of these.',
    spec: 'RFC 7515 §2: base64url with all trailing “=” omitted, without line breaks, white space or other characters.',
    covers: ({ path }, { input, ours }) =>
      texts(input).some(
        ({ name, text }) =>
          (name === 'damage' && LENIENT.includes(text)) || (name === 'credentials' && text.endsWith(',')),
      ) && refusedWith(ours, path, 'OAUTH_PARSE_ERROR', 'OAUTH_INVALID_RESPONSE', 'OAUTH_UNSUPPORTED_OPERATION'),
  },
  {
    id: 'A lifetime is a number',
    reason: 'An `expires_in` that is a list is refused; oauth4webapi takes the number that its text gives.',
    spec: 'RFC 6749 §5.1 and Appendix A.14: 1*DIGIT.',
    covers: ({ path }, { input, ours }) =>
      texts(input).some(({ text }) => /"expires_in":\s*\[/.test(text)) &&
      refusedWith(ours, path, 'OAUTH_INVALID_RESPONSE'),
  },
  {
    id: 'A media type in other letters and with white space',
    reason:
      'A `content-type` in capital letters, or with white space before its semicolon, is the same type; oauth4webapi takes it for another one.',
    spec: 'RFC 9110 §8.3.1: the type and subtype tokens are case-insensitive; §5.6.6: `*( OWS ";" OWS [ parameter ] )`.',
    covers: (_, { input }) => texts(input).some(({ text }) => /^application\/[\w.+-]+\s+;|^APPLICATION\//.test(text)),
  },
  {
    id: 'A time in a JWT is finite',
    reason:
      'An `exp`, `iat` or `nbf` beyond the numbers, such as `1e400`, is refused; for oauth4webapi such a token never expires.',
    spec: 'RFC 7519 §2: a NumericDate is a number of seconds.',
    covers: ({ path }, { input, ours }) =>
      texts(input).some(({ text }) => (text.match(NUMBERS) ?? []).some((one) => !Number.isFinite(Number(one)))) &&
      refusedWith(ours, path, 'OAUTH_INVALID_RESPONSE', 'ERR_INVALID_ARG_VALUE'),
  },
  {
    id: 'A body that cannot be read',
    reason:
      'A body that breaks off, or that somebody else is reading, is an `OAUTH_PARSE_ERROR` with the failure as its cause, whatever status and media type announced it; oauth4webapi calls it an answer of another status or media type where those differ.',
    spec: 'RFC 9110 §6.1: a message with an incomplete body is incomplete.',
    covers: ({ path }, { input, ours }) =>
      texts(input).some(({ name, text }) => name === 'condition' && ['locked', 'broken'].includes(text)) &&
      refusedWith(ours, path, 'OAUTH_PARSE_ERROR'),
  },
]

/** Whether we refused so in the call that differs or, where only a later call differs, in one before it. */
function refusedWith(ours: Record, path: readonly string[], ...codes: readonly string[]): boolean {
  const seen = [path[0], ...Object.keys(ours)].map((label) => refusalOf(ours, label)?.code)
  return seen.some((code) => code !== undefined && codes.includes(code))
}
