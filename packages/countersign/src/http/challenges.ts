import type { WWWAuthenticateChallenge } from '../errors/www-authenticate-challenge-error.ts'

/*
 * RFC 9110 §11.6.1: WWW-Authenticate = #challenge
 *           §11.3: challenge  = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
 *           §11.2: auth-param = token BWS "=" BWS ( token / quoted-string )
 * The same comma stands between challenges and between parameters: what follows it is a parameter where "=" and a value
 * follow the token, and the scheme of the next challenge otherwise. §5.6.1.2: empty elements are skipped.
 */
const SEPARATORS = /[ \t,]*/y
const SCHEME = /([!#$%&'*+.^_`|~\w-]+)(?=[ \t,]|$)([ \t]*)/y
const TOKEN68 = /([A-Za-z0-9._~+/-]+=*)(?=[ \t,]|$)[ \t]*/y
const PARAMETER =
  /([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([!#$%&'*+.^_`|~\w-]+)(?=[ \t,]|$))/y

/** Longest header that is read as challenges, in characters; servers and clients of HTTP allow less. */
const MAXIMUM_LENGTH = 1_048_576

/**
 * Parses the value of a `WWW-Authenticate` header.
 *
 * @returns The challenges in their order; `undefined` when the value does not follow the grammar, or is longer than 1 MiB.
 */
export function parseChallenges(header: string): WWWAuthenticateChallenge[] | undefined {
  if (header.length > MAXIMUM_LENGTH) return undefined
  const challenges: WWWAuthenticateChallenge[] = []
  let position = 0

  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = position
    const match = pattern.exec(header) ?? undefined
    position += match?.[0].length ?? 0
    return match
  }

  function takeParameters(): [string, string][] {
    const parameters: [string, string][] = []
    for (let match = take(PARAMETER); match !== undefined; match = take(PARAMETER)) {
      const [, name = '', quoted, token = ''] = match
      parameters.push([name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token])
      take(SEPARATORS)
    }
    return parameters
  }

  take(SEPARATORS)
  while (position < header.length) {
    const [, scheme, blanks] = take(SCHEME) ?? []
    if (scheme === undefined) return undefined
    const first = takeParameters()
    const token68 = first.length === 0 ? take(TOKEN68)?.[1] : undefined
    const separated = take(SEPARATORS)?.[0].includes(',') === true
    // §5.6.1.2: parameters may stand behind empty elements of their list
    const late = first.length === 0 && token68 === undefined && blanks !== ''
    const parameters = late ? takeParameters() : first
    // neither a value nor parameters: the scheme stands alone, or the text is none
    const alone = token68 === undefined && parameters.length === 0
    if (alone && !separated && position < header.length) return undefined
    challenges.push({
      scheme: lowercase(scheme),
      parameters: Object.fromEntries(parameters),
      ...(token68 !== undefined && { token68 }),
    })
  }
  return challenges.length > 0 ? challenges : undefined
}

function lowercase(text: string): Lowercase<string> {
  // what toLowerCase returns is the lower case of its text
  return text.toLowerCase() as Lowercase<string>
}
