import { hashText } from '#engine'
import type { CryptoKey } from '../engine/crypto-key.ts'
import type { SyncCryptoOptions } from '../engine/sync-crypto.ts'
import { algorithmOf } from '../jose/algorithms.ts'
import { aboutClaims, checkRegisteredClaims } from '../jose/claims.ts'
import type { ExpectedAlgorithms } from '../jose/expected-algorithms.ts'
import type { JWK } from '../jose/jwk.ts'
import { checkType, type Jwt, parseJwt } from '../jose/jwt.ts'
import { requiredMembers, thumbprint } from '../jose/public-jwk.ts'
import {
  acceptKey,
  beginVerification,
  type BegunVerification,
  importVerificationKey,
  verifyJws,
} from '../jose/verification.ts'
import { type ClockOptions, now } from '../metadata/clock.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../values/json.ts'
import { parseUrl } from '../values/url.ts'
import * as rules from './dpop-proof.rules.ts'
import { knownHeaderOf, knownHeaders, rememberHeader } from './known-headers.ts'

/** Seconds by which the time of a proof may miss the present, before or after. */
const WINDOW = 300

/** The types of keys that come in two halves. */
const KEY_TYPES = ['RSA', 'EC', 'OKP', 'AKP']

/** What a proof must be one of. */
export interface ProvenUse {
  readonly request: Request
  /** The value of its `DPoP` header. */
  readonly proof: string | null
  /** The scheme of the `Authorization` header, in lower case. */
  readonly scheme: string
  /** The access token. */
  readonly token: string
  /** The access token's claims. */
  readonly claims: JsonObject
  /** The thumbprint of the key that the token is bound to, as the token has it. */
  readonly boundKey: JsonValue | undefined
}

/** Validates the DPoP proof of a request, by the list of RFC 9449, section 4.3. */
export async function validateProof(
  context: Context,
  use: ProvenUse,
  algorithms: ExpectedAlgorithms,
  options: ClockOptions & SyncCryptoOptions,
  begun?: BegunVerification,
): Promise<void> {
  const { request, proof, scheme, claims, boundKey } = use
  const aboutHeaders = aboutDocument(context, 'headers', request.headers)
  check(aboutHeaders, rules.PROOF_PRESENT, proof !== null, 'a DPoP header', 'none')
  check(aboutHeaders, rules.PROOF_SCHEME, scheme === 'dpop', 'dpop', scheme)
  check(
    aboutClaims(context, claims),
    rules.PROOF_BINDING,
    typeof boundKey === 'string',
    'a thumbprint',
    describe(boundKey),
  )
  // Fetch Standard, "get" of a header list: several fields of one name are one value with commas, and no JWT has a comma
  check(aboutHeaders, rules.PROOF_SINGLE, !proof.includes(','), 'one proof', 'several')

  const jwt = parseJwt(context, proof, algorithms, rules.PROOF_ALG, undefined, knownHeaders)
  checkRegisteredClaims(context, jwt, options)
  checkType(context, jwt, rules.PROOF_TYPE, 'dpop+jwt')
  checkUse(aboutClaims(context, jwt.claims), jwt.claims, use, options)
  await checkKey(context, jwt, use, boundKey, options, begun)
}

function checkUse(about: Context, claims: JsonObject, use: ProvenUse, clock: ClockOptions): void {
  const { ath, htm, htu, iat, jti } = claims
  check(about, rules.PROOF_ISSUED_AT_PRESENT, iat !== undefined, 'present', 'missing')
  check(about, rules.PROOF_ID, typeof jti === 'string', 'a string', describe(jti))
  check(about, rules.PROOF_TOKEN_HASH_PRESENT, ath !== undefined, 'present', 'missing')
  check(about, rules.PROOF_METHOD_PRESENT, htm !== undefined, 'present', 'missing')
  check(about, rules.PROOF_URL_PRESENT, htu !== undefined, 'present', 'missing')

  const time = now(clock)
  const distance = Math.abs(time - Number(iat))
  check(
    { ...about, particulars: { now: time } },
    rules.PROOF_ISSUED_AT,
    distance <= WINDOW,
    () => `within ${WINDOW} seconds of ${time}`,
    iat,
  )
  const { method, url } = use.request
  check(about, rules.PROOF_METHOD, htm === method, method, htm)
  const expectedUrl = withoutQuery(url)
  const sameUrl = expectedUrl !== undefined && (htu === expectedUrl || withoutQuery(htu) === expectedUrl)
  check(about, rules.PROOF_URL, sameUrl, expectedUrl ?? 'an absolute URL', htu)
  const hash = hashText(use.token)
  check(
    { ...about, particulars: { expected: hash } },
    rules.PROOF_TOKEN_HASH,
    ath === hash,
    'the hash of the access token',
    'another',
  )
}

/** What a proof's header gives, once a signature under its key was verified. */
interface ProofKey {
  readonly thumbprint: string
  readonly key: CryptoKey
}

// by the header as it is kept for its spelling, and gone with it
const knownKeys = new WeakMap<JsonObject, ProofKey>()

/** Begins to verify the signature of a proof, where its key is known; `validateProof` says whether it may be this one. */
export function beginProofVerification(proof: string): BegunVerification | undefined {
  const header = knownHeaderOf(proof)
  const known = header && knownKeys.get(header)
  const algorithm = algorithmOf(header?.alg)
  return known && algorithm && beginVerification(proof, known.key, algorithm)
}

async function checkKey(
  context: Context,
  jwt: Jwt,
  use: ProvenUse,
  boundKey: string,
  options: SyncCryptoOptions,
  begun: BegunVerification | undefined,
): Promise<void> {
  const { header } = jwt
  const about = aboutDocument(context, 'header', header)
  const { jwk } = header
  check(about, rules.PROOF_KEY, isJsonObject(jwk), 'an object', describe(jwk))
  const algorithm = algorithmOf(header.alg)
  const supported = algorithm !== undefined && KEY_TYPES.some((kty) => kty === jwk.kty)
  check({ ...about, particulars: jwk }, rules.PROOF_KEY_TYPE, supported, 'an asymmetric key', describe(jwk.kty))
  check(about, rules.PROOF_KEY_PUBLIC, !('d' in jwk) && !('priv' in jwk), 'a public key', 'a private one')
  check(about, rules.PROOF_KEY_ALG, jwk.alg === undefined || jwk.alg === header.alg, header.alg, 'another algorithm')
  // what else the key has beside its required members, such as key_ops, is not the server's to judge
  const members = requiredMembers(jwk)
  const known = knownKeys.get(header)
  const actual = known?.thumbprint ?? thumbprint(members)
  const particulars = { expected: actual, claims: use.claims, claim: 'cnf.jkt' }
  check({ ...about, particulars }, rules.PROOF_KEY_BOUND, actual === boundKey, boundKey, 'another key')
  const key = known
    ? acceptKey(context, algorithm, known.key)
    : await importVerificationKey(context, algorithm, members as JWK)
  await verifyJws(context, jwt, key, algorithm, options, begun)
  rememberHeader(jwt)
  if (known === undefined) knownKeys.set(header, { thumbprint: actual, key })
}

/** A URL as `htu` names it, without query and fragment; `undefined` for what is none. */
function withoutQuery(text: unknown): string | undefined {
  return typeof text === 'string' ? parseUrl(text)?.href.replace(/[?#].*/, '') : undefined
}
