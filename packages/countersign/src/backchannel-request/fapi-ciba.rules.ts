import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { FAPI_1_ADVANCED, FAPI_CIBA } from '../rules/specifications.ts'

/**
 * Under FAPI-CIBA, tokens are fetched: the delivery mode is `poll` or `ping`.
 *
 * Remedy: register the client for poll or ping mode.
 */
export const FAPI_DELIVERY_MODE: Rule = rule(
  'fapi-ciba.backchannel_token_delivery_mode',
  FAPI_CIBA,
  '5.2.2 (3)',
  REQUEST_FORBIDDEN,
)

/**
 * Under FAPI-CIBA, every authentication request is signed.
 *
 * Remedy: give the key as `signingKey`.
 */
export const FAPI_SIGNED: Rule = rule('fapi-ciba.request', FAPI_CIBA, '5.2.3.1 (1)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, a request has a `binding_message`, unless what is authorized is clear without one.
 *
 * Remedy: give a `binding_message`. Where the person sees without it which transaction they authorize, say so by
 * `sufficientAuthorizationContext`.
 */
export const FAPI_BINDING_MESSAGE: Rule = rule('fapi-ciba.binding_message', FAPI_CIBA, '5.2.3.1 (2)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, the client proves itself by `private_key_jwt` or by mutual TLS.
 *
 * Remedy: use `PrivateKeyJwt` or `TlsClientAuth`; for a function of your own, write its `token_endpoint_auth_method` into
 * the client's metadata.
 */
export const FAPI_CLIENT_AUTHENTICATION: Rule = rule(
  'fapi-ciba.token_endpoint_auth_method',
  FAPI_1_ADVANCED,
  '5.2.2 (14)',
  REQUEST_FORBIDDEN,
)

/**
 * Under FAPI-CIBA, client assertions are signed with PS256 or ES256.
 *
 * Remedy: register and use a key for one of the two.
 */
export const FAPI_ASSERTION_ALG: Rule = rule('fapi-ciba.client_assertion', FAPI_CIBA, '7.10 (1)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, access tokens are bound to their client.
 *
 * Remedy: give the `DPoP` handle that the token requests will have, or write `tls_client_certificate_bound_access_tokens`
 * or `dpop_bound_access_tokens` into the client's metadata, as it is registered.
 */
export const FAPI_SENDER_CONSTRAINED: Rule = rule(
  'fapi-ciba.access_token',
  FAPI_1_ADVANCED,
  '5.2.2 (5)',
  REQUEST_FORBIDDEN,
)

/**
 * Under FAPI-CIBA, DPoP proofs are signed with PS256 or ES256.
 *
 * Remedy: make the `DPoP` handle of a key pair for one of the two.
 */
export const FAPI_DPOP_ALG: Rule = rule('fapi-ciba.dpop', FAPI_CIBA, '7.10 (1)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, the client is registered for ID Tokens signed with PS256 or ES256.
 *
 * Remedy: register `id_token_signed_response_alg`, and write it into the client's metadata.
 */
export const FAPI_ID_TOKEN_ALG: Rule = rule(
  'fapi-ciba.id_token_signed_response_alg',
  FAPI_CIBA,
  '7.10 (1)',
  REQUEST_FORBIDDEN,
)

/**
 * Under FAPI-CIBA, nothing is encrypted by RSA1_5.
 *
 * Remedy: register another algorithm for encrypted answers, such as `RSA-OAEP-256` or `ECDH-ES`.
 */
export const FAPI_ENCRYPTION: Rule = rule('fapi-ciba.encrypted_response_alg', FAPI_CIBA, '7.11 (1)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, a request tells nothing of a device that the client does not control by FAPI's own headers.
 *
 * Remedy: leave out `x-fapi-customer-ip-address` and `x-fapi-auth-date`; `request_context` is for what is known.
 */
export const FAPI_HEADERS: Rule = rule('fapi-ciba.headers', FAPI_CIBA, '6.2 (1)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, requests are signed with PS256 or ES256.
 *
 * Remedy: register `backchannel_authentication_request_signing_alg` as one of the two, and sign with a key for it.
 */
export const FAPI_REQUEST_ALG: Rule = rule('fapi-ciba.request-alg', FAPI_CIBA, '7.10 (1)', REQUEST_FORBIDDEN)

/**
 * Under FAPI-CIBA, a signed request is good for 60 minutes at most, from its `nbf` to its `exp`.
 *
 * Remedy: lower `lifetime`, and leave `nbf` and `exp` as they are.
 */
export const FAPI_LIFETIME: Rule = rule('fapi-ciba.exp', FAPI_CIBA, '5.2.2 (9)', REQUEST_FORBIDDEN)
