import * as oauth from 'countersign'

/** What a caller can read from each class of error, and how each is made. */
export function describe(failure: unknown): unknown[] {
  if (failure instanceof oauth.ResponseBodyError) {
    const code: 'OAUTH_RESPONSE_BODY_ERROR' = failure.code
    const body: Record<string, oauth.JsonValue | undefined> = failure.cause
    return [code, body, failure.error, failure.error_description, failure.status, failure.response.headers]
  }
  if (failure instanceof oauth.WWWAuthenticateChallengeError) {
    const code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' = failure.code
    return [code, failure.status, failure.response.headers, ...failure.cause.map(read)]
  }
  if (failure instanceof oauth.OperationProcessingError) return [failure.code, failure.cause, failure.message]
  if (failure instanceof oauth.UnsupportedOperationError) return [failure.code.length, failure.cause, failure.name]
  return []
}

function read({ scheme, parameters, token68 }: oauth.WWWAuthenticateChallenge): unknown[] {
  const known: oauth.WWWAuthenticateChallengeParameters = parameters
  const registered = [known.realm, known.error, known.error_description, known.error_uri, known.algs, known.scope]
  return [scheme satisfies Lowercase<string>, token68, known.resource_metadata, known.own, ...registered]
}

export function make(response: Response): Error[] {
  const cause: oauth.OAuth2Error = {
    error: 'use_dpop_nonce',
    error_description: 'a description',
    error_uri: 'https://as.example/errors',
    algs: 'ES256',
    scope: 'openid',
    'a member of its own': 1,
  }
  const challenge: oauth.WWWAuthenticateChallenge = { scheme: 'dpop', parameters: { error: 'invalid_token' } }
  return [
    new oauth.ResponseBodyError('a sentence', { cause, response }),
    new oauth.WWWAuthenticateChallengeError('a sentence', { cause: [challenge], response }),
    new oauth.OperationProcessingError('a sentence'),
    new oauth.OperationProcessingError('a sentence', { cause: 'anything', code: oauth.PARSE_ERROR }),
    new oauth.UnsupportedOperationError('a sentence'),
    new oauth.UnsupportedOperationError('a sentence', { cause: response }),
  ]
}

/** Codes are literal types: a `switch` over them narrows. */
export function remedy(failure: oauth.OperationProcessingError): string {
  switch (failure.code) {
    case oauth.HTTP_REQUEST_FORBIDDEN:
    case oauth.REQUEST_PROTOCOL_FORBIDDEN:
      return 'use https'
    case oauth.MISSING_SERVER_METADATA:
    case oauth.INVALID_SERVER_METADATA:
      return 'complete the metadata'
    case oauth.JWT_TIMESTAMP_CHECK:
    case oauth.JWT_CLAIM_COMPARISON:
    case oauth.JSON_ATTRIBUTE_COMPARISON:
    case oauth.KEY_SELECTION:
    case oauth.JWT_USERINFO_EXPECTED:
      return 'do not trust the answer'
    case oauth.INVALID_REQUEST:
    case oauth.INVALID_RESPONSE:
    case oauth.RESPONSE_IS_NOT_CONFORM:
    case oauth.RESPONSE_IS_NOT_JSON:
    case oauth.PARSE_ERROR:
      return 'report the server'
    default:
      return 'read the message'
  }
}

export const codes = {
  body: oauth.RESPONSE_BODY_ERROR satisfies 'OAUTH_RESPONSE_BODY_ERROR',
  challenge: oauth.WWW_AUTHENTICATE_CHALLENGE satisfies 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
  authorization: oauth.AUTHORIZATION_RESPONSE_ERROR satisfies 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
  unsupported: oauth.UNSUPPORTED_OPERATION satisfies 'OAUTH_UNSUPPORTED_OPERATION',
}
