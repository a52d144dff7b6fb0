import { digest } from '#engine'
import { algorithmOf } from '../jose/algorithms.ts'
import { aboutClaims, checkRegisteredClaims } from '../jose/claims.ts'
import type { JWK } from '../jose/jwk.ts'
import { checkType, type Jwt, parseJwt } from '../jose/jwt.ts'
import { requiredMembers, thumbprint } from '../jose/public-jwk.ts'
import { importVerificationKey, verifyJws } from '../jose/verification.ts'
import { type ClockOptions, now } from '../metadata/clock.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { encodeBase64url } from '../values/base64url.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../values/json.ts'
import { encodeText } from '../values/text.ts'
import { parseUrl } from '../values/url.ts'
import * as rules from './dpop-proof.rules.ts'

/** Seconds by which the time of a proof may miss the present, before or after. */
const WINDOW = 300

/** The types of keys that come in two halves. */
const KEY_TYPES = ['RSA', 'EC', 'OKP', 'AKP']

/** What a proof must be one of. */
export interface ProvenUse {
  readonly request: Request
  /** The scheme of the `Authorization` header, in lower case. */
  readonly scheme: string
  /** The access token. */
  readonly token: string
  /** The thumbprint of the key that the token is bound to, as the token has it. */
  readonly boundKey: JsonValue | undefined
}

/** Validates the DPoP proof of a request, by the list of RFC 9449, section 4.3. */
export async function validateProof(
  context: Context,
  use: ProvenUse,
  algorithms: readonly string[],
  clock: ClockOptions,
): Promise<void> {
  const { request, scheme, boundKey } = use
  const proof = request.headers.get('dpop')
  const aboutHeaders: Context = { ...context, document: { kind: 'headers', value: request.headers } }
  check(aboutHeaders, rules.PROOF_PRESENT, proof !== null, 'a DPoP header', 'none')
  // Fetch Standard, "get" of a header list: several fields of one name are one value with commas, and no JWT has a comma
  check(aboutHeaders, rules.PROOF_SINGLE, !proof.includes(','), 'one proof', 'several')
  check(aboutHeaders, rules.PROOF_SCHEME, scheme === 'dpop', 'dpop', scheme)
  check(context, rules.PROOF_BINDING, typeof boundKey === 'string', 'a thumbprint', describe(boundKey))

  const jwt = await parseJwt(context, proof, algorithms, rules.PROOF_ALG, undefined)
  checkRegisteredClaims(context, jwt, clock)
  checkType(context, jwt, rules.PROOF_TYPE, 'dpop+jwt')
  await checkUse(aboutClaims(context, jwt.claims), jwt.claims, use, clock)
  await checkKey(context, jwt, boundKey)
}

async function checkUse(about: Context, claims: JsonObject, use: ProvenUse, clock: ClockOptions): Promise<void> {
  const { ath, htm, htu, iat, jti } = claims
  check(about, rules.PROOF_ISSUED_AT_PRESENT, iat !== undefined, 'present', 'missing')
  check(about, rules.PROOF_ID, typeof jti === 'string', 'a string', describe(jti))
  check(about, rules.PROOF_TOKEN_HASH_PRESENT, ath !== undefined, 'present', 'missing')
  check(about, rules.PROOF_METHOD_PRESENT, htm !== undefined, 'present', 'missing')
  check(about, rules.PROOF_URL_PRESENT, htu !== undefined, 'present', 'missing')

  const time = now(clock)
  const distance = Math.abs(time - Number(iat))
  check(about, rules.PROOF_ISSUED_AT, distance <= WINDOW, `within ${WINDOW} seconds of ${time}`, iat)
  const { method, url } = use.request
  check(about, rules.PROOF_METHOD, htm === method, method, htm)
  const expectedUrl = withoutQuery(url)
  const sameUrl = expectedUrl !== undefined && typeof htu === 'string' && withoutQuery(htu) === expectedUrl
  check(about, rules.PROOF_URL, sameUrl, expectedUrl ?? 'an absolute URL', htu)
  const hash = encodeBase64url(await digest('SHA-256', encodeText(use.token)))
  check(about, rules.PROOF_TOKEN_HASH, ath === hash, 'the hash of the access token', 'another')
}

async function checkKey(context: Context, jwt: Jwt, boundKey: string): Promise<void> {
  const { header } = jwt
  const about: Context = { ...context, document: { kind: 'header', value: header } }
  const { jwk } = header
  check(about, rules.PROOF_KEY, isJsonObject(jwk), 'an object', describe(jwk))
  const algorithm = algorithmOf(header.alg)
  const known = algorithm !== undefined && KEY_TYPES.some((kty) => kty === jwk.kty)
  check(about, rules.PROOF_KEY_TYPE, known, 'an asymmetric key', describe(jwk.kty))
  check(about, rules.PROOF_KEY_PUBLIC, !('d' in jwk) && !('priv' in jwk), 'a public key', 'a private one')
  check(about, rules.PROOF_KEY_ALG, jwk.alg === undefined || jwk.alg === header.alg, header.alg, 'another algorithm')
  // what else the key has beside its required members, such as key_ops, is not the server's to judge
  const members = requiredMembers(jwk)
  check(about, rules.PROOF_KEY_BOUND, (await thumbprint(members)) === boundKey, boundKey, 'another key')
  const key = await importVerificationKey(context, algorithm, members as JWK)
  await verifyJws(context, jwt, key, algorithm)
}

/** A URL as `htu` names it; `undefined` for what is none. */
function withoutQuery(text: string): string | undefined {
  const url = parseUrl(text)
  if (url === undefined) return undefined
  url.search = ''
  url.hash = ''
  return url.href
}
