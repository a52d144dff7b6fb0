/**
 * Code of {@link WWWAuthenticateChallengeError}: an endpoint or a protected resource answered with one or more
 * `WWW-Authenticate` challenges.
 *
 * @see RFC 9110, section 11.6.1
 */
export const WWW_AUTHENTICATE_CHALLENGE = 'OAUTH_WWW_AUTHENTICATE_CHALLENGE'

/**
 * Code of {@link ResponseBodyError}: the server answered with an OAuth error document, such as `authorization_pending`.
 *
 * @see RFC 6749, section 5.2
 */
export const RESPONSE_BODY_ERROR = 'OAUTH_RESPONSE_BODY_ERROR'

/**
 * Code of {@link UnsupportedOperationError}: an answer, a key or a request needs something that this library does not
 * support, such as an encrypted ID Token where no {@link jweDecrypt} is given.
 *
 * @see RFC 7515, section 4.1.11; RFC 7516, section 5.2
 */
export const UNSUPPORTED_OPERATION = 'OAUTH_UNSUPPORTED_OPERATION'

/**
 * Code of {@link AuthorizationResponseError}: the browser came back with an error of the authorization endpoint, such
 * as `access_denied`.
 *
 * @see RFC 6749, section 4.1.2.1
 */
export const AUTHORIZATION_RESPONSE_ERROR = 'OAUTH_AUTHORIZATION_RESPONSE_ERROR'

/**
 * Code of an {@link OperationProcessingError}: the client registered `userinfo_signed_response_alg`, and UserInfo came
 * unsigned.
 *
 * @see OpenID Connect Core 1.0, section 5.3.2
 */
export const JWT_USERINFO_EXPECTED = 'OAUTH_JWT_USERINFO_EXPECTED'

/**
 * Code of an {@link OperationProcessingError}: text that must be JSON, or base64url of JSON, is not, or a body broke
 * off.
 *
 * @see RFC 8259, section 2; RFC 7515, section 5.2
 */
export const PARSE_ERROR = 'OAUTH_PARSE_ERROR'

/**
 * Code of an {@link OperationProcessingError}: a member of an answer, or a claim of a JWT, is missing or malformed, or
 * a signature is not valid. The error's `rule` names the member.
 *
 * @see RFC 6749, section 5.1; RFC 7519, section 7.2
 */
export const INVALID_RESPONSE = 'OAUTH_INVALID_RESPONSE'

/**
 * Code of an {@link OperationProcessingError}: what a resource server received has no access token, or not one alone; what
 * a notification endpoint received is no callback of CIBA, or is not authenticated. Only {@link validateJwtAccessToken},
 * {@link validatePingCallback} and {@link validatePushCallback} use it.
 *
 * @see RFC 6750, section 2.1; CIBA Core 1.0, sections 9 to 12
 */
export const INVALID_REQUEST = 'OAUTH_INVALID_REQUEST'

/**
 * Code of an {@link OperationProcessingError}: the answer's media type is not the one that its specification demands;
 * often it is the HTML of a proxy.
 *
 * @see RFC 6749, sections 5.1 and 5.2
 */
export const RESPONSE_IS_NOT_JSON = 'OAUTH_RESPONSE_IS_NOT_JSON'

/**
 * Code of an {@link OperationProcessingError}: the answer's HTTP status is not the one that its specification demands,
 * and its body is no OAuth error.
 *
 * @see RFC 6749, section 5.1; RFC 8414, section 3.2
 */
export const RESPONSE_IS_NOT_CONFORM = 'OAUTH_RESPONSE_IS_NOT_CONFORM'

/**
 * Code of an {@link OperationProcessingError}: a request would have left without TLS; see
 * {@link allowInsecureRequests}.
 *
 * @see RFC 6749, section 1.6
 */
export const HTTP_REQUEST_FORBIDDEN = 'OAUTH_HTTP_REQUEST_FORBIDDEN'

/**
 * Code of an {@link OperationProcessingError}: a request would have left by another protocol than HTTP.
 *
 * @see RFC 9110, section 4.2
 */
export const REQUEST_PROTOCOL_FORBIDDEN = 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN'

/**
 * Code of an {@link OperationProcessingError}: a time claim of a JWT (`exp`, `nbf`, `iat`, `auth_time`) refuses the
 * present moment; see {@link clockSkew} and {@link clockTolerance}.
 *
 * @see RFC 7519, section 4.1; OpenID Connect Core 1.0, section 3.1.3.7
 */
export const JWT_TIMESTAMP_CHECK = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'

/**
 * Code of an {@link OperationProcessingError}: a claim of a JWT has another value than the one expected, such as the
 * `iss` of another server.
 *
 * @see RFC 7519, section 4.1; OpenID Connect Core 1.0, section 3.1.3.7
 */
export const JWT_CLAIM_COMPARISON = 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'

/**
 * Code of an {@link OperationProcessingError}: a member of a JSON answer has another value than the one expected, such
 * as the `issuer` of metadata, or the `sub` of UserInfo.
 *
 * @see OpenID Connect Discovery 1.0, section 4.3; OpenID Connect Core 1.0, section 5.3.2
 */
export const JSON_ATTRIBUTE_COMPARISON = 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'

/**
 * Code of an {@link OperationProcessingError}: no key of the server's JSON Web Key Set fits the signature, or several
 * do.
 *
 * @see OpenID Connect Core 1.0, section 10.1
 */
export const KEY_SELECTION = 'OAUTH_KEY_SELECTION_FAILED'

/**
 * Code of an {@link OperationProcessingError}: the server's metadata lack the endpoint that the operation needs.
 *
 * @see RFC 8414, section 2
 */
export const MISSING_SERVER_METADATA = 'OAUTH_MISSING_SERVER_METADATA'

/**
 * Code of an {@link OperationProcessingError}: the endpoint that the operation needs is no absolute URL in the server's
 * metadata.
 *
 * @see RFC 8414, section 2
 */
export const INVALID_SERVER_METADATA = 'OAUTH_INVALID_SERVER_METADATA'

/**
 * Code of an {@link OperationProcessingError}: a CIBA transaction or a device authorization has ended by itself, since
 * nobody has answered in time.
 *
 * @see CIBA Core 1.0, section 7.3; RFC 8628, section 3.2
 */
export const TRANSACTION_EXPIRED = 'OAUTH_TRANSACTION_EXPIRED'

/**
 * Code of an {@link OperationProcessingError}: a CIBA transaction or a device authorization has ended, and how is not
 * known: a token request went unanswered, and may have brought the tokens.
 *
 * @see CIBA Core 1.0, section 10.1.1
 */
export const ANSWER_LOST = 'OAUTH_ANSWER_LOST'

/**
 * Code of an {@link OperationProcessingError}: a request was not sent, because a specification forbids it as it was asked
 * for. The error's `spec` names the paragraph.
 *
 * @see CIBA Core 1.0, section 7.1; FAPI-CIBA, section 5.2.3.1
 */
export const REQUEST_FORBIDDEN = 'OAUTH_REQUEST_FORBIDDEN'

/**
 * The codes of everything that an answer, a server's metadata or a request can be refused for, stable: for programs to
 * compare, where messages are for people. They are those of oauth4webapi, and three of functions that it does not have.
 */
export type ErrorCode =
  | typeof ANSWER_LOST
  | typeof AUTHORIZATION_RESPONSE_ERROR
  | typeof HTTP_REQUEST_FORBIDDEN
  | typeof INVALID_REQUEST
  | typeof INVALID_RESPONSE
  | typeof INVALID_SERVER_METADATA
  | typeof JSON_ATTRIBUTE_COMPARISON
  | typeof JWT_CLAIM_COMPARISON
  | typeof JWT_TIMESTAMP_CHECK
  | typeof JWT_USERINFO_EXPECTED
  | typeof KEY_SELECTION
  | typeof MISSING_SERVER_METADATA
  | typeof PARSE_ERROR
  | typeof REQUEST_FORBIDDEN
  | typeof REQUEST_PROTOCOL_FORBIDDEN
  | typeof RESPONSE_BODY_ERROR
  | typeof RESPONSE_IS_NOT_CONFORM
  | typeof RESPONSE_IS_NOT_JSON
  | typeof TRANSACTION_EXPIRED
  | typeof UNSUPPORTED_OPERATION
  | typeof WWW_AUTHENTICATE_CHALLENGE

/**
 * The codes of a `TypeError` that a caller's own mistake causes, before anything is sent: an argument of the wrong
 * type, or of the right type with a value that cannot be.
 */
export type ArgumentErrorCode = 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE'
