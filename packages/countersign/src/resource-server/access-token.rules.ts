import { INVALID_REQUEST, JWT_CLAIM_COMPARISON, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { RFC_6750, RFC_7800, RFC_8705, RFC_9068, RFC_9449 } from '../rules/specifications.ts'

/**
 * A request for a protected resource has an `Authorization` header.
 *
 * Remedy: answer 401 with a challenge.
 */
export const AUTHORIZATION_PRESENT: Rule = rule('resource-request.authorization', RFC_6750, '2.1', INVALID_REQUEST)

/**
 * The scheme of the `Authorization` header is Bearer or DPoP.
 *
 * Remedy: answer 401 with a challenge.
 */
export const AUTHORIZATION_SCHEME: Rule = rule(
  'resource-request.authorization-scheme',
  RFC_6750,
  '2.1',
  UNSUPPORTED_OPERATION,
)

/**
 * The `Authorization` header has one token behind its scheme.
 *
 * Remedy: answer 400 with a challenge.
 */
export const AUTHORIZATION_FORM: Rule = rule('resource-request.authorization-form', RFC_6750, '2.1', INVALID_REQUEST)

/**
 * An access token is signed by an algorithm that is expected.
 *
 * Remedy: answer 401; name the server's algorithms in `signingAlgorithms`.
 */
export const ACCESS_TOKEN_ALG: Rule = rule('access-token.alg', RFC_9068, '4 (5)')

/**
 * An access token says that it is one: `typ` is `at+jwt`.
 *
 * Remedy: answer 401: it may be an ID Token.
 */
export const ACCESS_TOKEN_TYPE: Rule = rule('access-token.typ', RFC_9068, '4 (1)')

/**
 * An access token has `iss`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_ISSUER_PRESENT: Rule = rule('access-token.iss-present', RFC_9068, '2.2')

/**
 * An access token has `exp`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_EXPIRES: Rule = rule('access-token.exp', RFC_9068, '2.2')

/**
 * An access token has `aud`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_AUDIENCE_PRESENT: Rule = rule('access-token.aud-present', RFC_9068, '2.2')

/**
 * An access token has `sub`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_SUBJECT_PRESENT: Rule = rule('access-token.sub-present', RFC_9068, '2.2')

/**
 * An access token has `iat`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_ISSUED_AT: Rule = rule('access-token.iat', RFC_9068, '2.2')

/**
 * An access token has `jti`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_ID_PRESENT: Rule = rule('access-token.jti-present', RFC_9068, '2.2')

/**
 * An access token has `client_id`.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_CLIENT_PRESENT: Rule = rule('access-token.client_id-present', RFC_9068, '2.2')

/**
 * An access token that comes with a DPoP proof, or where DPoP is required, is bound: it has `cnf`.
 *
 * Remedy: answer 401.
 */
export const ACCESS_TOKEN_BOUND: Rule = rule('access-token.cnf-present', RFC_9449, '7.1')

/**
 * An access token was issued by the server whose tokens are accepted.
 *
 * Remedy: answer 401; see that the metadata are those of the server that issues the tokens.
 */
export const ACCESS_TOKEN_ISSUER: Rule = rule('access-token.iss', RFC_9068, '4 (3)', JWT_CLAIM_COMPARISON)

/**
 * An access token was issued for this resource.
 *
 * Remedy: answer 401; see that the expected audience is what the server puts into `aud`.
 */
export const ACCESS_TOKEN_AUDIENCE: Rule = rule('access-token.aud', RFC_9068, '4 (4)', JWT_CLAIM_COMPARISON)

/**
 * `client_id` of an access token is a string.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_CLIENT: Rule = rule('access-token.client_id', RFC_9068, '2.2', INVALID_REQUEST)

/**
 * `jti` of an access token is a string.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_ID: Rule = rule('access-token.jti', RFC_9068, '2.2', INVALID_REQUEST)

/**
 * `sub` of an access token is a string.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const ACCESS_TOKEN_SUBJECT: Rule = rule('access-token.sub', RFC_9068, '2.2', INVALID_REQUEST)

/**
 * `cnf` of an access token is an object.
 *
 * Remedy: answer 401; report it to the server's operator.
 */
export const CONFIRMATION: Rule = rule('access-token.cnf', RFC_7800, '3.1', INVALID_REQUEST)

/**
 * An access token is bound in one way.
 *
 * Remedy: answer 401; ask the server's operator for tokens that are bound to one key.
 */
export const CONFIRMATION_SINGLE: Rule = rule('access-token.cnf-single', RFC_7800, '3.1', UNSUPPORTED_OPERATION)

/**
 * An access token is bound in a way that is checked here: to a DPoP key.
 *
 * Remedy: answer 401. A token that is bound to a client certificate needs the certificate of the connection.
 */
export const CONFIRMATION_METHOD: Rule = rule('access-token.cnf-method', RFC_8705, '3', UNSUPPORTED_OPERATION)
