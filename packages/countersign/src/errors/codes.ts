/** A protected resource or an endpoint answered with one or more `WWW-Authenticate` challenges. */
export const WWW_AUTHENTICATE_CHALLENGE = 'OAUTH_WWW_AUTHENTICATE_CHALLENGE'

/** The server answered with an OAuth error document (RFC 6749, section 5.2). */
export const RESPONSE_BODY_ERROR = 'OAUTH_RESPONSE_BODY_ERROR'

/** The answer or the request asks for something that this library does not support. */
export const UNSUPPORTED_OPERATION = 'OAUTH_UNSUPPORTED_OPERATION'

/** The authorization endpoint answered with an error (RFC 6749, section 4.1.2.1). */
export const AUTHORIZATION_RESPONSE_ERROR = 'OAUTH_AUTHORIZATION_RESPONSE_ERROR'

/** A signed UserInfo answer was asked for, and an unsigned one came. */
export const JWT_USERINFO_EXPECTED = 'OAUTH_JWT_USERINFO_EXPECTED'

/** Text that must be JSON, or base64url of JSON, is not. */
export const PARSE_ERROR = 'OAUTH_PARSE_ERROR'

/** A member of an answer is missing or malformed. */
export const INVALID_RESPONSE = 'OAUTH_INVALID_RESPONSE'

/** A member of a request that a resource server received is missing or malformed. */
export const INVALID_REQUEST = 'OAUTH_INVALID_REQUEST'

/** The answer's media type is not the one that its specification demands. */
export const RESPONSE_IS_NOT_JSON = 'OAUTH_RESPONSE_IS_NOT_JSON'

/** The answer's HTTP status is not the one that its specification demands. */
export const RESPONSE_IS_NOT_CONFORM = 'OAUTH_RESPONSE_IS_NOT_CONFORM'

/** A request would have left without TLS. */
export const HTTP_REQUEST_FORBIDDEN = 'OAUTH_HTTP_REQUEST_FORBIDDEN'

/** A request would have left by another protocol than HTTP. */
export const REQUEST_PROTOCOL_FORBIDDEN = 'OAUTH_REQUEST_PROTOCOL_FORBIDDEN'

/** A time claim of a JWT (`exp`, `nbf`, `iat`, `auth_time`) refuses the present moment. */
export const JWT_TIMESTAMP_CHECK = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'

/** A claim of a JWT has another value than the one expected. */
export const JWT_CLAIM_COMPARISON = 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'

/** A member of a JSON answer has another value than the one expected. */
export const JSON_ATTRIBUTE_COMPARISON = 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'

/** Not exactly one key of the JSON Web Key Set fits the signature. */
export const KEY_SELECTION = 'OAUTH_KEY_SELECTION_FAILED'

/** The server's metadata lacks a member that the operation needs. */
export const MISSING_SERVER_METADATA = 'OAUTH_MISSING_SERVER_METADATA'

/** A member of the server's metadata cannot be used. */
export const INVALID_SERVER_METADATA = 'OAUTH_INVALID_SERVER_METADATA'

/** The codes of everything that a server's answer, or its metadata, can be refused for. */
export type ErrorCode =
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
  | typeof REQUEST_PROTOCOL_FORBIDDEN
  | typeof RESPONSE_BODY_ERROR
  | typeof RESPONSE_IS_NOT_CONFORM
  | typeof RESPONSE_IS_NOT_JSON
  | typeof UNSUPPORTED_OPERATION
  | typeof WWW_AUTHENTICATE_CHALLENGE

/** The codes of a `TypeError` that a caller's own mistake causes. */
export type ArgumentErrorCode = 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE'
