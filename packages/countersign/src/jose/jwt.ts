import { PARSE_ERROR, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7515, RFC_7516, RFC_7519 } from '../rules/specifications.ts'
import { decodeBase64url } from '../values/base64url.ts'
import type { BoundedCache } from '../values/bounded-cache.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, parseJson } from '../values/json.ts'
import { decodeText } from '../values/text.ts'
import type { ExpectedAlgorithms } from './expected-algorithms.ts'
import type { JweDecryptFunction } from './jwe-decrypt.ts'

/**
 * An encrypted JWT comes only where it can be decrypted.
 *
 * Remedy: give the function that decrypts it as the option `jweDecrypt`, or register the client without encryption.
 */
export const JWE_DECRYPTION: Rule = rule('jwt.encryption', RFC_7516, '5.2', UNSUPPORTED_OPERATION)

/**
 * A signed JWT has three parts: header, claims and signature.
 *
 * Remedy: report it to the server's operator; where the token was encrypted, look at what `jweDecrypt` gave back.
 */
export const JWT_PARTS: Rule = rule('jwt.parts', RFC_7515, '7.1')

/**
 * A JWT's header is base64url of JSON in UTF-8, spelled without padding, blanks or stray bits.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_HEADER: Rule = rule('jwt.header', RFC_7515, '5.2 (2)', PARSE_ERROR)

/**
 * A JWT's header is a JSON object.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_HEADER_OBJECT: Rule = rule('jwt.header-object', RFC_7515, '5.2 (3)')

/**
 * A JWT's header names no extension as critical; this library understands none.
 *
 * Remedy: ask the server's operator to sign without `crit`.
 */
export const JWT_CRITICAL: Rule = rule('jwt.crit', RFC_7515, '4.1.11', UNSUPPORTED_OPERATION)

/**
 * A JWT's claims are base64url of JSON, spelled without padding, blanks or stray bits.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_CLAIMS: Rule = rule('jwt.claims', RFC_7515, '5.2 (6)', PARSE_ERROR)

/**
 * A JWT's claims are a JSON object.
 *
 * Remedy: report it to the server's operator.
 */
export const JWT_CLAIMS_OBJECT: Rule = rule('jwt.claims-object', RFC_7519, '7.2 (10)')

/** A JWT taken apart. Its signature has not been verified. */
export interface Jwt {
  readonly header: JsonObject
  readonly claims: JsonObject
  /** All of it, as it came or was decrypted. */
  readonly token: string
  /** The characters that the signature covers. */
  readonly signingInput: string
  /** The signature, still base64url. */
  readonly signature: string
}

type KnownHeaders = Pick<BoundedCache<string, JsonObject>, 'get'>

/**
 * Takes a JWT apart, after decrypting it where it is encrypted, and refuses a header that nobody may answer to. Nothing but
 * what is decrypted takes a promise.
 *
 * @param algorithms Says which values of `alg` are expected.
 * @param algRule The rule that refuses every other one.
 * @param known Headers that were read before, by their spelling.
 */
export function parseJwt(
  context: Context,
  token: string,
  algorithms: ExpectedAlgorithms,
  algRule: Rule,
  decrypt: undefined,
  known: KnownHeaders,
): Jwt
export function parseJwt(
  context: Context,
  token: string,
  algorithms: ExpectedAlgorithms,
  algRule: Rule,
  decrypt: JweDecryptFunction | undefined,
): Jwt | Promise<Jwt>
export function parseJwt(
  context: Context,
  token: string,
  algorithms: ExpectedAlgorithms,
  algRule: Rule,
  decrypt: JweDecryptFunction | undefined,
  known?: KnownHeaders,
): Jwt | Promise<Jwt> {
  const parts = partsOf(token)
  const encrypted = parts.length === 5
  check(context, JWE_DECRYPTION, !encrypted || decrypt, 'a signed JWT', 'an encrypted one, and no jweDecrypt')
  if (!encrypted || decrypt === undefined) return parseSigned(context, token, parts, algorithms, algRule, known)
  const decrypted = async (): Promise<string> => await decrypt(token)
  return decrypted().then((signed) => parseSigned(context, signed, partsOf(signed), algorithms, algRule, known))
}

function parseSigned(
  context: Context,
  signed: string,
  parts: string[],
  algorithms: ExpectedAlgorithms,
  algRule: Rule,
  known: KnownHeaders | undefined,
): Jwt {
  check(context, JWT_PARTS, areThree(parts), '3 parts', `${parts.length}`)
  const [encodedHeader, encodedClaims, signature] = parts

  const header = known?.get(encodedHeader) ?? parsePart(encodedHeader)
  check(context, JWT_HEADER, header !== undefined, 'base64url of JSON', 'other text')
  check(context, JWT_HEADER_OBJECT, isJsonObject(header), 'an object', describe(header))

  const { alg } = header
  const { names, particulars } = algorithms
  const expected = typeof alg === 'string' && names.includes(alg)
  const aboutAlg = aboutDocument(context, 'header', header, particulars)
  check(aboutAlg, algRule, expected, names, typeof alg === 'string' ? alg : describe(alg))
  const aboutHeader = aboutDocument(context, 'header', header)
  check(aboutHeader, JWT_CRITICAL, header.crit === undefined, 'missing', describe(header.crit))

  const claims = parsePart(encodedClaims)
  check(context, JWT_CLAIMS, claims !== undefined, 'base64url of JSON', 'other text')
  check(context, JWT_CLAIMS_OBJECT, isJsonObject(claims), 'an object', describe(claims))
  // a text that is cut out is read faster than one that is put together
  const signingInput = signed.slice(0, encodedHeader.length + 1 + encodedClaims.length)
  return { header, claims, token: signed, signingInput, signature }
}

/** The parts of a JWT; of more than six, the first six. */
function partsOf(token: string): string[] {
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  // nearly all have three, which are found several times as fast as by splitting
  return second > first && !token.includes('.', second + 1)
    ? [token.slice(0, first), token.slice(first + 1, second), token.slice(second + 1)]
    : token.split('.', 6)
}

function areThree(parts: string[]): parts is [string, string, string] {
  return parts.length === 3
}

/** The JSON that a part of a JWT stands for; `undefined` for none. */
export function parsePart(part: string): unknown {
  const bytes = decodeBase64url(part)
  const text = bytes && decodeText(bytes)
  return text === undefined ? undefined : parseJson(text)
}

/** Refuses a JWT of another type; the name of the media type may be whole or without `application/` (RFC 7515, 4.1.9). */
export function checkType(context: Context, { header }: Jwt, typeRule: Rule, expected: string): void {
  const about = aboutDocument(context, 'header', header)
  const typ = typeof header.typ === 'string' ? header.typ : describe(header.typ)
  check(
    about,
    typeRule,
    typ === expected || typ.toLowerCase().replace(/^application\//, '') === expected,
    expected,
    typ,
  )
}
