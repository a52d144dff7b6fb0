import type { Accepted, Case } from '../harness/accepted.ts'
import { comesOf } from '../harness/comes-of.ts'
import type { Difference } from '../harness/difference.ts'
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

const BEHIND_THE_TOKEN = ['padded signature', 'standard alphabet', 'space at the end']

const SHORTER = ['short signature', 'signature without leading zero']

const OTHER_PARTS = ['one part', 'two parts', 'four parts', 'five parts']

/** An `alg` that is no text. */
const OTHER_ALG = /"alg":\s*[^"\s]/

const ALG_RULES = ['access-token', 'dpop-proof', 'id-token', 'introspection', 'jarm', 'userinfo'].map(
  (one) => `${one}.alg`,
)

const TOKEN_TYPE = /"token_type":\s*"([^"]+)"/

/** Objects, functions and lists are what a caller's mistake may be. */
function isInherited(name: string | undefined): boolean {
  return name !== undefined && [{}, () => undefined, []].some((one) => name.toLowerCase() in one)
}

const UNUSUAL_TYPE = /^ *(?:application\/[\w.+-]+\s+;|APPLICATION\/)/

export const readingDifferences: readonly Accepted[] = [
  {
    id: 'base64url is strict',
    reason:
      'A JWT with padding, white space or characters of the other base64 alphabet in a part is refused; oauth4webapi reads some of these, and calls a signature that it cannot read a mistake of the caller. Read so, a token has many spellings, and one that is on a list of revoked or seen ones comes again in another.',
    spec: 'RFC 7515 §2: base64url with all trailing “=” omitted, without line breaks, white space or other characters.',
    covers: (found, all) => {
      const damaged = texts(all.input).some(({ name, text }) => name === 'damage' && LENIENT.includes(text))
      if (damaged && comesOf(found, all, 'jwt.header', 'jwt.claims', 'signature.encoding')) return true
      return hasUnreadableSignature(all) && comesBeforeKeys(found, all)
    },
  },
  {
    id: 'A signature keeps its leading zeros',
    reason:
      'An RSA signature that is shorter than its key is refused; with oauth4webapi, OpenSSL decides, and takes one by RSA-PSS without the zeros at its start. Such a token has two spellings, and one that is on a list of revoked or seen ones comes again in the other.',
    spec: 'RFC 8017 §8.1.2 (1): if the length of the signature is not that of the modulus in octets, it is invalid.',
    covers: (found, all) =>
      texts(all.input).some(({ name, text }) => name === 'damage' && SHORTER.includes(text)) &&
      Object.keys(all.reasons).every((label) => refusalOf(all.theirs, label) === undefined) &&
      comesOf(found, all, 'signature.value'),
  },
  {
    id: 'A media type in other letters and with white space',
    reason:
      'A `content-type` in capital letters, or with white space before its semicolon, is the same type; oauth4webapi takes it for another one.',
    spec: 'RFC 9110 §8.3.1: the type and subtype tokens are case-insensitive; §5.6.6: `*( OWS ";" OWS [ parameter ] )`.',
    covers: (_, { input, theirs, ours }) =>
      texts(input).some(({ name, text }) => (name === 'headers' || name === 'type') && UNUSUAL_TYPE.test(text)) &&
      Object.keys(theirs).some((label) => {
        const there = refusalOf(theirs, label)
        return there !== undefined && there.code !== refusalOf(ours, label)?.code
      }),
  },
  {
    id: 'A time in a JWT is finite',
    reason:
      'An `exp`, `iat` or `nbf` beyond the numbers, such as `1e400`, is refused; for oauth4webapi such a token never expires. Whoever keeps its claims as JSON keeps `null` for its end.',
    spec: 'RFC 7519 §2: a NumericDate is a number of seconds.',
    covers: (found, all) =>
      texts(all.input).some(({ text }) => (text.match(NUMBERS) ?? []).some((one) => !Number.isFinite(Number(one)))) &&
      comesOf(found, all, 'jwt.exp', 'jwt.iat', 'jwt.nbf', 'id-token.auth_time'),
  },
  {
    id: 'A body that cannot be read',
    reason:
      'A body that breaks off, or that somebody else is reading, is an `OAUTH_PARSE_ERROR` with the failure as its cause, whatever status and media type announced it; oauth4webapi refuses it as an answer of another status or media type where those differ.',
    spec: 'RFC 9110 §6.1: a message with an incomplete body is incomplete.',
    covers: (found, all) =>
      texts(all.input).some(({ name, text }) => name === 'condition' && ['locked', 'broken'].includes(text)) &&
      Object.keys(all.reasons).every((label) => refusalOf(all.theirs, label) !== undefined) &&
      comesOf(found, all, 'response.body'),
  },
  {
    id: 'Several proofs are called several',
    reason:
      'A request with several `DPoP` fields is refused for their number, whatever is in them; oauth4webapi takes the one text that the Fetch Standard makes of them for one JWT, and where each has another number of parts than three, refuses it for its form.',
    spec: 'RFC 9449 §4.3 (1): there is not more than one DPoP HTTP request header field.',
    covers: (found, all) =>
      texts(all.input).filter(({ name }) => name === 'proofs').length > 1 &&
      texts(all.input).some(({ name, text }) => name === 'damage' && OTHER_PARTS.includes(text)) &&
      refusalOf(all.theirs, found.path[0]) !== undefined &&
      comesOf(found, all, 'resource-request.dpop-single'),
  },
  {
    id: 'An algorithm is a text',
    reason:
      'A JWT whose `alg` is no text is refused for it, also where a list of the server has that very number; oauth4webapi takes it where no signature is verified, and calls it unsupported where one is.',
    spec: 'RFC 7515 §4.1.1: the `alg` value is a case-sensitive ASCII string.',
    covers: (found, all) =>
      texts(all.input).some(({ name, text }) => name === 'header' && OTHER_ALG.test(text)) &&
      comesOf(found, all, ...ALG_RULES),
  },
  {
    id: 'Token types are names of one’s own',
    reason:
      '`recognizedTokenTypes` is asked for names of its own: a `token_type` such as `constructor` or `__proto__` is refused, though every object inherits something by that name. oauth4webapi takes such a type for one that the caller knows.',
    spec: 'RFC 6749 §7.1: a client must not use an access token whose type it does not understand.',
    covers: (found, all) =>
      texts(all.input).some(({ name, text }) => name === 'body' && isInherited(TOKEN_TYPE.exec(text)?.[1])) &&
      comesOf(found, all, 'token-response.token_type-known'),
  },
]

/** The last part of a token is what `damage` made of it, or has in a header what no JWT has. */
function hasUnreadableSignature({ input, reasons }: Case): boolean {
  return (
    Object.values(reasons).includes('signature.encoding') ||
    texts(input).some(
      ({ name, text }) =>
        (name === 'damage' && BEHIND_THE_TOKEN.includes(text)) || (name === 'credentials' && text === '‹token›,'),
    )
  )
}

/** They say that a signature cannot be read before they look for a key; we read it when the key is there. */
function comesBeforeKeys({ path: [place = ''] }: Difference, { theirs, ours, reasons }: Case): boolean {
  const [label] = Object.keys(reasons)
  if (label === undefined || refusalOf(theirs, label)?.code !== 'ERR_INVALID_ARG_VALUE') return false
  const ofKeys = /^(?:server-metadata|jwks|request|response|signature|key)\./.test(reasons[label] ?? '')
  return ofKeys && (place === label || (place.startsWith('request ') && !(place in theirs) && place in ours))
}
