import { JWT_CLAIM_COMPARISON, JWT_TIMESTAMP_CHECK } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { OIDC_CORE } from '../rules/specifications.ts'

/**
 * The ID Token is signed by the algorithm that the client registered, or else by one that the server publishes, or else
 * by RS256.
 *
 * Remedy: set `id_token_signed_response_alg` in the client's metadata to what is registered at the server.
 */
export const ID_TOKEN_ALG: Rule = rule('id-token.alg', OIDC_CORE, '3.1.3.7 (7)')

/**
 * An ID Token comes without a signature only where the client registered that.
 *
 * Remedy: register a signature algorithm for the client; or, where TLS alone is to be trusted, set
 * `id_token_signed_response_alg` to `none`.
 */
export const ID_TOKEN_SIGNED: Rule = rule('id-token.alg-none', OIDC_CORE, '2')

/**
 * The ID Token has `aud`.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_AUDIENCE_PRESENT: Rule = rule('id-token.aud-present', OIDC_CORE, '2')

/**
 * The ID Token has `exp`.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_EXPIRES: Rule = rule('id-token.exp', OIDC_CORE, '2')

/**
 * The ID Token has `iat`.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_ISSUED_AT: Rule = rule('id-token.iat', OIDC_CORE, '2')

/**
 * The ID Token has `iss`.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_ISSUER_PRESENT: Rule = rule('id-token.iss-present', OIDC_CORE, '2')

/**
 * The ID Token has `sub`.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_SUBJECT_PRESENT: Rule = rule('id-token.sub-present', OIDC_CORE, '2')

/**
 * `sub` of an ID Token is a string.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_SUBJECT: Rule = rule('id-token.sub', OIDC_CORE, '2')

/**
 * The ID Token has `auth_time` where it was asked for.
 *
 * Remedy: ask for it by `max_age` or `claims`, or drop `require_auth_time` and `default_max_age` from the client's
 * metadata.
 */
export const ID_TOKEN_AUTH_TIME_PRESENT: Rule = rule('id-token.auth_time-present', OIDC_CORE, '3.1.3.7 (13)')

/**
 * `auth_time` is a number, 0 or more.
 *
 * Remedy: report it to the server's operator.
 */
export const ID_TOKEN_AUTH_TIME: Rule = rule('id-token.auth_time', OIDC_CORE, '2')

/**
 * The ID Token was issued by the server that was asked.
 *
 * Remedy: see that the metadata are those of the server that answered; the two strings must be equal to the letter, a
 * slash at the end included.
 */
export const ID_TOKEN_ISSUER: Rule = rule('id-token.iss', OIDC_CORE, '3.1.3.7 (2)', JWT_CLAIM_COMPARISON)

/**
 * The ID Token was issued for this client.
 *
 * Remedy: see that `client_id` is the one that asked for the token. Where it is, somebody injected another client's
 * token.
 */
export const ID_TOKEN_AUDIENCE: Rule = rule('id-token.aud', OIDC_CORE, '3.1.3.7 (3)', JWT_CLAIM_COMPARISON)

/**
 * An ID Token for several audiences names the one that it was issued to.
 *
 * Remedy: ask the server's operator for `azp`, or for ID Tokens with one audience.
 */
export const ID_TOKEN_AUTHORIZED_PARTY_PRESENT: Rule = rule(
  'id-token.azp-present',
  OIDC_CORE,
  '3.1.3.7 (4)',
  JWT_CLAIM_COMPARISON,
)

/**
 * An ID Token for several audiences was issued to this client.
 *
 * Remedy: do not use the token, it was issued to another client.
 */
export const ID_TOKEN_AUTHORIZED_PARTY: Rule = rule('id-token.azp', OIDC_CORE, '3.1.3.7 (5)', JWT_CLAIM_COMPARISON)

/**
 * The ID Token has `nonce` where the request had one.
 *
 * Remedy: do not sign the person in: the token may be one of another request. Where every token lacks it, report it to
 * the server's operator.
 */
export const ID_TOKEN_NONCE_PRESENT: Rule = rule('id-token.nonce-present', OIDC_CORE, '3.1.3.7 (11)')

/**
 * The ID Token brings back the request's `nonce`, and none where the request had none.
 *
 * Remedy: do not sign the person in: the token belongs to another request. See that the `nonce` is kept with the browser's
 * session, once for each request.
 */
export const ID_TOKEN_NONCE: Rule = rule('id-token.nonce', OIDC_CORE, '3.1.3.7 (11)', JWT_CLAIM_COMPARISON)

/**
 * The ID Token names, as its `acr`, one of the authentication contexts that the caller insists on.
 *
 * Remedy: do not sign the person in for what needs that context. See that the server offers it
 * (`acr_values_supported`), and that the person can be authenticated so.
 */
export const ID_TOKEN_ACR: Rule = rule('id-token.acr', OIDC_CORE, '3.1.3.7 (12)', JWT_CLAIM_COMPARISON)

/**
 * The person was authenticated no longer ago than `max_age`.
 *
 * Remedy: send the person to sign in again, with `prompt=login` or `max_age=0`.
 */
export const ID_TOKEN_AUTH_TIME_AGE: Rule = rule(
  'id-token.auth_time-age',
  OIDC_CORE,
  '3.1.3.7 (13)',
  JWT_TIMESTAMP_CHECK,
)
