import { RESPONSE_BODY_ERROR, WWW_AUTHENTICATE_CHALLENGE } from '../errors/codes.ts'
import type { SpecReference } from '../errors/evidence.ts'
import { isJsonObject } from '../values/json.ts'
import { sectionUrl } from './section-url.ts'
import { sentences } from './sentences.ts'
import { bodyErrors, challengeErrors, type Entry } from './server-errors.ts'

/** What a refusal means, and what to do about it. */
export interface Explanation {
  /** The rule that refused, such as `id-token.iss`; for an error that the server answered, its code, such as `slow_down`. */
  readonly rule: string
  /** For a rule, what holds when it is kept; for an error of the server's, what it says. One sentence or two. */
  readonly sentence: string
  /** What to do. */
  readonly remedy: string
  /** The paragraph that asks for the rule, or defines the error. */
  readonly spec: SpecReference
  /** Where that paragraph can be read. */
  readonly url?: string
}

/**
 * Explains an error of this library: what was checked, or what the server's error code means, in which paragraph it is
 * written, and what to do.
 *
 * It goes by what the error carries, not by its class, so that errors which came through a log, a worker or another
 * copy of the library are explained as well. Nothing of an answer is repeated in an explanation.
 *
 * @param errorOrRule An error of any function of this library; or a rule's id, such as a trace shows; or an error code
 *   of a token endpoint, a backchannel authentication endpoint or a `WWW-Authenticate` challenge.
 * @returns The explanation; `undefined` when there is none, such as for a caller's own mistake, whose message says it
 *   all, and for error codes that only one server has.
 * @see CIBA Core 1.0, sections 11 and 13; RFC 6749, section 5.2; RFC 6750, section 3.1; RFC 9449, sections 5 and 8
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 * import { explain } from 'countersign/explain'
 *
 * declare const as: countersign.AuthorizationServer
 * declare const client: countersign.Client
 * declare const response: Response
 *
 * await countersign.processBackchannelAuthenticationGrantResponse(as, client, response).catch((error: unknown) => {
 *   console.error(explain(error)?.remedy ?? error)
 * })
 * ```
 */
export function explain(errorOrRule: unknown): Explanation | undefined {
  if (typeof errorOrRule === 'string') return explainName(errorOrRule)
  if (!isJsonObject(errorOrRule)) return undefined
  const { rule, code, error, cause } = errorOrRule
  if (code === RESPONSE_BODY_ERROR) return entryOf(bodyErrors, error)
  if (code === WWW_AUTHENTICATE_CHALLENGE) return explainChallenges(cause)
  return entryOf(sentences, rule)
}

function explainName(name: string): Explanation | undefined {
  return entryOf(sentences, name) ?? entryOf(bodyErrors, name) ?? entryOf(challengeErrors, name)
}

/** The first challenge that can be explained: a server may offer several schemes, and names the error in one. */
function explainChallenges(challenges: unknown): Explanation | undefined {
  if (!Array.isArray(challenges)) return undefined
  for (const challenge of challenges) {
    const explanation = explainChallenge(challenge)
    if (explanation !== undefined) return explanation
  }
  return undefined
}

function explainChallenge(challenge: unknown): Explanation | undefined {
  if (!isJsonObject(challenge) || !isJsonObject(challenge.parameters)) return undefined
  const error = challenge.parameters.error ?? errorOfScheme(challenge.scheme)
  return entryOf(challengeErrors, error) ?? entryOf(bodyErrors, error)
}

/** What a challenge without an error means: credentials that the scheme asks for were not there, or not the right ones. */
function errorOfScheme(scheme: unknown): string | undefined {
  switch (scheme) {
    case 'basic':
      // RFC 6749 §5.2: a client that used the Authorization header is answered with a challenge of its scheme
      return 'invalid_client'
    case 'bearer':
    case 'dpop':
      // RFC 6750 §3.1: where no token was sent, the challenge has no error
      return 'invalid_token'
    default:
      return undefined
  }
}

function entryOf(entries: Readonly<Record<string, Entry>>, name: unknown): Explanation | undefined {
  if (typeof name !== 'string') return undefined
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined
  if (entry === undefined) return undefined
  const { document, section, sentence, remedy } = entry
  const url = sectionUrl(entry)
  return { rule: name, sentence, remedy, spec: { document, section }, ...(url !== undefined && { url }) }
}
