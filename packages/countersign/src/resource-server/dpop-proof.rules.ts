import { JWT_CLAIM_COMPARISON, JWT_TIMESTAMP_CHECK, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_7517, RFC_9449 } from '../rules/specifications.ts'

/**
 * A request with a DPoP-bound access token has a proof: the `DPoP` header.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_PRESENT: Rule = rule('resource-request.dpop', RFC_9449, '7.1')

/**
 * A request has one proof: one `DPoP` header with one JWT.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_SINGLE: Rule = rule('resource-request.dpop-single', RFC_9449, '4.3 (1)', UNSUPPORTED_OPERATION)

/**
 * A DPoP-bound access token comes with the scheme DPoP, not Bearer.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_SCHEME: Rule = rule('resource-request.authorization-dpop', RFC_9449, '7.1')

/**
 * The access token beside a DPoP proof is bound to a key, by `cnf.jkt`.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_BINDING: Rule = rule('dpop-proof.binding', RFC_9449, '6.1')

/**
 * A proof is signed by an algorithm that is expected.
 *
 * Remedy: answer 401 with a DPoP challenge that names the algorithms in `algs`.
 */
export const PROOF_ALG: Rule = rule('dpop-proof.alg', RFC_9449, '4.3 (5)')

/**
 * A proof says that it is one: `typ` is `dpop+jwt`.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_TYPE: Rule = rule('dpop-proof.typ', RFC_9449, '4.3 (4)')

/**
 * A proof has `iat`.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_ISSUED_AT_PRESENT: Rule = rule('dpop-proof.iat-present', RFC_9449, '4.3 (3)')

/**
 * A proof has `jti`, a string.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_ID: Rule = rule('dpop-proof.jti', RFC_9449, '4.3 (3)')

/**
 * A proof has `ath`.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_TOKEN_HASH_PRESENT: Rule = rule('dpop-proof.ath-present', RFC_9449, '4.3 (12)')

/**
 * A proof has `htm`.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_METHOD_PRESENT: Rule = rule('dpop-proof.htm-present', RFC_9449, '4.3 (3)')

/**
 * A proof has `htu`.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_URL_PRESENT: Rule = rule('dpop-proof.htu-present', RFC_9449, '4.3 (3)')

/**
 * A proof was made within five minutes of now.
 *
 * Remedy: answer 401 with a DPoP challenge; where proofs are made just now, the clocks differ: set this machine's clock, or
 * `clockSkew`.
 */
export const PROOF_ISSUED_AT: Rule = rule('dpop-proof.iat', RFC_9449, '4.3 (11)', JWT_TIMESTAMP_CHECK)

/**
 * A proof was made for the method of the request.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_METHOD: Rule = rule('dpop-proof.htm', RFC_9449, '4.3 (8)', JWT_CLAIM_COMPARISON)

/**
 * A proof was made for the URL of the request, without query and fragment.
 *
 * Remedy: answer 401 with a DPoP challenge. Behind a proxy, give the request with the URL that the client called.
 */
export const PROOF_URL: Rule = rule('dpop-proof.htu', RFC_9449, '4.3 (9)', JWT_CLAIM_COMPARISON)

/**
 * A proof was made for the access token beside it.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_TOKEN_HASH: Rule = rule('dpop-proof.ath', RFC_9449, '4.3 (12)', JWT_CLAIM_COMPARISON)

/**
 * A proof has the public key in its header.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_KEY: Rule = rule('dpop-proof.jwk', RFC_9449, '4.3 (3)')

/**
 * The key of a proof is an asymmetric one of a known type.
 *
 * Remedy: answer 401 with a DPoP challenge that names the algorithms in `algs`.
 */
export const PROOF_KEY_TYPE: Rule = rule('dpop-proof.jwk-kty', RFC_9449, '4.3 (5)', UNSUPPORTED_OPERATION)

/**
 * The key of a proof has no private part.
 *
 * Remedy: answer 401 with a DPoP challenge; the client gave its key away and must make a new one.
 */
export const PROOF_KEY_PUBLIC: Rule = rule('dpop-proof.jwk-private', RFC_9449, '4.3 (7)')

/**
 * The key of a proof, where it names an algorithm, is for the one that the proof is signed by.
 *
 * Remedy: answer 401 with a DPoP challenge.
 */
export const PROOF_KEY_ALG: Rule = rule('dpop-proof.jwk-alg', RFC_7517, '4.4')

/**
 * A proof was made with the key that the access token is bound to.
 *
 * Remedy: answer 401 with a DPoP challenge: somebody else's token is being used.
 */
export const PROOF_KEY_BOUND: Rule = rule('dpop-proof.jkt', RFC_9449, '4.3 (12)', JWT_CLAIM_COMPARISON)
